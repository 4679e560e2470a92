"""The security administrator links an account to a person whom the region's identity provider knows, or ends that."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from rongtong.domain.foundation.access import scope
from rongtong.domain.foundation.errors import Invalid
from rongtong.domain.parties.models import Account, OutsideIdentity
from rongtong.domain.parties.signing.identities import bind_identity, release_identity
from rongtong.portal.attempts import Attempt
from rongtong.portal.http import Request, done


@login_required
@require_POST
def bind(request: Request, number: int) -> HttpResponse:
    """Say which person of the provider an account is: by the mark that the person was shown there."""
    account = get_object_or_404(scope(request.actor, "view", Account.objects.all()), pk=number)
    issuer, subject = str(settings.ENVIRONMENT.oidc_issuer or "").rstrip("/"), request.POST.get("subject", "").strip()
    back = reverse("portal:admin-account", args=[number])
    with Attempt(Invalid) as attempt:
        bind_identity(actor=request.actor, account=account, issuer=issuer, subject=subject)
        return done(request, _("已关联，对方可以用统一身份登录。"), back)
    messages.error(request, attempt.message)
    return HttpResponseRedirect(back)


@login_required
@require_POST
def release(request: Request, number: int, identity: int) -> HttpResponse:
    """End the link; its person signs in another way."""
    found = get_object_or_404(scope(request.actor, "view", OutsideIdentity.objects.all()), pk=identity, account=number)
    release_identity(actor=request.actor, identity=found)
    return done(request, _("已取消关联。"), reverse("portal:admin-account", args=[number]))
