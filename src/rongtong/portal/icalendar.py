"""Calendars for calendar programs (iCalendar, RFC 5545)."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpResponse
from django.utils import timezone

FOLD = 75
"""Octets of a line, its end not counted (RFC 5545, 3.1)."""
DAY = dt.timedelta(days=1)
HOST = "rongtong"


@dataclass(frozen=True, slots=True)
class Event:
    """An entry: on a day, or at an hour. ``key`` stays the same when the day moves, so that programs move it too."""

    key: str
    at: dt.date | dt.datetime
    summary: str
    description: str = ""
    url: str = ""


def calendar(name: str, events: Iterable[Event], *, title: str = "", now: dt.datetime | None = None) -> str:
    """The calendar as text; ``name`` tells which of ours it is, ``title`` is what a program calls it."""
    stamp = _utc(now or timezone.now())
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:-//Rongtong//{name}//ZH", "CALSCALE:GREGORIAN"]
    lines += [f"X-WR-CALNAME:{_escaped(title)}"] if title else []
    for event in events:
        lines += _lines(event, stamp)
    return "".join(f"{part}\r\n" for line in [*lines, "END:VCALENDAR"] for part in _folded(line))


def answer(text: str, file: str) -> HttpResponse:
    """A calendar as a file."""
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{file}"'
    return response


def _lines(event: Event, stamp: str) -> list[str]:
    lines = ["BEGIN:VEVENT", f"UID:{event.key}@{HOST}", f"DTSTAMP:{stamp}"]
    if isinstance(event.at, dt.datetime):
        lines.append(f"DTSTART:{_utc(event.at)}")
    else:
        lines += [f"DTSTART;VALUE=DATE:{event.at:%Y%m%d}", f"DTEND;VALUE=DATE:{event.at + DAY:%Y%m%d}"]
    lines.append(f"SUMMARY:{_escaped(event.summary)}")
    lines += [f"DESCRIPTION:{_escaped(event.description)}"] if event.description else []
    lines += [f"URL:{event.url}"] if event.url else []
    return [*lines, "TRANSP:TRANSPARENT", "END:VEVENT"]


def _utc(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%SZ")


def _escaped(words: str) -> str:
    """Text as RFC 5545, 3.3.11 has it; what could begin another line is gone."""
    plain = words.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return "\\n".join("".join(letter for letter in line if letter.isprintable()) for line in plain.splitlines())


def _folded(line: str) -> list[str]:
    """A line in parts of at most 75 octets, each after the first begun with a space; no character is cut in two."""
    parts, here = [], b""
    for letter in line:
        octets = letter.encode()
        if len(here) + len(octets) > FOLD:
            parts.append(here)
            here = b" "
        here += octets
    return [part.decode() for part in [*parts, here]]
