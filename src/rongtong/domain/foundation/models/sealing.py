"""What is stored of sealed envelopes: ciphertext, wrapped keys, signatures. Binary values stand in base64."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from rongtong.domain.foundation.ids import new_id


class SealKey(models.Model):
    """An officer's key for openings: the private half is locked with a passphrase that the platform never keeps.

    ``locked`` is the private half with the parameters it was locked by; ``endorsement`` the installation's signature
    over holder and public half, so that a key slipped into the database is not taken for an officer's.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.BigIntegerField()
    holder_name = models.CharField(max_length=100)
    suite = models.CharField(max_length=40)
    public_key = models.TextField()
    locked = models.JSONField()
    endorsement = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_because = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["account"], condition=Q(revoked_at__isnull=True), name="one_seal_key_each")
        ]

    def __str__(self) -> str:
        return self.holder_name


class SealedBox(models.Model):
    """What the envelopes of one call are put into: nobody opens it before its hour, and nobody alone.

    ``wrapped_key`` is the private key under the officers' secret and the hour's part together; ``hour_part`` the
    latter under the platform's key. Both are emptied at the opening and when the box is abandoned.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    title = models.CharField(max_length=200)
    subject_kind = models.CharField(max_length=80, blank=True)
    subject_id = models.CharField(max_length=64, blank=True)
    closes_at = models.DateTimeField()
    opens_at = models.DateTimeField()
    show_count = models.BooleanField(default=False)
    suite = models.CharField(max_length=40)
    public_key = models.TextField()
    wrapped_key = models.TextField(blank=True)
    hour_part = models.TextField(blank=True)
    signature = models.TextField()
    state = models.CharField(max_length=16, default="open")
    state_since = models.DateTimeField(auto_now_add=True)
    created_by = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(condition=Q(opens_at__gte=models.F("closes_at")), name="box_opens_after_it_closes")
        ]
        indexes = [
            models.Index(fields=["subject_kind", "subject_id"], name="box_by_subject"),
            models.Index(fields=["state", "closes_at"], name="box_by_state"),
        ]

    def __str__(self) -> str:
        return self.title


class BoxCustodian(models.Model):
    """That an officer with a key may take part in the opening of a box."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    box = models.ForeignKey(SealedBox, on_delete=models.PROTECT, related_name="custodians")
    key = models.ForeignKey(SealKey, on_delete=models.PROTECT, related_name="boxes")
    account = models.BigIntegerField()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["box", "account"], name="custodian_of_a_box_once")]

    def __str__(self) -> str:
        return f"{self.key} · {self.box}"


class BoxShare(models.Model):
    """The officers' secret for one pair of custodians: two halves, each sealed to one of them."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    box = models.ForeignKey(SealedBox, on_delete=models.PROTECT, related_name="shares")
    first = models.ForeignKey(SealKey, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(SealKey, on_delete=models.PROTECT, related_name="+")
    half_for_first = models.TextField()
    half_for_second = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["box", "first", "second"], name="share_of_a_pair_once")]

    def __str__(self) -> str:
        return f"{self.first} + {self.second}"


class Envelope(models.Model):
    """Something sealed for a box: the ciphertext is a file, here stands what proves and unlocks it.

    ``content_key`` is the file's key sealed to the box; ``opened_key`` the same under the platform's key, from the
    opening on. ``state_signature`` is the installation's word that ``state`` came about by its own action.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    box = models.ForeignKey(SealedBox, on_delete=models.PROTECT, related_name="envelopes")
    party = models.UUIDField()
    party_name = models.CharField(max_length=200)
    account = models.BigIntegerField(null=True)
    token = models.CharField(max_length=64)
    version = models.PositiveIntegerField(default=1)
    replaces = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="replaced_by")
    sealed_at = models.DateTimeField()
    size = models.BigIntegerField()
    ciphertext_hash = models.CharField(max_length=64)
    commitment = models.CharField(max_length=64)
    content_key = models.TextField()
    issuer = models.CharField(max_length=64)
    signature = models.TextField()
    state = models.CharField(max_length=16, default="sealed")
    state_since = models.DateTimeField()
    state_signature = models.TextField(blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    opened_key = models.TextField(blank=True)

    class Meta:
        ordering = ["sealed_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["box", "party", "token"], name="envelope_of_a_token_once"),
            models.UniqueConstraint(
                fields=["box", "party"], condition=Q(state="sealed"), name="one_sealed_envelope_each"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class OpeningProtocol(models.Model):
    """The record of an opening: who, when, what was checked, what became of each envelope. Written once.

    ``checks`` lists what was found before the first envelope, ``results`` one entry for each envelope; ``root`` is the
    hash over both, ``signature`` the installation's over the whole.
    """

    RESULTS: ClassVar[tuple[str, ...]] = ("opened", "damaged", "altered", "missing", "withdrawn", "replaced")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    box = models.OneToOneField(SealedBox, on_delete=models.PROTECT, related_name="protocol")
    opened_at = models.DateTimeField()
    officers = models.JSONField()
    checks = models.JSONField()
    results = models.JSONField()
    root = models.CharField(max_length=64)
    issuer = models.CharField(max_length=64)
    signature = models.TextField()

    def __str__(self) -> str:
        return str(self.box)
