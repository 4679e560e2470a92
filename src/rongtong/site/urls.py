"""Addresses: the API under ``/api/``, everything else is the portal."""

from django.urls import include, path

urlpatterns = [
    path("api/", include("rongtong.api.urls")),
    path("", include("rongtong.portal.urls")),
]

handler400 = "rongtong.portal.errors.bad_request"
handler403 = "rongtong.portal.errors.forbidden"
handler404 = "rongtong.portal.errors.not_found"
handler500 = "rongtong.portal.errors.server_error"
