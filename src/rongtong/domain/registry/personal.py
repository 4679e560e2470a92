"""What the register holds of a person: their records, what they wrote, where organisations name them as contact."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from rongtong.domain.foundation import audit
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.documents.actions import let_go
from rongtong.domain.foundation.documents.queries import ever_held_by, held_by
from rongtong.domain.foundation.models import Document
from rongtong.domain.foundation.naming import name_events
from rongtong.domain.foundation.visibility import Visibility
from rongtong.domain.foundation.words import Words
from rongtong.domain.parties.consent.ending import when_ended
from rongtong.domain.parties.models import Account, Affiliation, Party
from rongtong.domain.parties.personal.parts import Part, Rows, contribute
from rongtong.domain.registry.models import ImportJob, Resource
from rongtong.domain.registry.persons import LISTING, person_kinds, records_of

ERASED = "已删除的%s记录"
BECAUSE = "本人要求删除个人信息"
CONTACT = "contact"


def _records(person: Party, accounts: list[Account]) -> Rows:
    return [
        {
            "kind": record.declaration.label.zh,
            "title": record.shown_title,
            "state": record.state,
            "kept_by": record.owner.name if record.owner else "",
            "values": _told(record, person),
            "documents": [document.name for document in _documents(record, person)],
        }
        for record in records_of(person).select_related("owner")
    ]


def _told(record: Resource, person: Party) -> dict[str, Any]:
    """What is not sealed of one's own record; of one that an organisation keeps, what everybody may read.

    The record of an organisation may say more of others than of the person; its closed part is asked for like any.
    """
    if record.sealed:
        return {}
    if record.owner_id != person.pk:
        names = record.public_fields
    else:
        fields = record.declaration.fields
        names = frozenset(f.name for f in fields if record.class_of(f.name) != Visibility.SEALED)
    return dict(record.declaration.readable(record.values, names))


def _documents(record: Resource, person: Party) -> list[Document]:
    found = held_by(record) if record.owner_id == person.pk else held_by(record).filter(visibility=Visibility.PUBLIC)
    return [] if record.sealed else list(found)


def _written(person: Party, accounts: list[Account]) -> Rows:
    rows = _authored(accounts).order_by("-created_at")
    return [{"kind": each.kind, "record": str(each.pk), "at": each.created_at} for each in rows]


def _count_written(person: Party, accounts: list[Account]) -> int:
    return _authored(accounts).count()


def _authored(accounts: list[Account]) -> QuerySet[Resource]:
    return Resource.objects.filter(author__in=[account.pk for account in accounts])


def _contacts(person: Party, accounts: list[Account]) -> Rows:
    return [
        {"kind": each.kind, "record": str(each.pk), "contact": each.values[CONTACT]}
        for each in _naming(person)
        if each.class_of(CONTACT) != Visibility.SEALED and not each.sealed
    ]


def _naming(person: Party) -> QuerySet[Resource]:
    """The records of the person's organisations that name them as whom to ask."""
    organisations = Affiliation.objects.filter(member=person).values("organisation")
    return Resource.objects.filter(owner__in=organisations, **{f"values__{CONTACT}__icontains": person.name})


def _imports(person: Party, accounts: list[Account]) -> Rows:
    rows = ImportJob.objects.filter(account__in=[account.pk for account in accounts])
    return [{"file": each.file_name, "kind": each.kind, "at": each.created_at} for each in rows]


def _erase_records(actor: Actor, person: Party) -> int:
    found = list(records_of(person).select_for_update())
    for record in found:
        _empty(actor, record)
    return len(found)


def _empty(actor: Actor, record: Resource) -> None:
    """Leave the shell of a record: that there was one, whose, and what became of it; nothing of what it said."""
    record.title, record.title_en = ERASED % record.declaration.label.zh, ""
    record.values, record.closed, record.opens_at, record.blind = {}, {}, None, False
    record.visibility = Visibility.OWNER
    record.source, record.external_id = "", ""
    record.state, record.state_since = "withdrawn", timezone.now()
    record.fill_columns()
    record.fingerprint, record.completeness = 0, 0
    record.revision += 1
    record.save()
    documents = [let_go(document, BECAUSE) for document in ever_held_by(record)]
    audit.record(actor, "registry.erase_resource", record, reason=BECAUSE, documents=documents)


def _erase_contacts(actor: Actor, person: Party) -> int:
    found = list(_naming(person).select_for_update())
    for record in found:
        del record.values[CONTACT]
        record.closed.pop(CONTACT, None)
        record.fill_columns()
        record.revision += 1
        record.save()
        audit.record(actor, "registry.erase_contact", record, reason=BECAUSE)
    return len(found)


def _take_from_list(actor: Actor, person: Party) -> None:
    """Whoever no longer agrees to stand among the experts in public is read by members alone, from this moment on."""
    profiles = records_of(person).filter(kind__in=person_kinds(), visibility=Visibility.PUBLIC)
    for record in profiles.select_for_update():
        record.visibility = Visibility.MEMBERS
        record.fill_columns()
        record.revision += 1
        record.save()
        audit.record(actor, "registry.unlist_person", record, visibility=str(record.visibility))


when_ended(LISTING, _take_from_list)
name_events(
    {
        "registry.erase_resource": Words("删除个人的记录", "Erase a person's record"),
        "registry.unlist_person": Words("撤回公开的个人资料", "Take a person's profile from the public list"),
        "registry.erase_contact": Words("删除记录中的联系人", "Erase a contact from a record"),
    }
)
NAMELESS = Words(
    "记录属于所在单位，保留内容；填报人的姓名去掉", "The record is its organisation's; its writer's name goes"
)
contribute(Part("records", Words("关于本人的记录", "Records about oneself"), _records, _erase_records))
contribute(
    Part("contacts", Words("写有本人姓名的联系方式", "Where one is named as contact"), _contacts, _erase_contacts)
)
contribute(Part("written", Words("填报的记录", "Records one wrote"), _written, None, NAMELESS, _count_written))
contribute(Part("imports", Words("导入的文件", "Files one brought in"), _imports, None, NAMELESS))
