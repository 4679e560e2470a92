"""What a person asks about their own data: to have it erased, or to have a human look at a machine's judgement."""

from django.db import models
from django.utils import timezone

from rongtong.domain.foundation.ids import new_id
from rongtong.domain.foundation.words import Words
from rongtong.domain.parties.models.parties import Party

REQUESTS: dict[str, Words] = {
    "erasure": Words("删除个人信息", "Erase personal data"),
    "correction": Words("更正个人信息", "Correct personal data"),
    "explanation": Words("说明并人工复核机器评价", "Explain a machine's judgement and have a person decide"),
}


class PersonalRequest(models.Model):
    """A request of ``person`` about their own data (Personal Information Protection Law, arts. 24 and 44–47).

    ``about`` is the kind and identifier of the record it concerns, where there is one; ``answer`` what staff replied.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="personal_requests")
    account = models.BigIntegerField()
    kind = models.CharField(max_length=16)
    about = models.CharField(max_length=120, blank=True)
    text = models.CharField(max_length=2000, blank=True)
    state = models.CharField(max_length=16, default="asked")
    state_since = models.DateTimeField(default=timezone.now)
    answer = models.CharField(max_length=2000, blank=True)
    answered_by = models.CharField(max_length=100, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return f"{REQUESTS[self.kind]}"

    @property
    def kind_label(self) -> Words:
        """What is asked for, in words."""
        return REQUESTS[self.kind]
