"""The box that stands before everything that is handed in."""

from typing import Any

from django import template

from rongtong.domain.foundation.documents.declaration import FIELD, TEXT

register = template.Library()


@register.inclusion_tag("portal/parts/declaration.html")
def declaration(wrong: str = "") -> dict[str, Any]:
    """The declaration that what is handed in holds no state secret, to be ticked; ``wrong`` says why it came back."""
    return {"field": FIELD, "text": TEXT, "wrong": wrong}
