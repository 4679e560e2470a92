"""Which step of a record or of a disclosure tells whom what."""

from rongtong.domain.foundation.words import Words
from rongtong.domain.mailbox.telling import About, Recipient, Saying, announce, call_nameless, people_of, person
from rongtong.domain.registry.models import Disclosure, Resource


def _owner(record: Resource) -> list[Recipient]:
    return people_of(record.owner_id)


def _asker(disclosure: Disclosure) -> list[Recipient]:
    return people_of(disclosure.party_id) if disclosure.party_id else person(disclosure.account)


def _asked(disclosure: Disclosure) -> list[Recipient]:
    return people_of(disclosure.record_owner)


def _unnamed(disclosure: Disclosure) -> About:
    return About("")


def _record(record: Resource) -> About:
    """The owner's own record: its title is theirs to read, and leaves the house with nobody."""
    return About("" if record.sealed else record.title)


call_nameless("registry.disclosure", Words("一份披露申请", "a disclosure"))
call_nameless("registry.resource", Words("一条记录", "a record"))
announce(
    {
        "registry.return": Saying(Words("{title}被退回修改", "{title} was returned to you"), _owner, _record),
        "registry.verify": Saying(Words("{title}已核实", "{title} was verified"), _owner, _record),
        "registry.publish": Saying(Words("{title}已发布", "{title} was published"), _owner, _record),
        "registry.expire": Saying(Words("请确认{title}是否仍有效", "Please confirm that {title} still holds"), _owner, _record),
        "disclosure.ask": Saying(Words("收到{title}，请答复", "You received {title}: please answer"), _asked, _unnamed),
        "disclosure.grant": Saying(Words("{title}已获同意", "{title} was granted"), _asker, _unnamed),
        "disclosure.refuse": Saying(Words("{title}未获同意", "{title} was refused"), _asker, _unnamed),
        "disclosure.revoke": Saying(Words("{title}已收回", "{title} was revoked"), _asker, _unnamed),
    }
)  # fmt: skip
