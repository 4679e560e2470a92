"""Messages, how somebody wants them sent, what was sent, and the addresses of calendars."""

from django.db import models

from rongtong.domain.foundation import clock
from rongtong.domain.foundation.ids import new_id
from rongtong.domain.parties.models import Account


class Message(models.Model):
    """That something happened which concerns an account, in the seat ``seat`` ("" for the person in any of them).

    ``key`` names the sentence (:mod:`telling`), ``title`` what it is about; ``public`` says whether that title may
    leave the house in a mail, ``detail`` never does. ``kind`` and ``entity`` are the record, read under its own rights.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="messages")
    seat = models.CharField(max_length=48, blank=True)
    key = models.CharField(max_length=60)
    title = models.CharField(max_length=200, blank=True)
    public = models.BooleanField(default=False)
    detail = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=80)
    entity = models.CharField(max_length=64)
    at = models.DateTimeField(default=clock.now)
    read_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["account", "-at"], name="message_by_account"),
            models.Index(fields=["account", "read_at"], name="message_unread"),
            models.Index(fields=["at"], name="message_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.key} · {self.title}"


class Delivery(models.Model):
    """How often an account wants a mail; ``looked_on`` is the last day on which there was a look what to send."""

    HOW_OFTEN = ("daily", "weekly", "none")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="delivery")
    often = models.CharField(max_length=8, default="daily")
    looked_on = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "deliveries"

    def __str__(self) -> str:
        return f"{self.account} · {self.often}"


class Digest(models.Model):
    """The one mail of an account on a day. Of one neither sent nor failed nobody knows whether it went."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="digests")
    day = models.DateField()
    attempts = models.PositiveSmallIntegerField(default=1)
    begun_at = models.DateTimeField(default=clock.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-day"]
        constraints = [models.UniqueConstraint(fields=["account", "day"], name="digest_once_a_day")]

    def __str__(self) -> str:
        return f"{self.account} · {self.day}"


class Feed(models.Model):
    """A secret address of an account's calendar in one of its seats; only its hash is kept."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="feeds")
    seat = models.CharField(max_length=48, blank=True)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.account} · {self.seat}"
