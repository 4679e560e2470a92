"""Pages for what went wrong: what happened, what is safe, what to do."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from rongtong.domain.foundation.limits import TooMany
from rongtong.portal.http import page


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, 400, _("这个请求读不懂"), _("地址或表单不完整，什么都没有改变。请返回上一页重新操作。"))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return refused(request, _("您当前的身份不能打开这个页面。如确有需要，请联系本地区的管理部门。"))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(
        request,
        404,
        _("没有找到这个页面"),
        _("它可能已被移走、撤回，或者您当前的身份看不到它。可以搜索名称，或登录后再试。"),
    )


def not_to_be_opened(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """The address of a form's button, opened or reloaded by itself; ``answer`` says what it takes."""
    text = _("它只接收表单的提交，什么都没有改变。请返回上一页，从那里操作。")
    response = _page(request, 405, _("这个地址不能直接打开"), text)
    response.headers["Allow"] = answer.headers["Allow"]
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    return _page(
        request, 500, _("服务器出错了"), _("这一步没有完成，已保存的内容是安全的。错误已记入日志，请稍后重试。")
    )


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form has lost its token: usually a page left open over a sign-in."""
    return _page(request, 403, _("页面已过期"), _("页面打开得太久，或在别处重新登录过。请返回上一页，刷新后再提交。"))


def refused(request: HttpRequest, reason: str) -> HttpResponse:
    """No permission: the reason, and the way to sign in for whoever has not."""
    return _page(request, 403, _("没有权限"), reason)


def impossible(request: HttpRequest, reason: str) -> HttpResponse:
    """Something that cannot be done now; nothing was changed."""
    return _page(request, 409, _("这一步没有完成"), reason)


def busy(request: HttpRequest, reason: str) -> HttpResponse:
    """The platform cannot note just now what it would show, so it shows nothing; in a minute it can."""
    response = _page(request, 503, _("请稍后再试"), reason)
    response.headers["Retry-After"] = "60"
    return response


def _page(request: HttpRequest, status: int, heading: str, text: str) -> HttpResponse:
    return page(request, "error", {"status": status, "heading": heading, "text": text}, status=status)


def too_many(request: HttpRequest, refusal: TooMany) -> HttpResponse:
    """Somebody asks too often: in how many seconds they may again."""
    response = _page(request, 429, _("操作太频繁"), refusal.message)
    response.headers["Retry-After"] = str(refusal.retry_after)
    return response
