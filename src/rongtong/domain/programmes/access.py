"""Who sees and moves what of a challenge. Before the opening a submission is its applicant's alone."""

from typing import Any

from django.db.models import Q, QuerySet

from rongtong.domain.foundation import clock
from rongtong.domain.foundation.access import EVERYTHING, Grant, LookedUp, declare
from rongtong.domain.foundation.actors import Actor, Role
from rongtong.domain.foundation.naming import name_steps
from rongtong.domain.foundation.relations import Relation, relate
from rongtong.domain.foundation.words import Words
from rongtong.domain.parties.access import anyone, has_account, has_party, in_region, platform, signed_in, supervises
from rongtong.domain.parties.conferring import current
from rongtong.domain.parties.models import RoleGrant
from rongtong.domain.programmes.models import (
    Argument,
    Change,
    Decision,
    Examiner,
    FollowUp,
    MarketTest,
    Milestone,
    Notice,
    Objection,
    Obligation,
    Programme,
    Project,
    Refusal,
    Report,
    Review,
    Round,
    Seat,
    Spending,
    Submission,
    Topic,
)
from rongtong.domain.programmes.states import (
    BEFORE_ACCEPTANCE,
    BEFORE_EXAMINED,
    ON_THE_LIST,
    OPENED_TOPICS,
    PROCESSES,
    UNSEALED,
)
from rongtong.domain.registry.models import Resource

Keys = QuerySet[Any, Any]


def officer(actor: Actor) -> bool:
    return actor.is_any(Role.OFFICER)


def officer_or_platform(actor: Actor) -> bool:
    return actor.is_any(Role.OFFICER, Role.SYSTEM)


def topics_here(actor: Actor) -> Keys:
    """The topics of the actor's region."""
    return LookedUp(Topic).filter(in_region(actor)).values("id")


def topics_set(actor: Actor) -> Keys:
    return Topic.objects.filter(Q(setter_id=actor.party)).values("id")


def projects_here(actor: Actor) -> Keys:
    return LookedUp(Project).filter(in_region(actor, "topic__region")).values("id")


def projects_led(actor: Actor) -> Keys:
    return Project.objects.filter(Q(leader_id=actor.party)).values("id")


def projects_commissioned(actor: Actor) -> Keys:
    return Project.objects.filter(Q(setter=actor.party)).values("id")


def projects_examined(actor: Actor) -> Keys:
    topics = Examiner.objects.filter(Q(party_id=actor.party)).values("topic_id")
    return Project.objects.filter(topic_id__in=topics).values("id")


def reviewers(actor: Actor) -> Keys:
    """The actor's account, if it holds the role of a reviewer today, in whichever seat it acts."""
    held = RoleGrant.objects.filter(Q(account=actor.account), role=Role.EXPERT.value)
    return current(held).values("account_id")


def reviews_due(actor: Actor) -> QuerySet[Review]:
    """What the actor reviews now: the round is open, its window too, the seat accepted, the role not ended since."""
    now = clock.now()
    begun = Q(seat__round__starts_at=None) | Q(seat__round__starts_at__lte=now)
    lasts = Q(seat__round__ends_at=None) | Q(seat__round__ends_at__gt=now)
    mine = Review.objects.filter(Q(account=actor.account), seat__state="accepted", seat__round__state="open")
    return mine.filter(begun, lasts, account__in=reviewers(actor)).exclude(state="void")


def submissions_reviewed(actor: Actor) -> Keys:
    return reviews_due(actor).values("submission_id")


def sits(actor: Actor) -> bool:
    """Whether the actor may sit on a panel at all: who acts for the bureau or watches over it is never drawn."""
    return actor.account is not None and not (officer(actor) or supervises(actor))


def projects_reviewed(actor: Actor) -> Keys:
    """The projects whose result the actor examines now on a panel."""
    if not sits(actor):
        return Project.objects.none().values("id")
    return Project.objects.filter(rounds__in=reviews_due(actor).values("seat__round")).values("id")


def demands_reviewed(actor: Actor) -> Keys:
    """The demands behind what the actor reviews: of them a reviewer reads what their owner opened to reviewers."""
    if not sits(actor):
        return Resource.objects.none().values("id")
    topics = Submission.objects.filter(id__in=submissions_reviewed(actor)).values("topic_id")
    return Resource.objects.filter(topics__in=topics).values("id")


def rounds_sat_on(actor: Actor) -> Keys:
    return Seat.objects.filter(Q(account=actor.account)).values("round_id")


