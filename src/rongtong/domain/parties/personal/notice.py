"""What people are told before their data is kept: who, what, why, how long (个人信息保护法 art. 17)."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from rongtong.domain.foundation.actors import Actor
from rongtong.domain.parties.consent.queries import in_force
from rongtong.domain.parties.personal.queries import person_of

VERSION = "2026-11"
"""Whoever agreed to an older version is shown this one again."""
PURPOSE = "account"


@dataclass(frozen=True, slots=True)
class Clause:
    """One use of personal data: what is used, why and on which ground, how long it is kept."""

    what: str
    why: str
    ground: str
    how_long: str


def processor() -> str:
    """Who processes the data, as the notice names them."""
    return _("%(region)s融通平台的主管部门") % {"region": settings.ENVIRONMENT.region_name}


def clauses() -> list[Clause]:
    """The uses of personal data, those that everybody meets first."""
    return [
        Clause(
            _("姓名、账号、邮箱、任职单位、身份"),
            _("让您代表自己或单位办理业务，让对方知道是谁办的"),
            _("办理业务所必需"),
            _("账号存续期间；注销后去掉姓名，只留编号"),
        ),
        Clause(
            _("登录的时间、网络地址、浏览器"),
            _("保护账号安全，发现他人冒用"),
            _("网络安全法规定的义务"),
            _("至少 6 个月；删除账号时随即去掉地址和浏览器"),
        ),
        Clause(
            _("操作记录，以及谁看过不公开的内容"),
            _("追溯谁在什么时候依据什么办了什么"),
            _("网络安全法、数据安全法规定的义务"),
            _("查阅记录至少 3 年；操作记录随业务保存"),
        ),
        Clause(
            _("专家资料：专长、代表性工作、单位、联系方式"),
            _("列入专家库，供需要的单位查找"),
            _("您的同意，随时可以撤回"),
            _("到您撤回或要求删除为止"),
        ),
        Clause(
            _("您公开的专业内容"),
            _("由平台计算与哪些需求相关并推荐；是否联系由人决定"),
            _("您单独的同意，随时可以撤回"),
            _("撤回后立即停止"),
        ),
    ]


def has_read(actor: Actor) -> bool:
    """Whether the person behind ``actor`` has confirmed the notice in force; nobody in person has nothing to read."""
    person = person_of(actor)
    given = in_force(PURPOSE).filter(subject=person, recipient=None, wording__endswith=VERSION)
    return person is None or given.exists()
