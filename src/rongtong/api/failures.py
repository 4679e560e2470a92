"""Every refusal in one form: what was wrong, and each problem with its field."""

import logging
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.core.signals import got_request_exception
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from rongtong.api.shapes import Failure, ProblemShape
from rongtong.domain.foundation.actions import note_refusal
from rongtong.domain.foundation.actors import VISITOR, Actor
from rongtong.domain.foundation.errors import AccessDenied, DomainError, Invalid, TryLater
from rongtong.domain.foundation.limits import TooMany

log = logging.getLogger("django.request")

REFUSALS = {frozenset({400, 401, 403, 404, 409, 422, 429, 500, 503}): Failure}
"""The answers that every operation may give besides its own."""

INVALID, CONFLICT, NOT_FOUND, UNAVAILABLE = 422, 409, 404, 503
MOST_PATH = 200

READABLE = {
    "kind_unknown": gettext_noop("没有“%(kind)s”这类记录。"),
    "missing": gettext_noop("必填。"),
    "extra_forbidden": gettext_noop("没有这个字段。"),
    "string_type": gettext_noop("应为文字。"),
    "string_too_long": gettext_noop("最多 %(max_length)s 个字。"),
    "string_too_short": gettext_noop("最少 %(min_length)s 个字。"),
    "int_type": gettext_noop("应为整数。"),
    "int_parsing": gettext_noop("应为整数。"),
    "int_from_float": gettext_noop("应为整数。"),
    "float_parsing": gettext_noop("应为数字。"),
    "float_type": gettext_noop("应为数字。"),
    "bool_parsing": gettext_noop("应为 true 或 false。"),
    "bool_type": gettext_noop("应为 true 或 false。"),
    "dict_type": gettext_noop("应为对象。"),
    "list_type": gettext_noop("应为列表。"),
    "greater_than_equal": gettext_noop("不能小于 %(ge)s。"),
    "less_than_equal": gettext_noop("不能大于 %(le)s。"),
    "literal_error": gettext_noop("应为下列之一：%(expected)s。"),
    "enum": gettext_noop("应为下列之一：%(expected)s。"),
    "uuid_parsing": gettext_noop("应为 UUID。"),
    "uuid_type": gettext_noop("应为 UUID。"),
    "date_from_datetime_parsing": gettext_noop("应为日期，例如 2025-06-30。"),
    "date_parsing": gettext_noop("应为日期，例如 2025-06-30。"),
    "model_attributes_type": gettext_noop("应为对象。"),
    "string_pattern_mismatch": gettext_noop("格式不对。"),
}


def answer_failures(api: NinjaAPI) -> None:
    """Teach ``api`` to answer each kind of failure."""
    answers: dict[type[Exception], Any] = {
        TooMany: _of_haste,
        DomainError: _of_domain,
        ObjectDoesNotExist: _not_found,
        Http404: _not_found,
        ValidationError: _of_shape,
        HttpError: _of_http,
        Exception: _of_fault,
    }
    for failure, answer in answers.items():
        api.add_exception_handler(failure, answer)


def no_such_address(request: HttpRequest) -> HttpResponse:
    """There is nothing at this address."""
    return failed(NOT_FOUND, _("接口没有这个地址。可用的地址见 /api/v1/openapi.json。"))


def unreadable(request: HttpRequest) -> HttpResponse:
    """The request is not one."""
    return failed(400, _("请求读不懂：应为 UTF-8 编码的 JSON，不含 NaN 和空字符。"))


def forbidden(request: HttpRequest) -> HttpResponse:
    """Refused before any operation was reached."""
    return failed(403, _("您当前的身份没有这项权限。"))


def broken(request: HttpRequest) -> HttpResponse:
    """A fault of ours; what it was is in the log alone."""
    return failed(500, _("服务器出错了，这一步没有完成，已保存的内容是安全的。错误已记入日志，请稍后重试。"))


def failed(status: int, message: str, problems: tuple[ProblemShape, ...] = ()) -> HttpResponse:
    """A refusal as an answer."""
    body = Failure(message=message, problems=list(problems)).model_dump()
    return JsonResponse(body, status=status, json_dumps_params={"ensure_ascii": False})


def _of_domain(request: HttpRequest, error: DomainError) -> HttpResponse:
    try:
        if isinstance(error, AccessDenied):
            note_refusal(_caller(request), f"{request.method} {request.path}"[:MOST_PATH], error)
    except TryLater as busy:
        error = busy
    problems = error.problems if isinstance(error, Invalid) else ()
    shaped = tuple(ProblemShape(field=item.field, message=item.message, row=item.row) for item in problems)
    return failed(_status(request, error), error.message, shaped)


def _status(request: HttpRequest, error: DomainError) -> int:
    if isinstance(error, AccessDenied):
        return 403 if _caller(request).signed_in else 401
    if isinstance(error, TryLater):
        return UNAVAILABLE
    return INVALID if isinstance(error, Invalid) else CONFLICT


def _caller(request: HttpRequest) -> Actor:
    return getattr(request, "auth", VISITOR)


def _not_found(request: HttpRequest, error: Exception) -> HttpResponse:
    return failed(NOT_FOUND, _("没有这条记录，或者您当前的身份看不到它。"))


def _of_http(request: HttpRequest, error: HttpError) -> HttpResponse:
    if error.status_code == 400:
        return unreadable(request)
    return failed(error.status_code, error.message)


def _of_haste(request: HttpRequest, error: TooMany) -> HttpResponse:
    response = failed(429, error.message)
    response.headers["Retry-After"] = str(error.retry_after)
    return response


def _of_fault(request: HttpRequest, error: Exception) -> HttpResponse:
    """As Django treats a fault in a view: logged with its traceback, told to whoever listens, and answered with 500."""
    log.error("Internal Server Error: %s", request.path, exc_info=error, extra={"status_code": 500})
    got_request_exception.send(sender=None, request=request)
    return broken(request)


def _of_shape(request: HttpRequest, error: ValidationError) -> HttpResponse:
    problems = tuple(_problem(item) for item in error.errors)
    return failed(INVALID, _("有 %(count)s 处需要修改，什么都没有改变。") % {"count": len(problems)}, problems)


def _problem(item: dict[str, Any]) -> ProblemShape:
    # The location begins with where it was read from and, for a body, the parameter's name in our code.
    source, *place = item["loc"]
    place = place[1:] if source in ("body", "query") and len(place) > 1 else place
    template = READABLE.get(item["type"])
    message = _(template) % item.get("ctx", {}) if template else _("格式不对。")
    return ProblemShape(field=".".join(map(str, place)), message=message)
