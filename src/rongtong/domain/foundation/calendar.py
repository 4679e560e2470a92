"""Working days: which days people work, what day it is n working days on, how many lie between two days.

Weekends, less the public holidays and plus the make-up workdays that the State Council's General Office announces each
year. The years shipped stand in ``packs/calendars/cn-workdays.yaml``; ``calendars/cn-workdays.yaml`` in the data folder
adds a year or puts one right.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.utils.translation import gettext as _

from rongtong.domain.foundation.errors import DomainError

FILE = "cn-workdays.yaml"
SHIPPED = Path(str(files("rongtong") / "packs" / "calendars" / FILE))
SATURDAY = 5
DAY = timedelta(days=1)


class NoCalendar(DomainError):
    """Which days of ``year`` are worked is not known, or not written as it should be."""

    def __init__(self, message: str, year: int) -> None:
        super().__init__(message)
        self.year = year


@dataclass(frozen=True, slots=True)
class Year:
    """The exceptions of one year: weekdays that are holidays (``names`` says which), weekend days that are worked."""

    holidays: frozenset[date]
    workdays: frozenset[date]
    names: Mapping[date, str]


def is_working_day(day: date) -> bool:
    """Whether people work on ``day``; raises :class:`NoCalendar` for a year without a calendar."""
    year = _year(day.year)
    return day in year.workdays or (day.weekday() < SATURDAY and day not in year.holidays)


def holiday_name(day: date) -> str:
    """What the holiday on ``day`` is called, in Chinese; "" on every other day. Raises :class:`NoCalendar`."""
    return _year(day.year).names.get(day, "")


def add_working_days(start: date, count: int) -> date:
    """The ``count``-th working day after ``start``, which itself does not count; ``start`` for none.

    A term of 15 working days from acceptance on ``start`` runs to the end of that day. Raises ValueError for a negative
    count and :class:`NoCalendar` where the term reaches into a year without a calendar.
    """
    if count < 0:
        raise ValueError(f"{count} working days: a term does not run backwards")
    day = start
    for _counted in range(count):
        day = _next_working_day(day)
    return day


def working_days_between(start: date, end: date) -> int:
    """How many working days have passed from ``start`` (not counted) to ``end`` (counted); negative backwards.

    The inverse of :func:`add_working_days`. Raises :class:`NoCalendar`.
    """
    if end < start:
        return -working_days_between(end, start)
    return sum(is_working_day(day) for day in _days(start + DAY, end))


def _next_working_day(day: date) -> date:
    day += DAY
    while not is_working_day(day):
        day += DAY
    return day


def _days(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + number * DAY


def _year(number: int) -> Year:
    own = Path(settings.HOME) / "calendars" / FILE
    stamp = own.stat().st_mtime_ns if own.is_file() else 0
    found = _table(own, stamp).get(number)
    if found is None:
        raise NoCalendar(
            _("没有 %(year)s 年的放假调休安排，请在数据目录的 calendars/%(file)s 中补充这一年。")
            % {"year": number, "file": FILE},
            number,
        )
    return found


@lru_cache(maxsize=2)
def _table(own: Path, stamp: int) -> Mapping[int, Year]:
    """Every year known; ``stamp`` is when the operator's own file was changed, 0 where there is none."""
    return {**_read(SHIPPED), **(_read(own) if stamp else {})}


def _read(path: Path) -> dict[int, Year]:
    written = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    return {number: _checked(number, entry) for number, entry in written.items()}


def _checked(number: int, entry: Any) -> Year:
    """One year as written; a slip in it would silently shift deadlines."""
    try:
        names = {day: str(name) for first, last, name in entry["holidays"] for day in _days(first, last)}
        holidays = frozenset(names)
        workdays = frozenset(entry["workdays"])
        sound = all(day.weekday() >= SATURDAY for day in workdays) and not holidays & workdays
        sound = sound and all(day.year == number for day in holidays | workdays)
    except (AttributeError, KeyError, TypeError, ValueError):
        sound = False
    if not sound:
        raise NoCalendar(
            _("%(year)s 年的放假调休安排写法有误：节假日应为 [起, 止, 名称]，调休上班日应在周末，且都在当年。")
            % {"year": number},
            int(number) if str(number).isdecimal() else 0,
        )
    return Year(holidays, workdays, names)