DUTY = Words("管理部门组织本地区的榜题", "Bureau staff run the challenges of their region")
OFFICER = Grant(DUTY, officer, in_region)
HERE = Grant(DUTY, officer, lambda actor: Q(topic_id__in=topics_here(actor)))
PROJECTS_HERE = Grant(DUTY, officer, lambda actor: Q(project_id__in=projects_here(actor)))
CLOCK = Grant(Words("平台按时间办理", "The platform's clock"), platform, lambda actor: EVERYTHING)
WATCHED = Words("监督人员可查阅", "Supervisors may read")
WATCH = Grant(WATCHED, supervises, in_region)
WATCH_HERE = Grant(WATCHED, supervises, lambda actor: Q(topic_id__in=topics_here(actor)))
WATCH_PROJECTS = Grant(WATCHED, supervises, lambda actor: Q(project_id__in=projects_here(actor)))
SETTER = Grant(Words("本单位是出题人", "Your organisation sets it"), has_party, lambda actor: Q(setter_id=actor.party))

declare(
    Programme,
    view=(
        Grant(
            Words("已启动的计划公开", "Programmes that run are public"),
            anyone,
            lambda a: Q(state__in=("running", "closed")),
        ),
        OFFICER,
        WATCH,
        CLOCK,
    ),
    create=(OFFICER, CLOCK),
    edit=(OFFICER, CLOCK),
    run=(OFFICER, CLOCK),
)


def programmes_here(actor: Actor) -> Keys:
    return LookedUp(Programme).filter(in_region(actor)).values("id")


ARGUES = Grant(
    Words("本地区或上级的论证专家", "Experts of its region, or of one above, who argue it"),
    lambda actor: actor.signed_in and actor.is_any(Role.EXPERT),
    lambda actor: Q(state="argued", programme_id__in=programmes_here(actor)),
)
declare(
    Topic,
    view=(
        Grant(Words("榜单公开", "The list is public"), anyone, lambda actor: Q(state__in=ON_THE_LIST)),
        SETTER,
        OFFICER,
        WATCH,
        ARGUES,
        CLOCK,
    ),
    create=(SETTER, OFFICER, CLOCK),
    draft=(SETTER, OFFICER, CLOCK),
    edit=(SETTER, OFFICER, CLOCK),
    argue=(ARGUES,),
    steer=(OFFICER, CLOCK),
    clock=(CLOCK,),
    veto=(SETTER,),
)
declare(Examiner, view=(HERE, WATCH_HERE), appoint=(HERE, CLOCK))
declare(
    Argument,
    view=(
        Grant(Words("本人的论证意见", "Your own opinion"), has_account, lambda actor: Q(account=actor.account)),
        Grant(SETTER.because, has_party, lambda actor: Q(topic_id__in=topics_set(actor))),
        HERE,
        WATCH_HERE,
    ),
)
OWN_BID = Grant(Words("本单位的申请", "Your own submission"), has_party, lambda actor: Q(applicant_id=actor.party))
BIDS_HERE = Grant(DUTY, officer, lambda actor: Q(state__in=UNSEALED, topic_id__in=topics_here(actor)))
ASSIGNED_BID = Grant(
    Words("分派给您评审", "Assigned to you for review"),
    signed_in,
    lambda actor: Q(state__in=("in_review", "awarded"), id__in=submissions_reviewed(actor)),
)
relate(Relation.PANEL, demands_reviewed)
RANKED_FOR_SETTER = Grant(
    Words("出题人可看评审结果", "The setter reads what was ranked"),
    has_party,
    lambda actor: Q(
        state__in=("ranked", "proposed", "reserve", "not_proposed", "awarded", "not_awarded"),
        topic_id__in=topics_set(actor),
    ),
)
declare(
    Submission,
    view=(
        OWN_BID,
        BIDS_HERE,
        RANKED_FOR_SETTER,
        Grant(WATCHED, supervises, lambda a: Q(state__in=UNSEALED, topic_id__in=topics_here(a))),
        Grant(CLOCK.because, platform, lambda actor: Q(state__in=UNSEALED)),
    ),
    read_assigned=(ASSIGNED_BID,),
    read_marks=(
        BIDS_HERE,
        Grant(
            Words("公示后向申请人反馈", "Told to the applicant after the notice"),
            has_party,
            lambda a: Q(applicant_id=a.party, state__in=("awarded", "not_awarded")),
        ),
    ),
    submit=(OWN_BID,),
    edit=(OWN_BID,),
    check=(BIDS_HERE,),
    steer=(Grant(DUTY, officer_or_platform, lambda a: Q(topic_id__in=topics_here(a)) if officer(a) else EVERYTHING),),
    clock=(CLOCK,),
)


