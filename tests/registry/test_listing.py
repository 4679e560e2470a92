"""A profile stands in public while its person agrees; from the withdrawal on members alone read it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rongtong.domain.foundation import audit
from rongtong.domain.foundation.access import allows
from rongtong.domain.foundation.actors import VISITOR
from rongtong.domain.foundation.errors import Invalid
from rongtong.domain.parties.consent.actions import decline_purpose, give_consent, withdraw_consent
from rongtong.domain.parties.models import Account, Party
from rongtong.domain.parties.queries import actor_of
from rongtong.domain.registry.actions import update_resource
from rongtong.domain.registry.exchange import jobs
from rongtong.domain.registry.models import Resource
from rongtong.domain.registry.persons import LISTING
from tests import factories as make
from tests.registry.files import as_csv, upload

pytestmark = pytest.mark.django_db
ORCID = "0000-0002-1825-0097"


def account() -> Account:
    return make.AccountFactory(person=make.PersonFactory(orcid=ORCID))


def profile(owner: Party, **facts: object) -> Resource:
    values = {"expertise": "石灰窑高温物料自动出灰", "orcid": ORCID}
    return make.ResourceFactory(kind="expert", title="沈若溪", values=values, owner=owner, **facts)


def seen(record: Resource) -> list[bool]:
    """Whether a visitor and whether a member may read it."""
    fresh = Resource.objects.get(pk=record.pk)
    return [bool(allows(actor, "view", fresh)) for actor in (VISITOR, make.member())]


def test_withdrawn_consent_takes_the_profile_from_the_public_at_once() -> None:
    who = account()
    university = make.AffiliationFactory(member=who.person).organisation
    own, described, another = profile(who.person), profile(university), profile(make.PersonFactory())
    consent = give_consent(actor=actor_of(who), subject=who.person, purpose=LISTING)
    withdraw_consent(actor=actor_of(who), consent=consent)
    assert [seen(each) for each in (own, described, another)] == [[False, True], [False, True], [True, True]]
    assert "registry.unlist_person" in audit.history(own.pk).values_list("action", flat=True)


def test_it_stays_while_another_consent_holds() -> None:
    who = account()
    own = profile(who.person)
    first = give_consent(actor=actor_of(who), subject=who.person, purpose=LISTING)
    give_consent(actor=actor_of(who), subject=who.person, purpose=LISTING, version="2")
    withdraw_consent(actor=actor_of(who), consent=first)
    assert seen(own) == [True, True]


def test_nobody_makes_it_public_again_before_the_person_agrees() -> None:
    who = account()
    university = make.AffiliationFactory(member=who.person).organisation
    described = profile(university)
    decline_purpose(actor=actor_of(who), subject=who.person, purpose=LISTING)
    described.refresh_from_db()
    keeper = make.member(university)
    with pytest.raises(Invalid, match="需要修改"):
        update_resource(actor=keeper, record=described, values=described.values, visibility="public")
    with pytest.raises(Invalid, match="需要修改"):
        profile(university)
    give_consent(actor=actor_of(who), subject=who.person, purpose=LISTING)
    update_resource(actor=keeper, record=described, values=described.values, visibility="public")
    assert seen(described) == [True, True]


def experts(count: int, orcid: str = "") -> bytes:
    rows = [
        [f"E{number}", f"专家{number}", "石灰窑高温物料自动出灰", orcid if not number else ""]
        for number in range(count)
    ]
    return as_csv([["外部编号", "姓名", "专长", "ORCID"], *rows])


def test_a_file_lists_nobody_who_took_their_consent_back() -> None:
    who = account()
    university = make.AffiliationFactory(member=who.person).organisation
    decline_purpose(actor=actor_of(who), subject=who.person, purpose=LISTING)
    job = jobs.run(upload(experts(2, ORCID), actor=make.member(university), kind="expert"))
    assert [(each["row"], each["field"]) for each in job.problems] == [(2, "visibility")]


def test_a_file_of_experts_asks_once_for_a_batch() -> None:
    keeper = make.member(make.AffiliationFactory().organisation)

    def asked(rows: int) -> int:
        with CaptureQueriesContext(connection) as made:
            jobs.run(upload(experts(rows), actor=keeper, kind="expert"))
        return sum("expert_listing" in query["sql"] for query in made)

    assert asked(3) == asked(30) == 1
