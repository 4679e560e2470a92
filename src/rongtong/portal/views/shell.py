"""The shell's own pages: home, help, appearance, language."""

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from rongtong.domain.leads.queries import funnel
from rongtong.domain.parties.actions import set_language
from rongtong.domain.parties.models import Account
from rongtong.domain.registry.models import Resource
from rongtong.domain.registry.queries import Filters, counts_by_kind, listing, summary
from rongtong.domain.registry.taxonomies import all_schemes
from rongtong.engines.matching.calibration import thresholds
from rongtong.portal.context import THEMES
from rongtong.portal.http import Request, back_to, page

YEAR = 365 * 24 * 3600
NEWEST = 6


@require_POST
def appearance(request: Request) -> HttpResponse:
    """Keep the reader's choice of light, dark or the system's."""
    theme = request.POST.get("theme", "auto")
    response = HttpResponseRedirect(back_to(request))
    response.set_cookie("theme", theme if theme in THEMES else "auto", max_age=YEAR, samesite="Lax")
    return response


@require_POST
def language(request: Request) -> HttpResponse:
    """Keep the language the reader reads, on this device and, when signed in, in their account."""
    wanted = request.POST.get("language", "")
    response = HttpResponseRedirect(back_to(request))
    if not translation.check_for_language(wanted):
        return response
    response.set_cookie(settings.LANGUAGE_COOKIE_NAME, wanted, max_age=YEAR, samesite="Lax")
    account = Account.objects.filter(username=request.user.get_username()).first()
    if account is not None:
        set_language(actor=request.actor, account=account, language=wanted)
    return response


@require_safe
def home(request: Request) -> HttpResponse:
    """One search box, what is in the house today, the newest on either side."""
    counts = counts_by_kind(request.actor)
    context = {
        "counts": [(kind, count) for kind, count in counts if count],
        "today": timezone.now(),
        "demands": _newest(request, "demand"),
        "achievements": _newest(request, "achievement"),
        "stages": funnel(request.actor),
    }
    return page(request, "home", context)


def _newest(request: Request, kind: str) -> list[tuple[Resource, str]]:
    found = listing(request.actor, Filters(kind=kind, state="published"))[:NEWEST]
    return [(record, summary(record, longest=90)) for record in found]


@require_safe
def help_page(request: Request) -> HttpResponse:
    """How to work here, the keys, and where the data comes from."""
    return page(request, "help", {"schemes": all_schemes(), "bands": _bands()})


def _bands() -> list[tuple[float, str]]:
    """From which probability on each word is used, and what it means."""
    least = thresholds()
    return [
        (least.introduce, _("从这个概率起：可以直接约谈。")),
        (least.suitable, _("从这个概率起：有依据，但有一两处要问清。")),
        (least.related, _("从这个概率起：同一领域，解决的不是同一个问题。")),
        (0.0, _("更低：只有词语相近。")),
    ]
