"""Addresses: the API under ``/api/``, everything else is the portal."""

from django.urls import include, path

urlpatterns = [
    path("api/", include("rongtong.api.urls")),
    path("", include("rongtong.portal.urls")),
]

handler400 = "rongtong.site.failures.bad_request"
handler403 = "rongtong.site.failures.forbidden"
handler404 = "rongtong.site.failures.not_found"
handler500 = "rongtong.site.failures.server_error"
