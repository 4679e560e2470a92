"""What went wrong before or beyond a view, answered in the manner of the front door it was asked at."""

from django.http import HttpRequest, HttpResponse

from rongtong.api import failures as api
from rongtong.portal import errors as portal

API = "/api/"


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return api.unreadable(request) if _of_api(request) else portal.bad_request(request, exception)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return api.forbidden(request) if _of_api(request) else portal.forbidden(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return api.no_such_address(request) if _of_api(request) else portal.not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    return api.broken(request) if _of_api(request) else portal.server_error(request)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    return api.forbidden(request) if _of_api(request) else portal.csrf_failed(request, reason)


def _of_api(request: HttpRequest) -> bool:
    return request.path.startswith(API)
