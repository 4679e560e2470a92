"""Organisations, people, and what ties them."""

from django.db import models
from django.db.models import F, Q

from rongtong.domain.foundation.ids import new_id
from rongtong.domain.foundation.words import Words

ORGANISATION_TYPES: dict[str, Words] = {
    "enterprise": Words("企业", "Enterprise"),
    "university": Words("高等学校", "University"),
    "institute": Words("科研院所", "Research institute"),
    "new_rd": Words("新型研发机构", "New-type R&D institution"),
    "government": Words("政府部门", "Government body"),
    "zone": Words("园区", "Zone"),
    "bank": Words("银行", "Bank"),
    "fund": Words("基金", "Fund"),
    "insurer": Words("保险机构", "Insurer"),
    "guarantor": Words("担保机构", "Guarantor"),
    "intermediary": Words("技术转移机构", "Technology-transfer intermediary"),
    "pilot_operator": Words("中试平台运营单位", "Pilot-platform operator"),
    "association": Words("社会组织", "Association"),
    "medical": Words("医疗机构", "Medical institution"),
}
AFFILIATION_ROLES: dict[str, Words] = {
    "employee": Words("在职", "Employee"),
    "legal_representative": Words("法定代表人", "Legal representative"),
    "director": Words("董事", "Director"),
    "supervisor": Words("监事", "Supervisor"),
    "shareholder": Words("股东", "Shareholder"),
    "adviser": Words("顾问", "Adviser"),
    "student": Words("学生", "Student"),
    "technology_manager": Words("技术经理人", "Technology manager"),
    "part_of": Words("下属单位", "Part of"),
}


class Party(models.Model):
    """An organisation or a person; everything that is owned, asked for or answered belongs to one."""

    KINDS = {"organisation": Words("单位", "Organisation"), "person": Words("个人", "Person")}

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=16)
    organisation_type = models.CharField(max_length=24, blank=True)
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    uscc = models.CharField(max_length=18, blank=True)
    orcid = models.CharField(max_length=19, blank=True)
    title = models.CharField(max_length=100, blank=True)
    region = models.CharField(max_length=6, blank=True)
    industry = models.CharField(max_length=8, blank=True)
    established = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=16, default="active")
    source = models.CharField(max_length=120, blank=True)
    external_id = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["uscc"], condition=~Q(uscc=""), name="party_uscc_once"),
            models.UniqueConstraint(
                fields=["source", "external_id"], condition=~Q(external_id=""), name="party_external_once"
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "organisation_type", "name"], name="party_by_type"),
            models.Index(fields=["external_id"], name="party_by_external_id"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def type_label(self) -> Words:
        return ORGANISATION_TYPES.get(self.organisation_type) or self.KINDS[self.kind]


class Affiliation(models.Model):
    """That a person (or an organisation) stood in a role to an organisation for a period; ends are never erased."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    member = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="affiliations")
    organisation = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="members")
    role = models.CharField(max_length=24)
    starts = models.DateField(null=True, blank=True)
    ends = models.DateField(null=True, blank=True)
    evidence = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["starts", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(starts__isnull=True) | Q(ends__gte=F("starts")),
                name="affiliation_ends_after_start",
            )
        ]

    def __str__(self) -> str:
        return f"{self.member} · {AFFILIATION_ROLES[self.role]} · {self.organisation}"
