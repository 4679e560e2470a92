"""Who may do what to keys, boxes, envelopes and protocols. Before the opening, envelopes exist for their party alone."""

from django.db.models import Q

from rongtong.domain.foundation.access import EVERYTHING, Grant, declare
from rongtong.domain.foundation.actors import Actor, Role
from rongtong.domain.foundation.models import BoxCustodian, BoxShare, Envelope, OpeningProtocol, SealedBox, SealKey
from rongtong.domain.foundation.words import Words


def officer(actor: Actor) -> bool:
    return actor.signed_in and actor.is_any(Role.OFFICER)


def submitter(actor: Actor) -> bool:
    return actor.signed_in and actor.party is not None


def custody(actor: Actor) -> Q:
    return Q(id__in=BoxCustodian.objects.filter(Q(account=actor.account)).values("box_id"))


OFFICERS = Grant(Words("管理部门工作人员", "Bureau officers"), officer, lambda actor: EVERYTHING)
SUPERVISORS = Grant(
    Words("监督人员可查阅", "Supervisors may read"),
    lambda actor: actor.is_any(Role.SUPERVISOR),
    lambda actor: EVERYTHING,
)
PLATFORM = Grant(
    Words("平台按时办理", "The platform, by the clock"),
    lambda actor: actor.is_any(Role.SYSTEM),
    lambda actor: EVERYTHING,
)

OWN_KEY = Grant(Words("本人的开箱密钥", "Your own seal key"), officer, lambda actor: Q(account=actor.account))
SECURITY = Grant(
    Words("安全管理员停用", "Ended by the security administrator"),
    lambda actor: actor.is_any(Role.SECADMIN),
    lambda actor: EVERYTHING,
)
declare(SealKey, view=(OWN_KEY, OFFICERS, SECURITY), create=(OWN_KEY,), change=(OWN_KEY,), revoke=(OWN_KEY, SECURITY))

CUSTODIANS = Grant(Words("您是开箱人之一", "You are one of its custodians"), officer, custody)
MAKER = Grant(Words("您建立的密封箱", "You made this box"), officer, lambda actor: Q(created_by=actor.account))
SUBMITTERS = Grant(
    Words("本单位投递过", "Your organisation handed something in"),
    submitter,
    lambda actor: Q(id__in=Envelope.objects.filter(Q(party=actor.party)).values("box_id")),
)
TO_SUBMIT = Grant(Words("以本单位名义投递", "Hand in for your organisation"), submitter, lambda actor: EVERYTHING)
declare(
    SealedBox,
    view=(OFFICERS, SUPERVISORS, SUBMITTERS),
    create=(OFFICERS,),
    seal=(TO_SUBMIT,),
    close=(PLATFORM,),
    postpone=(OFFICERS, PLATFORM),
    open=(CUSTODIANS,),
    abandon=(CUSTODIANS, MAKER, PLATFORM),
)

OWN = Grant(Words("本单位的密封件", "Your organisation's own envelope"), submitter, lambda actor: Q(party=actor.party))
AFTER_OPENING = Q(opened_at__isnull=False)
declare(
    Envelope,
    view=(
        OWN,
        Grant(Words("开启后可查阅", "After the opening"), officer, lambda actor: AFTER_OPENING),
        Grant(
            Words("开启后可查阅", "After the opening"),
            lambda actor: actor.is_any(Role.SUPERVISOR),
            lambda actor: AFTER_OPENING,
        ),
    ),
    replace=(OWN,),
    withdraw=(OWN,),
    open=(
        Grant(
            Words("您是开箱人之一", "You are one of its custodians"),
            officer,
            lambda actor: Q(box_id__in=BoxCustodian.objects.filter(Q(account=actor.account)).values("box_id")),
        ),
    ),
    read=(
        Grant(
            Words("开启后本单位可核对", "Your own, after the opening"),
            submitter,
            lambda actor: Q(party=actor.party, opened_at__isnull=False),
        ),
    ),
)
declare(OpeningProtocol, view=(OFFICERS, SUPERVISORS))
declare(BoxCustodian, view=(OFFICERS, SUPERVISORS))
declare(BoxShare)
