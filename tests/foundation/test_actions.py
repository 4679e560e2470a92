"""Every action leaves at least one audit event, written with it or not at all."""

import datetime as dt
import inspect
import io
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.utils import timezone

from rongtong.domain.foundation import audit, keeping
from rongtong.domain.foundation.actions import all_actions
from rongtong.domain.foundation.actors import Role
from rongtong.domain.foundation.documents.actions import erase_document, withdraw_document
from rongtong.domain.foundation.models import AuditEvent, Document
from rongtong.domain.leads.actions import advance_lead, give_feedback
from rongtong.domain.leads.blind import propose_blind
from rongtong.domain.parties.actions import revoke_api_key, set_language, update_party
from rongtong.domain.parties.membership import end_role, restore_account, suspend_account
from rongtong.domain.parties.queries import actor_of
from rongtong.domain.registry.actions import advance_resource, consent_blind, unseal_resource, update_resource
from rongtong.domain.registry.disclosing import actions as disclosing
from rongtong.domain.registry.disclosing import agreement
from rongtong.domain.registry.exchange import actions as exchange
from rongtong.domain.registry.exchange import jobs
from rongtong.domain.registry.models import Disclosure, ImportJob, Resource
from tests import factories as make
from tests.assessments.factories import ASSESSMENTS
from tests.foundation.sealing.performed import SEALING
from tests.mailbox.performed import MAILBOX
from tests.parties.performed import PERSONAL
from tests.parties.signing.performed import SIGNING
from tests.programmes.performed import CHALLENGES


def _update_party() -> object:
    party = make.PartyFactory()
    return update_party(actor=make.PLATFORM, party=party, title="改名")


def _set_language() -> object:
    account = make.AccountFactory()
    return set_language(actor=actor_of(account), account=account, language="en")


def _revoke_api_key() -> object:
    key = make.ApiKeyFactory()
    return revoke_api_key(actor=actor_of(key.account), key=key)


def _update_resource() -> object:
    return update_resource(actor=make.officer(), record=make.ResourceFactory(), values=make.DEMAND)


def _advance_resource() -> object:
    return advance_resource(actor=make.officer(), record=make.ResourceFactory(), event="archive", reason="理由")


def _advance_lead() -> object:
    return advance_lead(actor=make.officer(), lead=make.LeadFactory(), event="introduce")


def _give_feedback() -> object:
    pair = {"demand": make.ResourceFactory(), "candidate": make.AchievementFactory()}
    return give_feedback(actor=make.member(), verdict="useful", **pair)


def _end_role() -> object:
    return end_role(actor=make.PLATFORM, grant=make.RoleGrantFactory(), reason="离职")


def _suspend_account() -> object:
    return suspend_account(actor=make.PLATFORM, account=make.AccountFactory(), reason="长期不用")


def _restore_account() -> object:
    return restore_account(actor=make.PLATFORM, account=_suspend_account(), reason="回来了")


def _export_audit() -> object:
    make.PartyFactory()
    with tempfile.TemporaryDirectory() as folder:
        return keeping.export_audit(actor=make.PLATFORM, stream=audit.ACTS, folder=Path(folder))


def _prune_audit() -> object:
    audit.note(make.PLATFORM, "signed_in")
    return keeping.prune_audit(actor=make.PLATFORM, now=timezone.now() + dt.timedelta(days=5000))


SHEET = f"需求名称,要解决的问题,外部编号\n石灰窑出灰,{make.DEMAND['problem']},D1\n"


def _upload() -> ImportJob:
    file = io.BytesIO(SHEET.encode())
    return exchange.upload_file(actor=make.PLATFORM, kind="demand", file=file, name="需求.csv", no_secrets=True)


def _map_columns() -> ImportJob:
    job = _upload()
    return exchange.map_columns(actor=make.PLATFORM, job=job, columns=job.columns)


def _check_import() -> ImportJob:
    return jobs.run(_upload())


def _confirm_import() -> ImportJob:
    return exchange.confirm_import(actor=make.PLATFORM, job=_check_import())


def _cancel_import() -> ImportJob:
    return exchange.cancel_import(actor=make.PLATFORM, job=_upload())


def _import_records() -> ImportJob:
    return jobs.run(_confirm_import())


def _withdraw_document() -> Document:
    document = make.DocumentFactory()
    return withdraw_document(actor=make.PLATFORM, document=document, reason="传错了")


def _erase_document() -> Document:
    withdrawn = _withdraw_document()
    Document.objects.filter(pk=withdrawn.pk).update(retain_until="2020-01-01")
    return erase_document(actor=make.PLATFORM, document=withdrawn)