def topics_opened_here(actor: Actor) -> Keys:
    return LookedUp(Topic).filter(in_region(actor), state__in=OPENED_TOPICS).values("id")


declare(
    Refusal,
    view=(
        Grant(DUTY, officer, lambda actor: Q(topic_id__in=topics_opened_here(actor))),
        Grant(WATCHED, supervises, lambda actor: Q(topic_id__in=topics_opened_here(actor))),
        Grant(OWN_BID.because, has_party, lambda actor: Q(party_id=actor.party)),
    ),
)
declare(
    Round,
    view=(
        HERE,
        WATCH_HERE,
        Grant(Words("您在评审组", "You sit on the panel"), signed_in, lambda a: Q(id__in=rounds_sat_on(a))),
    ),
    create=(HERE, CLOCK),
    draw=(HERE, CLOCK),
    read_draw=(HERE, WATCH_HERE),
)
OWN_SEAT = Grant(Words("本人的席位", "Your own seat"), has_account, lambda actor: Q(account=actor.account))
SEATS_HERE = Grant(
    DUTY,
    officer,
    lambda actor: Q(round_id__in=LookedUp(Round).filter(in_region(actor, "topic__region")).values("id")),
)
declare(
    Seat,
    view=(OWN_SEAT, SEATS_HERE, Grant(WATCHED, supervises, SEATS_HERE.where)),
    answer=(Grant(OWN_SEAT.because, has_account, lambda a: Q(account=a.account, account__in=reviewers(a))),),
    recuse=(OWN_SEAT, SEATS_HERE),
    draw=(SEATS_HERE, CLOCK),
)
OWN_REVIEW = Grant(Words("本人的意见", "Your own review"), has_account, lambda actor: Q(account=actor.account))


def seats_past(actor: Actor) -> Keys:
    """The seats of rounds that are over: until then nobody but its writer reads a review, so that none sways another."""
    here = in_region(actor, "round__topic__region")
    return LookedUp(Seat).filter(here, round__state__in=("closed", "aggregated", "abandoned")).values("id")


