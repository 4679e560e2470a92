"""What one is told: messages, how they are mailed, the address of one's calendar."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from rongtong.domain.foundation import audit
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.errors import Invalid
from rongtong.domain.foundation.words import Words
from rongtong.domain.mailbox import actions, queries
from rongtong.domain.mailbox.access import OWN_MESSAGES
from rongtong.domain.mailbox.due import due_for
from rongtong.domain.mailbox.models import Message
from rongtong.domain.mailbox.telling import nameless, sentence
from rongtong.domain.parties.models import Account
from rongtong.domain.parties.signing.mail import mail_is_sent
from rongtong.domain.programmes.models import Topic
from rongtong.domain.programmes.queries.waiting import QUIET
from rongtong.domain.programmes.states import ON_THE_LIST
from rongtong.portal.attempts import Attempt
from rongtong.portal.challenging import topic_or_404
from rongtong.portal.http import Request, done, known_or_404, or_404, page, paged
from rongtong.portal.icalendar import Event, answer, calendar
from rongtong.portal.links import absolute
from rongtong.portal.next_pages import page_of

REFUSED = 422
HOW_OFTEN = {
    "daily": Words("每天一封（有事才发）", "Once a day, when there is something"),
    "weekly": Words("每周一封（周一）", "Once a week, on Mondays"),
    "none": Words("不发邮件，只在这里看", "No mail: here alone"),
}
UNNOTED = {model._meta.label_lower for model in QUIET}
"""About these a message names a topic that is public; that one was told of them is noted nowhere."""


@login_required
@require_safe
def listing(request: Request) -> HttpResponse:
    """One's messages, latest first, and how they are sent."""
    return _page(request)


@login_required
@require_POST
def read_all(request: Request) -> HttpResponse:
    """Mark everything as read."""
    actions.read_messages(actor=request.actor)
    return done(request, _("已全部标为已读。"), reverse("portal:messages"))


@login_required
@require_POST
def open_one(request: Request, identifier: UUID) -> HttpResponse:
    """Mark a message as read and go to what it is about; where that has no page, stay."""
    message = or_404(queries.message_of, request.actor, identifier)
    actions.read_messages(actor=request.actor, messages=[message.pk])
    return HttpResponseRedirect(page_of(message.kind, message.entity) or reverse("portal:messages"))


@login_required
@require_POST
def deliver(request: Request) -> HttpResponse:
    """Choose how often a mail comes."""
    with Attempt(Invalid) as attempt:
        actions.choose_delivery(actor=request.actor, often=request.POST.get("often", ""))
        return done(request, _("已保存。"), reverse("portal:messages") + "#delivery")
    return _page(request, failed=attempt.message)


@login_required
@require_POST
def make_feed(request: Request) -> HttpResponse:
    """A new calendar address, shown this once."""
    _feed, secret = actions.make_feed(actor=request.actor)
    return _page(request, address=absolute(request, reverse("portal:calendar-file", args=(secret,))))


@login_required
@require_POST
def revoke_feed(request: Request) -> HttpResponse:
    """Have the calendar address answer nobody any more."""
    feed = queries.feed_of(request.actor)
    if feed is not None:
        actions.revoke_feed(actor=request.actor, feed=feed)
    return done(request, _("日历地址已停用。"), reverse("portal:messages") + "#calendar")


@never_cache
@require_safe
def calendar_file(request: Request, secret: str) -> HttpResponse:
    """What falls due for whoever made this address, for a calendar program; it needs no session, and opens none."""
    actor = known_or_404(queries.actor_of_feed(secret))
    events = [
        Event(
            f"{due.kind}-{due.entity}",
            due.by,
            _("%(what)s：%(title)s") % {"what": due.what, "title": due.title or nameless(due.kind)},
            url=absolute(request, reverse("portal:workbench")),
        )
        for due in due_for(actor)
    ]
    return answer(calendar("deadlines", events, title=_("融通待办")), "rongtong.ics")


@require_safe
def topic_calendar(request: Request, identifier: UUID) -> HttpResponse:
    """The public days of a topic: when it opens and closes, and until when its result may be objected to."""
    topic = topic_or_404(request, identifier)
    if topic.state not in ON_THE_LIST:
        raise Http404
    address = absolute(request, reverse("portal:topic", args=(topic.pk,)))
    return answer(calendar("topic", _public_days(topic, address), title=topic.title), "topic.ics")


def _public_days(topic: Topic, address: str) -> list[Event]:
    hours = (("opens", topic.opens_at, _("开始受理：%(title)s")), ("closes", topic.closes_at, _("揭榜截止：%(title)s")))
    events = [
        Event(f"{topic.pk}-{key}", at, words % {"title": topic.title}, url=address) for key, at, words in hours if at
    ]
    running = topic.notices.filter(state="running").order_by("starts")
    return events + [
        Event(f"{notice.pk}-notice", notice.ends, _("公示截止：%(title)s") % {"title": topic.title}, url=address)
        for notice in running
    ]


def _page(request: Request, failed: str = "", address: str = "") -> HttpResponse:
    actor = request.actor
    found = queries.messages_of(actor)
    only_unread = request.GET.get("unread") == "1"
    shown = paged(request, found.filter(read_at=None) if only_unread else found)
    _note(actor, list(shown))
    account = Account.objects.get(pk=actor.account or 0)
    context = {
        "page": shown,
        "total": shown.paginator.count,
        "rows": [(message, sentence(message), bool(page_of(message.kind, message.entity))) for message in shown],
        "only_unread": only_unread,
        "unread": queries.unread_of(actor),
        "elsewhere": queries.unread_elsewhere(actor),
        "often": queries.delivery_of(actor).often,
        "choices": HOW_OFTEN.items(),
        "mail": mail_is_sent(),
        "email": account.email,
        "failed": failed,
        "feed": queries.feed_of(actor),
        "address": address,
    }
    answered = page(request, "messages", context, status=REFUSED if failed else 200)
    if address:
        answered.headers["Cache-Control"] = "private, no-store"
    return answered


def _note(actor: Actor, messages: list[Message]) -> None:
    """The titles of what is not for everybody were shown."""
    closed = [each for each in messages if each.title and not each.public and each.kind not in UNNOTED]
    audit.shown(actor, "list", [(each, ["title"], OWN_MESSAGES.because.zh) for each in closed])