def _layered() -> Resource:
    return make.ResourceFactory(closed={"budget": "owner"})


def _ask_disclosure() -> Disclosure:
    accepts = agreement.version()
    return disclosing.ask_disclosure(actor=make.member(), record=_layered(), purpose="评估", accepts=accepts)


def _grant_disclosure() -> Disclosure:
    asked, ends = _ask_disclosure(), timezone.now() + dt.timedelta(days=7)
    decider = make.administrator(asked.record.owner)
    return disclosing.grant_disclosure(actor=decider, disclosure=asked, fields=["budget"], ends=ends)


def _advance_disclosure() -> Disclosure:
    given = _grant_disclosure()
    decider = make.administrator(given.record.owner)
    return disclosing.advance_disclosure(actor=decider, disclosure=given, event="revoke", reason="另有安排")


def _convene_reader() -> Disclosure:
    account = make.RoleGrantFactory(role=Role.EXPERT, party=None).account
    ends = timezone.now() + dt.timedelta(days=7)
    return disclosing.convene_reader(
        actor=make.officer(), record=_layered(), account=account, ends=ends, purpose="论证"
    )


def _consent_blind() -> object:
    record = _layered()
    return consent_blind(actor=make.member(record.owner), record=record, agrees=True)


def _unseal_resource() -> object:
    record = make.ResourceFactory(closed={"budget": "sealed"}, opens_at=timezone.now() + dt.timedelta(days=1))
    Resource.objects.filter(pk=record.pk).update(opens_at=timezone.now())
    return unseal_resource(actor=make.PLATFORM, record=record)


PERFORMED: dict[str, Callable[[], object]] = {
    "parties.register_party": make.PartyFactory,
    "parties.update_party": _update_party,
    "parties.add_affiliation": make.AffiliationFactory,
    "parties.create_account": make.AccountFactory,
    "parties.grant_role": make.RoleGrantFactory,
    "parties.end_role": _end_role,
    "parties.suspend_account": _suspend_account,
    "parties.restore_account": _restore_account,
    "parties.set_language": _set_language,
    "parties.create_api_key": make.ApiKeyFactory,
    "parties.revoke_api_key": _revoke_api_key,
    "registry.create_resource": make.ResourceFactory,
    "registry.update_resource": _update_resource,
    "registry.advance_resource": _advance_resource,
    "registry.ask_disclosure": _ask_disclosure,
    "registry.grant_disclosure": _grant_disclosure,
    "registry.advance_disclosure": _advance_disclosure,
    "registry.convene_reader": _convene_reader,
    "registry.consent_blind": _consent_blind,
    "registry.unseal_resource": _unseal_resource,
    "registry.upload_file": _upload,
    "registry.map_columns": _map_columns,
    "registry.confirm_import": _confirm_import,
    "registry.cancel_import": _cancel_import,
    "registry.move_import": _check_import,
    "registry.import_records": _import_records,
    "foundation.attach_document": make.DocumentFactory,
    "foundation.withdraw_document": _withdraw_document,
    "foundation.erase_document": _erase_document,
    "leads.propose_lead": make.LeadFactory,
    "leads.propose_blind": lambda: propose_blind(actor=make.PLATFORM, demand=_layered()),
    "leads.advance_lead": _advance_lead,
    "leads.give_feedback": _give_feedback,
    **ASSESSMENTS,
    **SEALING,
    **SIGNING,
    **PERSONAL,
    **MAILBOX,
    **CHALLENGES,
    "foundation.export_audit": _export_audit,
    "foundation.prune_audit": _prune_audit,
}


BY_THE_PLATFORM = {"registry.move_import", "assessments.move_run"}
"""Nobody asks for these: the platform takes them itself and is named as who did."""


def known() -> dict[str, Callable[..., object]]:
    return {name: call for name, call in all_actions().items() if not name.startswith("tests.")}


def test_every_action_is_tried() -> None:
    assert set(known()) == set(PERFORMED)


@pytest.mark.django_db
@pytest.mark.parametrize("name", PERFORMED)
def test_an_action_leaves_its_event(name: str) -> None:
    PERFORMED[name]()
    assert AuditEvent.objects.filter(action__startswith=name.split(".")[0]).exists()


def test_every_action_names_its_actor_by_keyword() -> None:
    for name, call in known().items():
        parameters = inspect.signature(call).parameters
        assert all(parameter.kind is not parameter.POSITIONAL_OR_KEYWORD for parameter in parameters.values()), name
        assert "actor" in parameters or name in BY_THE_PLATFORM, name
