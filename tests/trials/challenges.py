"""Challenges at every point of their course in the world of the trials, each closed place with a word of its own.

Who may read a word is written down from the parts people play in the story, never asked of the declarations: the
owner sets, the research institute and the confidant apply, the former confidant examines, one expert reviews.
"""

import datetime as dt
import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from django.utils import timezone

from rongtong.domain.foundation import clock
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.documents.actions import upload_document
from rongtong.domain.foundation.models import SealKey
from rongtong.domain.mailbox.actions import make_feed
from rongtong.domain.parties.models import Account, Party
from rongtong.domain.parties.queries import actor_of
from rongtong.domain.programmes.actions import (
    acceptance,
    calls,
    changes,
    deciding,
    milestones,
    objections,
    obligations,
    projects,
    reporting,
    reviews,
    rounds,
)
from rongtong.domain.programmes.actions.clock import run_clock
from rongtong.domain.programmes.actions.opening import check_submission, open_topic
from rongtong.domain.programmes.actions.submissions import (
    begin_submission,
    refuse_submission,
    save_draft,
    seal_submission,
)
from rongtong.domain.programmes.models import Programme, Project, Review, Round, Submission, Topic
from rongtong.domain.programmes.terms import template
from tests import factories as make
from tests.programmes.bidding import complete, consortium
from tests.programmes.factories import ProgrammeFactory, TopicFactory
from tests.programmes.panels import CRITERIA, reviewer
from tests.programmes.test_calls import argued
from tests.trials.canaries import Aviary, May

SETTERS = ("owner member", "owner administrator")
APPLICANT, OTHER, USER, OBJECTOR = "counterparty", "confidant", "former confidant", "member"
BUREAU = ("officer", "second officer", "supervisor")
"""The bureau's staff of the region, and who watches them."""
REGISTER = ("sysadmin", "secadmin", "auditor", "supervisor elsewhere")
"""Whoever keeps or watches the register of parties: names are known there, not the part that their bearers play."""
CHAIN = "auditor"
"""Reads what an action put into the audit."""
EARLIER = {"publish": 120, "open": 88, "hand in": 60, "close": 57, "review": 50, "decide": 40, "award": 20}
"""Days before now on which the topics that have gone further came to each of their steps."""
TITLES = {
    "under review": "石灰窑高温物料自动出灰", "prepared": "水泥熟料余热利用系统", "noticed": "玻璃纤维拉丝断头检测",
    "carried out": "陶瓷坯体快速干燥装备", "taking": "铸件表面缺陷机器识别",
}  # fmt: skip
"""Of each topic on the list, by how far it has gone; no two are alike."""


