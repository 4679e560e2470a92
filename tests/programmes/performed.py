"""Every action of a challenge, done once."""

from collections.abc import Callable

from rongtong.domain.programmes.actions import calls, clock
from rongtong.domain.programmes.models import Topic
from tests.factories import PLATFORM, PartyFactory
from tests.foundation.sealing.scene import enrolled
from tests.programmes.factories import ProgrammeFactory, TopicFactory
from tests.programmes.performed_deciding import DECIDING
from tests.programmes.performed_projects import PROJECTS
from tests.programmes.performed_review import REVIEW
from tests.programmes.performed_submissions import SUBMISSIONS
from tests.programmes.test_calls import argued, expert


def _edit_programme() -> object:
    return calls.edit_programme(actor=PLATFORM, programme=ProgrammeFactory(), purpose="解决共性难题")


def _advance_programme() -> object:
    return calls.advance_programme(actor=PLATFORM, programme=ProgrammeFactory(), event="start")


def _edit_topic() -> object:
    return calls.edit_topic(actor=PLATFORM, topic=TopicFactory(), months=12)


def _appoint_examiner() -> object:
    return calls.appoint_examiner(actor=PLATFORM, topic=TopicFactory(), party=PartyFactory())


def _argue_topic() -> object:
    topic = calls.advance_topic(actor=PLATFORM, topic=TopicFactory(), event="submit")
    return calls.argue_topic(actor=expert(1), topic=topic, verdict="support", opinion="值得做。")


def _advance_topic() -> object:
    return calls.advance_topic(actor=PLATFORM, topic=TopicFactory(), event="submit")


def _make_box() -> Topic:
    officers, keys, _passphrases = enrolled(2)
    return calls.make_box(actor=officers[0], topic=argued(TopicFactory()), custodians=keys)


def _reissue_topic() -> object:
    topic = TopicFactory()
    Topic.objects.filter(pk=topic.pk).update(state="closed")
    return calls.reissue_topic(actor=PLATFORM, topic=topic, reason="申请不足三份")


def _dismiss_examiner() -> object:
    examiner = calls.appoint_examiner(actor=PLATFORM, topic=TopicFactory(), party=PartyFactory())
    return calls.dismiss_examiner(actor=PLATFORM, examiner=examiner)


def _answer_overlap() -> object:
    return calls.answer_overlap(actor=PLATFORM, topic=TopicFactory(), answer="前者做装置，本题做控制。")


def _tell_solvers() -> object:
    topic = TopicFactory()
    Topic.objects.filter(pk=topic.pk).update(state="published")
    return clock.tell_solvers(actor=PLATFORM, topic=topic, parties=[PartyFactory()])


CHALLENGES: dict[str, Callable[[], object]] = {
    "programmes.create_programme": ProgrammeFactory,
    "programmes.edit_programme": _edit_programme,
    "programmes.advance_programme": _advance_programme,
    "programmes.create_topic": TopicFactory,
    "programmes.edit_topic": _edit_topic,
    "programmes.appoint_examiner": _appoint_examiner,
    "programmes.argue_topic": _argue_topic,
    "programmes.advance_topic": _advance_topic,
    "programmes.make_box": _make_box,
    "programmes.reissue_topic": _reissue_topic,
    "programmes.dismiss_examiner": _dismiss_examiner,
    "programmes.answer_overlap": _answer_overlap,
    "programmes.tell_solvers": _tell_solvers,
    **DECIDING,
    **REVIEW,
    **SUBMISSIONS,
    **PROJECTS,
}