REVIEWS_HERE = Grant(DUTY, officer, lambda actor: Q(seat_id__in=seats_past(actor), state__in=("signed", "void")))
declare(
    Review,
    view=(OWN_REVIEW, REVIEWS_HERE, Grant(WATCHED, supervises, REVIEWS_HERE.where)),
    write=(OWN_REVIEW,),
    void=(CLOCK,),
)
declare(
    Decision,
    view=(
        Grant(Words("已公布的决定", "Decisions that were published"), anyone, lambda actor: Q(state="published")),
        Grant(SETTER.because, has_party, lambda actor: Q(topic_id__in=topics_set(actor))),
        HERE,
        WATCH_HERE,
    ),
    create=(HERE, CLOCK),
    decide=(HERE, CLOCK),
)
declare(
    Notice,
    view=(Grant(Words("公示公开", "Notices are public"), anyone, lambda actor: EVERYTHING),),
    create=(HERE, CLOCK),
    decide=(HERE, CLOCK),
    clock=(CLOCK,),
)
NOTICES_HERE = Grant(
    DUTY, officer, lambda a: Q(notice_id__in=LookedUp(Notice).filter(in_region(a, "topic__region")).values("id"))
)
OWN_OBJECTION = Grant(Words("本人提出的异议", "Your own objection"), has_account, lambda a: Q(account=a.account))
BY_LINK = Grant(
    Words("持有提出异议时给出的链接", "Holds the link given when it was filed"),
    lambda actor: actor.link != "",
    lambda actor: Q(digest=actor.link),
)
OPEN_BY_LINK = Grant(BY_LINK.because, BY_LINK.whom, lambda a: Q(digest=a.link, state__in=("filed", "admitted")))
declare(
    Objection,
    view=(OWN_OBJECTION, BY_LINK, NOTICES_HERE, Grant(WATCHED, supervises, NOTICES_HERE.where)),
    view_internal_fields=(OWN_OBJECTION, BY_LINK, NOTICES_HERE, Grant(WATCHED, supervises, NOTICES_HERE.where)),
    object=(
        Grant(Words("任何人可以对公示提出异议", "Anyone may object to a public notice"), anyone, lambda a: EVERYTHING),
    ),
    file=(OWN_OBJECTION, BY_LINK),
    attach=(
        Grant(
            OWN_OBJECTION.because,
            has_account,
            lambda a: Q(account=a.account, state__in=("filed", "admitted")),
        ),
        OPEN_BY_LINK,
    ),
    decide=(NOTICES_HERE,),
    forget=(CLOCK,),
)
LEADS = Grant(Words("本单位承担的项目", "Your organisation leads it"), has_party, lambda a: Q(leader_id=a.party))
COMMISSIONS = Grant(Words("本单位出题的项目", "Your organisation set it"), has_party, lambda a: Q(setter=a.party))
EXAMINES = Grant(
    Words("本单位是阅卷人", "Your organisation examines it"), has_party, lambda a: Q(id__in=projects_examined(a))
)
JUDGES = Grant(
    Words("您在评审它的验收", "You sit on the panel of its acceptance"),
    signed_in,
    lambda actor: Q(id__in=projects_reviewed(actor)),
)
declare(
    Project,
    view=(LEADS, COMMISSIONS, EXAMINES, JUDGES, HERE, WATCH_HERE, CLOCK),
    lead=(LEADS,),
    edit=(LEADS, HERE, CLOCK),
    manage=(HERE, CLOCK),
    view_budget=(LEADS, COMMISSIONS, HERE, WATCH_HERE, CLOCK),
    attach=(LEADS, HERE, CLOCK),
    retract=(
        Grant(LEADS.because, has_party, lambda a: Q(leader_id=a.party, state__in=BEFORE_ACCEPTANCE)),
        Grant(DUTY, officer, lambda a: Q(topic_id__in=topics_here(a), state__in=BEFORE_ACCEPTANCE)),
    ),
    view_internal_fields=(LEADS, HERE, WATCH_HERE, CLOCK),
    view_matched_fields=(LEADS, COMMISSIONS, EXAMINES, JUDGES, HERE, WATCH_HERE, CLOCK),
    view_owner_fields=(LEADS,),
)
LED = Grant(LEADS.because, has_party, lambda actor: Q(project_id__in=projects_led(actor)))
COMMISSIONED = Grant(COMMISSIONS.because, has_party, lambda actor: Q(project_id__in=projects_commissioned(actor)))
EXAMINED = Grant(EXAMINES.because, has_party, lambda actor: Q(project_id__in=projects_examined(actor)))
JUDGED = Grant(JUDGES.because, signed_in, lambda actor: Q(project_id__in=projects_reviewed(actor)))
declare(
    Milestone,
    view=(LED, COMMISSIONED, EXAMINED, JUDGED, PROJECTS_HERE, WATCH_PROJECTS, CLOCK),
    plan=(LED, PROJECTS_HERE, CLOCK),
    report=(LED,),
    examine=(PROJECTS_HERE, CLOCK),
    clock=(CLOCK,),
    attach=(LED, PROJECTS_HERE, CLOCK),
    retract=(
        Grant(LED.because, has_party, lambda a: Q(project_id__in=projects_led(a), state__in=BEFORE_EXAMINED)),
        Grant(DUTY, officer, lambda a: Q(project_id__in=projects_here(a), state__in=BEFORE_EXAMINED)),
    ),
    view_internal_fields=(LED, PROJECTS_HERE, WATCH_PROJECTS, CLOCK),
    view_matched_fields=(LED, COMMISSIONED, EXAMINED, JUDGED, PROJECTS_HERE, WATCH_PROJECTS, CLOCK),
    view_owner_fields=(LED,),
)
declare(
    Change,
    view=(LED, COMMISSIONED, PROJECTS_HERE, WATCH_PROJECTS),
    ask=(LED,),
    tell=(LED,),
    decide=(PROJECTS_HERE,),
)
declare(Report, view=(LED, COMMISSIONED, JUDGED, PROJECTS_HERE, WATCH_PROJECTS), write=(LED,))
declare(Spending, view=(LED, PROJECTS_HERE, WATCH_PROJECTS), ask=(LED,), book=(LED,))
declare(
    MarketTest,
    view=(LED, COMMISSIONED, EXAMINED, JUDGED, PROJECTS_HERE, WATCH_PROJECTS),
    sign=(
        Grant(
            EXAMINES.because,
            has_party,
            lambda a: Q(party_id=a.party, project_id__in=projects_examined(a)),
        ),
    ),
)
declare(
    Obligation,
    view=(LED, COMMISSIONED, PROJECTS_HERE, WATCH_PROJECTS),
    create=(PROJECTS_HERE, CLOCK),
    pay=(
        Grant(Words("付款方登记付款", "Whoever pays"), has_party, lambda a: Q(payer_id=a.party, purse="setter")),
        Grant(DUTY, officer, lambda a: Q(purse="public", project_id__in=projects_here(a))),
    ),
    cancel=(PROJECTS_HERE, CLOCK),
)
declare(FollowUp, view=(LED, COMMISSIONED, PROJECTS_HERE, WATCH_PROJECTS), report=(LED, PROJECTS_HERE))

for process in PROCESSES:
    name_steps(process)
