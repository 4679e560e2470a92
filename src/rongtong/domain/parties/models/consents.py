"""What somebody agreed may be done with their data: for which purpose, given to whom, how long."""

from django.db import models
from django.utils import timezone

from rongtong.domain.foundation.ids import new_id
from rongtong.domain.foundation.words import Words
from rongtong.domain.parties.models.parties import Party

PURPOSES: dict[str, Words] = {
    "account": Words("阅读个人信息处理告知，建立账号并办理业务", "Read the notice on personal data, keep an account"),
    "innovation_points": Words("查看企业创新积分，用于授信、增信和投资研判", "Read innovation points, to judge credit"),
    "expert_listing": Words("把本人资料列入专家库并公开", "List one's profile among the experts, in public"),
    "profile_matching": Words("由平台依据本人资料自动推荐", "Let the platform propose one by one's profile"),
    "statistics": Words("用于不能识别到个人或单位的统计", "Count in statistics that identify nobody"),
}  # fmt: skip


class Consent(models.Model):
    """That ``subject`` agreed to ``purpose``, towards ``recipient`` (None: the platform), from–to, both inclusive.

    ``wording`` is the sentence that was agreed to. Withdrawn consents stay, with the moment.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subject = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="consents_given")
    recipient = models.ForeignKey(
        Party, null=True, blank=True, on_delete=models.PROTECT, related_name="consents_received"
    )
    purpose = models.CharField(max_length=32)
    wording = models.CharField(max_length=500)
    starts = models.DateField()
    ends = models.DateField(null=True, blank=True)
    given_by = models.CharField(max_length=100)
    given_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.CharField(max_length=100, blank=True)

    class Meta:
        ordering = ["-given_at", "-id"]
        indexes = [
            models.Index(fields=["subject", "purpose"], name="consent_by_subject"),
            models.Index(fields=["recipient", "purpose"], name="consent_by_recipient"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} · {PURPOSES[self.purpose]} · {self.recipient or ''}"
