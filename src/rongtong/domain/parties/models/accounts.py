"""What one signs in with, and in which roles one may act."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone

from rongtong.domain.foundation.actors import Role
from rongtong.domain.foundation.ids import new_id
from rongtong.domain.parties.models.parties import Party


class AccountManager(BaseUserManager["Account"]):
    """Looks accounts up by user name; making one is an action."""


class Account(AbstractBaseUser):
    """Something one signs in with: a person, and the language they read.

    ``email`` is a confirmed address: it stands here only once a link sent to it has been used.
    """

    username = models.CharField(max_length=80, unique=True)
    person = models.ForeignKey(Party, null=True, blank=True, on_delete=models.PROTECT, related_name="accounts")
    display_name = models.CharField(max_length=100)
    description = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=8, blank=True)
    email = models.EmailField(blank=True)
    is_active = models.BooleanField(default=True)
    is_sample = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[AccountManager] = AccountManager()

    def __str__(self) -> str:
        return self.display_name


class ApiKey(models.Model):
    """A key for the API: only its hash is kept; the prefix lets its owner recognise it.

    It acts in the seat in which it was made, and in none when that seat has ended.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="api_keys")
    label = models.CharField(max_length=80)
    seat = models.CharField(max_length=48, blank=True)
    prefix = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.label} ({self.prefix}…)"


class RoleGrant(models.Model):
    """That an account may act in a role, for a party, within a region, for a period.

    It is never deleted: one that was ended before its time says when, by whom and why. The two ``_by_account`` are the
    numbers of accounts, which outlive them.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(max_length=16, choices=[(role.value, role.value) for role in Role])
    party = models.ForeignKey(Party, null=True, blank=True, on_delete=models.PROTECT, related_name="grants")
    region = models.CharField(max_length=6, blank=True)
    starts = models.DateField()
    ends = models.DateField(null=True, blank=True)
    granted_at = models.DateTimeField(default=timezone.now)
    granted_by = models.CharField(max_length=100, blank=True)
    granted_by_account = models.BigIntegerField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=100, blank=True)
    ended_by_account = models.BigIntegerField(null=True, blank=True)
    end_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["starts", "id"]
        indexes = [models.Index(fields=["role", "ended_at"], name="grant_by_role")]

    def __str__(self) -> str:
        return f"{self.account} · {self.role} · {self.party or self.region}"
