"""The forms that stand on a page, as a browser would send them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

SENT_BY_PART = ("hx-post", "hx-put", "hx-delete", "hx-patch")


@dataclass
class Form:
    """Where a form is sent, and what stands in it."""

    action: str
    values: dict[str, list[str]] = field(default_factory=dict)


def forms_of(page: str, address: str) -> list[Form]:
    """Every form that is sent (not asked), and every part that sends by itself."""
    reader = _Reader(address)
    reader.feed(page)
    return reader.found


class _Reader(HTMLParser):
    def __init__(self, address: str) -> None:
        super().__init__()
        self.address, self.found = address, []
        self.form: Form | None = None
        self.select = self.area = ""

    found: list[Form]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        sends = next((given[name] for name in SENT_BY_PART if name in given), None)
        if tag == "form" and (given.get("method", "").lower() == "post" or sends is not None):
            self.form = Form(sends or given.get("action") or self.address)
            self.found.append(self.form)
        elif sends:
            self.found.append(Form(sends))
        if self.form is not None:
            self._keep(tag, given)

    def _keep(self, tag: str, given: dict[str, str]) -> None:
        assert self.form is not None
        name = given.get("name", "")
        if tag in ("input", "button") and name and name != "csrfmiddlewaretoken":
            self.form.values.setdefault(name, []).append(given.get("value", ""))
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and given.get("value"):
            self.form.values.setdefault(self.select, [given["value"]])
        elif tag == "textarea":
            self.area = name

    def handle_data(self, data: str) -> None:
        if self.form is not None and self.area:
            self.form.values.setdefault(self.area, []).append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = None
        elif tag == "select":
            self.select = ""
        elif tag == "textarea":
            self.area = ""