class Challenges:
    """Plays the stories; ``who`` answers somebody of the world by name, ``accounts`` their accounts."""

    def __init__(
        self, birds: Aviary, accounts: Mapping[str, Account], keys: Sequence[SealKey], passphrases: Sequence[str]
    ) -> None:
        self.birds, self.accounts, self.keys, self.passphrases = birds, accounts, keys, passphrases

    def build(self) -> None:
        """Every topic of the world."""
        self._panellists()
        later = ("under review", "prepared", "noticed", "carried out")
        with _back(EARLIER["publish"]):
            programme = self._programme()
            self.topics = {name: self._published(name, programme, EARLIER) for name in later}
        with _back(EARLIER["open"]):
            self._open(*self.topics.values())
        with _back(EARLIER["hand in"]):
            self._submissions()
        with _back(EARLIER["close"] - 1):
            run_clock(make.PLATFORM)
            for topic in self.topics.values():
                self._unseal(topic)
        with _back(EARLIER["review"]):
            for name, topic in self.topics.items():
                self._review(name, topic)
        self._carried_out()
        self._prepared()
        self._noticed()
        self._taking(programme)
        self._drafted(programme)
        self._unstarted()
        for round_ in Round.objects.all():
            self.birds.keep(round_.seed, "seed of a draw to come", self._only())
        for name in ("officer", APPLICANT, "expert"):
            _feed, secret = make_feed(actor=self._who(name))
            self.birds.keep(secret, f"address of the calendar of {name}", self._only())

    # who may read what

    def _who(self, name: str) -> Actor:
        return actor_of(self.accounts[name])

    def _only(self, *names: str) -> May:
        """Nobody but those named."""
        accounts = {self.accounts[name].pk for name in names}
        return lambda actor: actor.account in accounts

    def _word(self, where: str, *names: str) -> str:
        return self.birds.plant(where, self._only(*names))

    # before the opening

    def _programme(self) -> Programme:
        programme = ProgrammeFactory(title="云岭揭榜挂帅", actor=self._who("officer"))
        return calls.advance_programme(actor=self._who("officer"), programme=programme, event="start")

    def _unstarted(self) -> None:
        """A programme that is still written: nobody outside the bureau knows that there will be one."""
        words = {name: self._word(f"{name} of a programme being drafted", *BUREAU, CHAIN)
                 for name in ("title", "purpose", "legal basis")}  # fmt: skip
        ProgrammeFactory(
            actor=self._who("officer"), title=f"计划{words['title']}", purpose=words["purpose"],
            legal_basis=words["legal basis"],
        )  # fmt: skip

    def _topic(self, title: str, programme: Programme, opens: dt.datetime, closes: dt.datetime, **facts: Any) -> Topic:
        setter = Party.objects.get(pk=self._who("owner member").party)
        topic = TopicFactory(
            programme=programme, setter=setter, title=title, opens_at=opens, closes_at=closes,
            minimum_bids=1, actor=self._who("officer"), **facts,
        )  # fmt: skip
        examiner = Party.objects.get(pk=self._who(USER).party)
        calls.appoint_examiner(actor=self._who("officer"), topic=topic, party=examiner)
        return topic

    def _published(self, title: str, programme: Programme, days: Mapping[str, int]) -> Topic:
        now = timezone.now()
        drafted = self._topic(
            TITLES[title], programme, now - dt.timedelta(days["open"]), now - dt.timedelta(days["close"])
        )
        topic = calls.make_box(actor=self._who("officer"), topic=argued(drafted), custodians=list(self.keys))
        return calls.advance_topic(actor=self._who("officer"), topic=topic, event="publish")

    def _open(self, *topics: Topic) -> None:
        for topic in topics:
            calls.advance_topic(actor=make.PLATFORM, topic=Topic.objects.get(pk=topic.pk), event="open")

    def _drafted(self, programme: Programme) -> None:
        """One still written, one before the experts."""
        inside = (*SETTERS, *BUREAU)
        now = timezone.now()
        dates = now + dt.timedelta(days=40), now + dt.timedelta(days=80)
        self._unpublished("a topic being drafted", programme, dates, *inside)
        topic = self._unpublished("a topic that is argued", programme, dates, *inside, "expert", "idle expert")
        answer = self._word("in what a topic differs from those like it", *BUREAU, CHAIN)
        topic = calls.answer_overlap(actor=self._who("officer"), topic=topic, answer=answer)
        topic = calls.advance_topic(actor=self._who("owner member"), topic=topic, event="submit")
        opinion = self._word("what an expert said of a topic", *inside, "idle expert")
        calls.argue_topic(
            actor=self._who("idle expert"), topic=topic, verdict="support", opinion=f"{opinion}，值得做。"
        )

    def _unpublished(
        self, label: str, programme: Programme, dates: tuple[dt.datetime, dt.datetime], *readers: str
    ) -> Topic:
        """A topic in whose every text there is a word; the chain keeps all of them but the problem."""
        word = {name: self._word(f"{name} of {label}", *readers, CHAIN)
                for name in ("title", "problem", "constraints", "acceptance", "metric")}  # fmt: skip
        metrics = [{"name": word["metric"], "relation": "<=", "value": "80", "unit": "℃", "must": True}]
        return self._topic(
            f"榜题{word['title']}", programme, *dates, problem=f"{word['problem']}：高温下频繁卡料，需要自动出灰。",
            constraints=word["constraints"], acceptance=word["acceptance"], metrics=metrics,
        )  # fmt: skip

    def _taking(self, programme: Programme) -> None:
        """A topic that takes submissions now: one draft that was refused at the door, one sealed."""
        with _back(40):
            topic = self._published("taking", programme, {"open": 5, "close": -26})
        self._open(topic)
        topic.refresh_from_db()
        draft = self._draft(topic, APPLICANT, "a draft", APPLICANT)
        self._refused(draft, "taking", APPLICANT)
        sealed = self._draft(topic, OTHER, "what is sealed")
        seal_submission(actor=self._who(OTHER), submission=sealed, token="taking")

    def _refused(self, draft: Submission, label: str, *readers: str) -> None:
        reason = self._word(f"reason of a refusal at the door {label}", *readers)
        refuse_submission(actor=self._who(readers[0]), submission=draft, reason=reason)

    def _draft(self, topic: Topic, name: str, label: str, *readers: str) -> Submission:
        actor = self._who(name)
        begun = begin_submission(actor=actor, topic=topic)
        facts = self._facts(topic, label, *readers)
        return save_draft(actor=actor, submission=begun, revision=begun.revision, facts=facts)

    def _facts(
        self, topic: Topic, label: str, *readers: str, panel: Sequence[str] = (), title: str = ""
    ) -> dict[str, Any]:
        """The content of a submission; ``panel`` reads what is judged; neither it nor the setter whom to avoid.

        A ``title`` given is one that becomes public.
        """
        word = self._word
        facts = complete(topic)
        answers = facts["answers"] | {"approach": f"{word(f'answer of {label}', *readers, *panel)}分段冷却逐级出灰"}
        budget = [row | {"note": word(f"note of the budget of {label}", *readers, *panel)} for row in facts["budget"]]
        near = [name for name in readers if name not in SETTERS]
        avoid = {"name": word(f"whom to avoid in {label}", *near), "organisation": "某研究院",
                 "reason": word(f"why to avoid them in {label}", *near)}  # fmt: skip
        return facts | {
            "title": title or f"出灰装置{word(f'title of {label}', *readers, *panel)}",
            "answers": answers, "budget": budget, "avoid": [avoid],
        }  # fmt: skip

    # from the opening to the ranking

    def _submissions(self) -> None:
        """Of each topic that has gone further two parties hand in; of the one under review a consortium."""
        for label, topic in self.topics.items():
            topic.refresh_from_db()
            for number, name in enumerate((APPLICANT, OTHER)):
                setters = SETTERS if label != "under review" else ()
                panel = ("expert",) if label == "under review" else ()
                title = "分段冷却出灰装置" if label in ("noticed", "carried out") and not number else ""
                place = f"submission {number} {label}"
                facts = self._facts(topic, place, name, *BUREAU, *setters, panel=panel, title=title)
                if label == "under review" and not number:
                    facts["members"] = self._consortium(name)
                actor = self._who(name)
                draft = begin_submission(actor=actor, topic=topic)
                draft = save_draft(actor=actor, submission=draft, revision=draft.revision, facts=facts)
                if label == "under review" and not number:
                    self._refused(draft, label, name, *BUREAU, CHAIN)
                seal_submission(actor=actor, submission=draft, token=f"{label} {number}")

    def _consortium(self, name: str) -> list[dict[str, str]]:
        word = self._word("name of a member of a consortium", name, *BUREAU, *REGISTER)
        partner = make.PartyFactory(name=f"{word}合作有限公司", region="330100")
        rows = consortium(self._who(name), partner)
        rows[1]["task"] = self._word("task of a member of a consortium", name, *BUREAU)
        return rows

    def _unseal(self, topic: Topic) -> None:
        officers = [self._who("officer"), self._who("second officer")]
        opened = open_topic(
            actor=officers[0], topic=Topic.objects.get(pk=topic.pk), passphrase=self.passphrases[0],
            witness=officers[1], witness_passphrase=self.passphrases[1],
        )  # fmt: skip
        points = dict.fromkeys(dict(template(opened.programme.template).formal_checks), True)
        for each in opened.submissions.all():
            readers = (self._applicant(each), *SETTERS, *BUREAU, CHAIN)
            reason = self._word("remark of a formal check", *readers)
            check_submission(actor=officers[0], submission=each, event="pass_form", checklist=points, reason=reason)

    def _panellists(self) -> None:
        """Six who may review beside the expert of the world; who they are is the bureau's to know."""
        person = self.accounts["expert"].person
        assert person is not None
        employer = make.PartyFactory(name="云岭辛示例大学", organisation_type="university")
        make.AffiliationFactory(member=person, organisation=employer)
        values = {"expertise": "高温物料输送", "rank": "教授", "roles": ["review"], "region": "330100",
                  "experience_years": 12}  # fmt: skip
        make.ResourceFactory(kind="expert", title=person.name, values=values, owner=person, visibility="internal")
        for number in range(6):
            may = self._only(*BUREAU, *REGISTER)
            reviewer(name=self.birds.plant(f"name of reviewer {number}", may))
        known = make.ResourceFactory._meta.model.objects.filter(kind="expert")
        known.exclude(title=person.name).update(visibility="internal")

    def _review(self, label: str, topic: Topic) -> None:
        """A round of the topic: the one under review goes on, the others are over."""
        goes_on = label == "under review"
        days = dt.timedelta(days=EARLIER["review"] + 14 if goes_on else 8)
        officer = self._who("officer")
        round_ = rounds.plan_round(actor=officer, topic=Topic.objects.get(pk=topic.pk), ends_at=clock.now() + days)
        round_ = rounds.draw_panel(actor=officer, round=round_)
        if goes_on:
            reason = self._word("why a panel was drawn again", *BUREAU, CHAIN)
            round_ = rounds.draw_panel(actor=officer, round=round_, reason=reason)
        while goes_on and not round_.seats.filter(account=self.accounts["expert"].pk, state="invited").exists():
            round_ = rounds.draw_panel(actor=officer, round=round_, reason="重抽")
        self._sit(round_, goes_on)
        round_ = rounds.open_round(actor=officer, round=round_)
        self._write(label, round_, goes_on)
        if not goes_on:
            round_ = rounds.close_round(actor=officer, round=Round.objects.get(pk=round_.pk))
            rounds.aggregate_round(actor=officer, round=round_)
            self._waive(topic)
            rounds.rank_topic(actor=officer, topic=Topic.objects.get(pk=topic.pk))

    def _waive(self, topic: Topic) -> None:
        for owed in Submission.objects.filter(topic=topic, second_look=True):
            reason = self._word("why there is no second look", *BUREAU, CHAIN)
            rounds.waive_second_look(actor=self._who("officer"), submission=owed, reason=reason)

    def _sit(self, round_: Round, aside: bool) -> None:
        """Everybody invited accepts and declares; under review one not of the world stands aside."""
        expert = self.accounts["expert"].pk
        while seat := round_.seats.filter(state="invited").order_by("pk").first():
            actor = actor_of(Account.objects.get(pk=seat.account))
            own = ("expert",) if seat.account == expert else ()
            declared = self._word("what a reviewer declared", *BUREAU, *own)
            rounds.answer_seat(actor=actor, seat=seat, event="accept", declares=declared)
            if aside and not own:
                reason = self._word("why a reviewer stood aside", *BUREAU, CHAIN)
                rounds.recuse_seat(actor=actor, seat=seat, reason=reason)
                aside = False

    def _write(self, label: str, round_: Round, goes_on: bool) -> None:
        """In the round that goes on the first reviewer signs, the expert of the world writes, the others wait."""
        expert = self.accounts["expert"].pk
        open_ = Review.objects.filter(seat__round=round_, state="open").order_by("seat_id", "submission_id")
        signs = next(each.seat_id for each in open_ if each.account != expert)
        ranks = {pk: rank for rank, pk in enumerate(self._in_order(round_.topic))}
        for review in open_:
            own = ("expert",) if review.account == expert else ()
            if goes_on and not own and review.seat_id != signs:
                continue
            readers = own if goes_on else (*BUREAU, *own, *self._told(label, review.submission))
            opinion = self._word(f"opinion of a review {label}", *readers)
            dissent = self._word(f"dissent of a review {label}", *(own if goes_on else (*BUREAU, *own)))
            actor = actor_of(Account.objects.get(pk=review.account))
            apart = label == "prepared" and review.seat_id == signs and ranks[review.submission_id]
            mark = 20 if apart else 90 - 5 * ranks[review.submission_id]
            marks = dict.fromkeys(CRITERIA, str(mark))
            written = reviews.write_review(
                actor=actor, review=review, marks=marks, opinion=f"{opinion}，路线清楚。", dissent=dissent, confidence=4
            )
            if not (goes_on and own):
                reviews.sign_review(actor=actor, review=written)

    def _told(self, label: str, submission: Submission) -> tuple[str, ...]:
        """Applicants read what was said of them once the topic is awarded."""
        return (self._applicant(submission),) if label == "carried out" else ()

    def _applicant(self, submission: Submission) -> str:
        return next(name for name in (APPLICANT, OTHER) if self.accounts[name].pk == submission.account)

    def _in_order(self, topic: Topic) -> list[Any]:
        """The submissions, the institute's first: it is to win."""
        first = self._who(APPLICANT).party
        rows = topic.submissions.all()
        return [each.pk for each in sorted(rows, key=lambda each: each.applicant_id != first)]

    # from the decision to the objection

    def _decision(self, label: str, *readers: str) -> Any:
        topic = Topic.objects.get(pk=self.topics[label].pk)
        best, other = self._in_order(topic)
        reason = self._word(f"reason of an outcome {label}", *readers)
        outcome = {best: {"verdict": "proposed", "reason": ""},
                   other: {"verdict": "not_awarded", "reason": f"{reason}，得分较低。"}}  # fmt: skip
        basis = "按公布的标准和专家意见，经会议研究。"
        if label == "prepared":
            basis += self._word("basis of a decision that is prepared", *readers)
        return deciding.prepare_decision(actor=self._who("officer"), topic=topic, outcome=outcome, basis=basis)

    def _prepared(self) -> None:
        decision = self._decision("prepared", *SETTERS, *BUREAU, CHAIN)
        best, _other = self._in_order(decision.topic)
        reason = self._word("reason of a veto", *SETTERS, *BUREAU, CHAIN)
        proposed = Submission.objects.get(pk=best)
        vetoed = deciding.veto_proposal(
            actor=self._who("owner member"), decision=decision, submission=proposed, reason=f"{reason}，有诉讼。"
        )
        kept = self._word("why a proposal is kept to", *SETTERS, *BUREAU, CHAIN)
        deciding.override_veto(actor=self._who("officer"), decision=vetoed, submission=proposed, reason=kept)

    def _published_notice(self, label: str) -> Any:
        decision = self._decision(label, *SETTERS, *BUREAU, OTHER, CHAIN)
        published = deciding.publish_decision(actor=self._who("second officer"), decision=decision)
        return deciding.give_notice(actor=self._who("officer"), decision=published, contact="规划处")

    def _noticed(self) -> None:
        notice = self._published_notice("noticed")
        objection = self._objection(notice, OBJECTOR)
        self._evidence(objection, "evidence of an objection", OBJECTOR, (OBJECTOR, *BUREAU))
        answered, answers = self._objection(notice, "manager"), self._who("second officer")
        answered = objections.advance_objection(actor=answers, objection=answered, event="admit")
        finding = self._word("finding on an objection", "manager", *BUREAU, CHAIN)
        objections.advance_objection(
            actor=answers, objection=answered, event="reject", reason=f"{finding}，设备与发票相符。"
        )

    def _objection(self, notice: Any, name: str) -> Any:
        readers = (name, *BUREAU)
        return objections.file_objection(
            actor=self._who(name), notice=notice, name=self._word("name of who objects", *readers),
            contact=f"电话{self._word('contact of who objects', *readers)}",
            ground=f"{self._word('ground of an objection', *readers)}：申报的设备与实际不符。",
        )  # fmt: skip

    def _evidence(self, record: Any, where: str, name: str, readers: Sequence[str]) -> None:
        content = f"%PDF-1.7 {self._word(f'content of {where}', *readers)}".encode()
        upload_document(
            actor=self._who(name), entity=record, file=io.BytesIO(content),
            name=f"{self._word(f'name of {where}', *readers)}.pdf", no_secrets=True, visibility="internal",
        )  # fmt: skip

    # what comes of an award

    def _carried_out(self) -> None:
        with _back(EARLIER["decide"]):
            self._published_notice("carried out")
        with _back(EARLIER["award"]):
            run_clock(make.PLATFORM)
            topic = Topic.objects.get(pk=self.topics["carried out"].pk)
            [project] = deciding.award_topic(actor=self._who("officer"), topic=topic)
        self._contract(project)
        self._work(project)
        self._accept(project)

    def _contract(self, project: Project) -> None:
        team, officer = self._who(APPLICANT), self._who("officer")
        plan = self._word("plan of a project", APPLICANT, *SETTERS, USER, *BUREAU, CHAIN)
        near = (APPLICANT, *SETTERS, USER, *BUREAU, CHAIN)
        chief, keeper = make.member(project.leader), make.member(project.leader)
        projects.edit_project(
            actor=team, project=project, plan=plan, budget_mode="lump_sum", chief=chief.account,
            chief_name=self._word("name of a chief scientist", *near), finance_keeper=keeper.account,
        )  # fmt: skip
        projects.edit_project(
            actor=officer, project=project, contract_number=self._word("number of a contract", *near),
            signed_on=timezone.localdate(),
        )  # fmt: skip
        rows = [
            {"title": self._word("title of a milestone", *near), "due": stone.due, "share": stone.share,
             "deliverable": self._word("deliverable of a milestone", *near),
             "metrics": [{"name": self._word("metric of a milestone", *near), "relation": "<=", "value": "80",
                          "unit": "℃", "must": True}]}
            for stone in project.milestones.order_by("order")
        ]  # fmt: skip
        projects.plan_milestones(actor=team, project=project, rows=rows)
        projects.advance_project(actor=officer, project=project, event="contract")
        projects.advance_project(actor=officer, project=project, event="start")

    def _work(self, project: Project) -> None:
        team, year = self._who(APPLICANT), timezone.localdate().year
        near, house = (APPLICANT, *SETTERS, *BUREAU), (APPLICANT, *BUREAU)
        for answered in (True, False):
            change = changes.ask_change(
                actor=team, project=project, kind="other", after=self._word("what a change makes", *near, CHAIN),
                reason=self._word("reason of a change", *near),
            )  # fmt: skip
            if answered:
                answer = self._word("answer to a change", *near, CHAIN)
                changes.advance_change(actor=self._who("officer"), change=change, event="refuse", reason=answer)
        reporting.hand_in_report(
            actor=team, project=project, kind="progress", year=year, text=self._word("text of a report", *near)
        )
        reporting.ask_spending(
            actor=team, project=project, item=self._word("item of a spending", *house), purse="public", fen=100,
            purpose=self._word("purpose of a spending", *house),
        )  # fmt: skip
        reporting.record_diligence(
            actor=team, project=project, records=self._word("records of diligence", *near, USER, CHAIN),
            decisions="三次论证", spending="台账",
        )  # fmt: skip
        self._evidence(project, "a document of a project", APPLICANT, house)

    def _accept(self, project: Project) -> None:
        """Every milestone passes, what became due of the first is paid, the user signs the test of the market."""
        team, near = self._who(APPLICANT), (APPLICANT, *SETTERS, *BUREAU)
        for stone in project.milestones.order_by("order"):
            note = self._word("remark on what was reached", *near, USER, CHAIN)
            reached = [{"name": each["name"], "value": "72", "note": note} for each in stone.metrics]
            text = self._word("report of a milestone", *near, USER)
            told = milestones.report_milestone(actor=team, milestone=stone, report=text, reached=reached)
            finding = self._word("finding on a milestone", *near, USER, CHAIN)
            milestones.examine_milestone(
                actor=self._who("second officer"), milestone=told, event="pass", finding=finding
            )
        owed = project.obligations.filter(purse="setter").order_by("pk").first()
        evidence = self._word("evidence of a payment", *near, CHAIN)
        obligations.pay_obligation(actor=self._who("owner member"), obligation=owed, evidence=evidence)
        projects.advance_project(actor=team, project=project, event="ask_acceptance")
        acceptance.sign_market_test(
            actor=self._who(USER), project=project, passed=True,
            conditions=self._word("conditions of a test of the market", *near, USER),
            opinion=self._word("opinion of a test of the market", *near, USER),
            reached=[{"name": each["name"], "value": "72", "note": self._word("what a user reached", *near, USER)}
                     for each in project.topic.metrics],
        )  # fmt: skip
        projects.advance_project(actor=self._who("officer"), project=project, event="accept")
        acceptance.report_follow_up(
            actor=team, project=project, year=timezone.localdate().year, stage="trial",
            text=self._word("what became of a result", *near),
        )  # fmt: skip


@contextmanager
def _back(days: float) -> Iterator[None]:
    """Within the block the rules' hour is so many days ago."""
    token = clock._back.set(dt.timedelta(days=days))
    try:
        yield
    finally:
        clock._back.reset(token)
