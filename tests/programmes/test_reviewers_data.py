"""What the challenges hold of a person is in their copy; names go, the files of reviews stay."""

import pytest

from rongtong.domain.parties.models import Account
from rongtong.domain.parties.personal.actions import answer_personal, ask_personal, hand_out_personal
from rongtong.domain.parties.personal.queries import held
from rongtong.domain.parties.queries import actor_of
from rongtong.domain.programmes.models import Objection, Review, Seat
from tests import factories as make
from tests.programmes.deciding_scene import noticed, ranked_topic
from tests.programmes.panels import account_actor, sign
from tests.programmes.test_objections import answered, objected
from tests.programmes.test_reviews import a_review

pytestmark = pytest.mark.django_db
NAME = "沈若溪"


def erased(account: Account) -> None:
    request = ask_personal(actor=actor_of(account), kind="erasure")
    answer_personal(actor=make.officer(), request=request, event="fulfil", answer="已核对身份，予以删除。")


def test_a_reviewer_reads_what_they_wrote_and_nobody_counts_it() -> None:
    review = a_review()
    sign(review)
    account = Account.objects.get(pk=review.account)
    parts = {part["part"]: part["rows"] for part in hand_out_personal(actor=account_actor(account.pk))["parts"]}
    assert parts["reviews"][0]["marks"] == Review.objects.get(pk=review.pk).marks
    assert len(parts["seats"]) == Seat.objects.filter(account=account.pk).count() == 1
    assert account.person is not None
    bystander = make.AccountFactory(person=make.PersonFactory())
    counted = [{each.part.key: each.count for each in held(person)} for person in (account.person, bystander.person)]
    assert counted[0]["seats"] == counted[1]["seats"]
    assert counted[0]["reviews"] == counted[1]["reviews"]


def test_an_answered_objection_keeps_its_ground_and_no_name() -> None:
    account = make.AccountFactory(person=make.PersonFactory(name=NAME), display_name=NAME)
    notice = noticed(ranked_topic())
    done = answered(objected(notice, actor_of(account), name=NAME), "reject")
    waiting = objected(notice, actor_of(account), name=NAME, ground="中标单位的业绩材料与公开的合同不一致。")
    erased(account)
    found = {each.pk: each for each in Objection.objects.all()}
    assert (found[done.pk].name, found[done.pk].contact) == ("已注销人员", "")
    assert found[done.pk].ground == done.ground
    assert found[waiting.pk].name == NAME
