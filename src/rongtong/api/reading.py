"""What is read and written: JSON that a database can keep, and answers that a person can read too."""

import json
from typing import Any

from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from ninja.errors import HttpError
from ninja.parser import Parser
from ninja.renderers import JSONRenderer
from ninja.types import DictStrAny


class CarefulParser(Parser):
    """Refuses what JSON or UTF-8 cannot say and PostgreSQL cannot keep: NaN, lone surrogates, NUL."""

    def parse_body(self, request: HttpRequest) -> DictStrAny:
        value: DictStrAny = json.loads(request.body, parse_constant=_no_constant)
        _check(value)
        return value

    def parse_querydict(
        self, data: MultiValueDict[str, Any], list_fields: list[str], request: HttpRequest
    ) -> DictStrAny:
        value = super().parse_querydict(data, list_fields, request)
        try:
            _check(value)
        except ValueError as error:
            raise HttpError(400, str(error)) from None
        return value


class PlainRenderer(JSONRenderer):
    """JSON with Chinese as Chinese."""

    json_dumps_params = {"ensure_ascii": False}


def _check(value: Any) -> None:
    if isinstance(value, str):
        if "\x00" in value:
            raise ValueError("a NUL character cannot be kept")
        value.encode()
    elif isinstance(value, dict):
        for key, item in value.items():
            _check(key)
            _check(item)
    elif isinstance(value, list):
        for item in value:
            _check(item)


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")
