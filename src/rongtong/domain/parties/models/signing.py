"""What signing in keeps: second factors, sessions, one-time links, outside identities, and waits after failures."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone

from rongtong.domain.foundation.ids import new_id
from rongtong.domain.parties.models.accounts import Account
from rongtong.domain.parties.models.parties import Party


class PasswordHistory(models.Model):
    """A password that an account had, as its hash, so that it is not taken again."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="passwords")
    hash = models.CharField(max_length=200)
    set_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-set_at", "-id"]

    def __str__(self) -> str:
        return f"{self.account} {self.set_at:%Y-%m-%d}"


class SecondFactor(models.Model):
    """The secret of an account's one-time codes (RFC 6238), encrypted.

    ``drafted`` is a secret shown for enrolment but not yet confirmed by a code. ``last_step`` is the time step of the
    last code used: a code at or before it is a replay. A factor that was taken away keeps by whom and when.
    """

    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="second_factor")
    secret = models.TextField(blank=True)
    drafted = models.TextField(blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    last_step = models.BigIntegerField(default=0)
    reset_at = models.DateTimeField(null=True, blank=True)
    reset_by = models.BigIntegerField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.account} {'✓' if self.confirmed_at else '–'}"


class RecoveryCode(models.Model):
    """One of the ten codes for a lost device; only its digest is kept, and it opens once."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "digest"], name="recovery_code_once")]

    def __str__(self) -> str:
        return f"{self.account} {'used' if self.used_at else 'unused'}"


class SignIn(models.Model):
    """A session of an account: since when, from where, and whether it still holds.

    ``how`` is password, unified (the region's identity provider) or persona; ``two_factors`` says that a second one was
    shown; ``idle_minutes`` is how long it may rest; ``outside_token`` is what the identity provider is told at the end.
    """

    HOWS = ("password", "unified", "persona")
    ENDS = ("signed_out", "ended", "idle", "expired", "password", "inactive")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="sign_ins")
    how = models.CharField(max_length=10)
    two_factors = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)
    last_seen = models.DateTimeField(default=timezone.now)
    idle_minutes = models.PositiveSmallIntegerField()
    address = models.CharField(max_length=45, blank=True)
    agent = models.CharField(max_length=80, blank=True)
    outside_token = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_because = models.CharField(max_length=12, blank=True)

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["account", "ended_at"], name="sign_in_by_account")]

    def __str__(self) -> str:
        return f"{self.account} {self.created_at:%Y-%m-%d %H:%M}"


class OneTimeLink(models.Model):
    """A link that lets its holder do one thing once: accept an invitation, or choose a new password.

    Only the digest of what stands in the link is kept. An invitation confers ``role`` for ``party`` or within
    ``region``, until ``ends``.
    """

    INVITATION, RESET = "invitation", "reset"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    purpose = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    account = models.ForeignKey(Account, null=True, blank=True, on_delete=models.CASCADE, related_name="links")
    email = models.EmailField(blank=True)
    name = models.CharField(max_length=100, blank=True)
    party = models.ForeignKey(Party, null=True, blank=True, on_delete=models.CASCADE, related_name="links")
    role = models.CharField(max_length=16, blank=True)
    region = models.CharField(max_length=6, blank=True)
    ends = models.DateField(null=True, blank=True)
    issued_by = models.ForeignKey(Account, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    issued_by_name = models.CharField(max_length=100, blank=True)
    issued_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-issued_at"]
        indexes = [models.Index(fields=["party", "purpose"], name="link_by_party")]

    def __str__(self) -> str:
        return f"{self.purpose} {self.account or self.name or self.email}"

    @property
    def open(self) -> bool:
        """Whether it may still be used."""
        return self.used_at is None and self.revoked_at is None and self.expires_at > timezone.now()

    @staticmethod
    def still_open(now: datetime) -> Q:
        """The links that may still be used at ``now``."""
        return Q(used_at__isnull=True, revoked_at__isnull=True, expires_at__gt=now)


class OutsideIdentity(models.Model):
    """Who an account is to the region's unified identity provider: the issuer and its name for the person."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="outside_identities")
    issuer = models.CharField(max_length=200)
    subject = models.CharField(max_length=255)
    bound_at = models.DateTimeField(default=timezone.now)
    bound_by = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["issuer", "subject"], name="outside_identity_once")]

    def __str__(self) -> str:
        return f"{self.account} @ {self.issuer}"


class Wait(models.Model):
    """Failures to sign in under one key (a digest of name and address, or of a device), and until when to wait."""

    key = models.CharField(primary_key=True, max_length=64)
    failures = models.PositiveIntegerField(default=0)
    until = models.DateTimeField(null=True, blank=True)
    since = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self) -> str:
        return f"{self.failures} until {self.until}"
