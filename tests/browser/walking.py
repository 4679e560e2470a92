"""Walking the portal as a person would: from every address without arguments along the links, each address once a name.

Pages are read through Django's test client, which is quick; a browser then looks at what differs in its make-up.
"""

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from django.test import Client
from django.urls import resolve, reverse
from django.urls.exceptions import Resolver404

from rongtong.portal.urls import urlpatterns

ENDING = frozenset({"sign-out", "language", "appearance"})
"""What a walk must not open: it would be somebody else, or read another language, afterwards."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A page somebody opened: under which name and address, with which status, and how it is made."""

    name: str
    address: str
    status: int
    size: int
    made: "Make"


@dataclass
class Make(HTMLParser):
    """What a page is made of: its title, its headings, its links, and each sort of element of its content."""

    title: str = ""
    headings: int = 0
    styled: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    elements: set[str] = field(default_factory=set)
    _in_title: bool = False
    _in_content: bool = False

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._in_title = tag == "title" and not self.title
        self.headings += tag == "h1"
        self.styled += [self.get_starttag_text() or tag] if "style" in given else []
        self.links += [address for address in (given.get("href"),) if tag == "a" and address]
        self._in_content |= tag == "main"
        if self._in_content:
            self.elements.add(f"{tag}.{given.get('class') or ''}")

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title, self._in_title = data.strip(), False


def names_without_arguments() -> list[str]:
    return [each.name for each in urlpatterns if each.name not in ENDING and not each.pattern.converters]


def walk(client: Client, *also: str) -> Iterator[Seen]:
    """What whoever is behind ``client`` can open, by following links; pages only, no files and no parts of pages.

    ``also`` are addresses that no link may lead to. Of each name one address is opened, and one that asks something
    after a question mark.
    """
    waiting = [*also, *(reverse(f"portal:{name}") for name in names_without_arguments())]
    met: set[tuple[str, bool]] = set()
    known = set(waiting)
    while waiting:
        address = waiting.pop(0)
        name = _name(address)
        asking = bool(urlsplit(address).query)
        if not name or name in ENDING or (name, asking) in met:
            continue
        met.add((name, asking))
        if seen := _open(client, name, address):
            yield seen
            found = [_within(address, link) for link in seen.made.links]
            waiting += [each for each in dict.fromkeys(found) if each and each not in known]
            known.update(found)


def _open(client: Client, name: str, address: str) -> Seen | None:
    answer = client.get(address)
    if answer.streaming:
        deque(answer.streaming_content, maxlen=0)  # a file that is read to its end is closed
    if answer.status_code in (301, 302, 405) or "html" not in answer.headers.get("Content-Type", ""):
        return None
    text = answer.content.decode()
    if "<html" not in text:
        return None
    made = Make()
    made.feed(re.sub(r"<svg.*?</svg>", "<svg></svg>", text, flags=re.S))
    return Seen(name, address, answer.status_code, len(answer.content), made)


def _name(address: str) -> str:
    try:
        met = resolve(urlsplit(address).path)
    except Resolver404:
        return ""
    return met.url_name or "" if met.app_name == "portal" else ""


def _within(address: str, link: str) -> str:
    """Where a link leads on this host; empty for another host, a place on the page or a letter."""
    target = urlsplit(urljoin(address, link))
    if target.netloc or target.scheme:
        return ""
    return target._replace(fragment="").geturl()
