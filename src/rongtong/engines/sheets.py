"""No cell of a sheet that leaves the house is taken for a formula by the program that opens it."""

import re

Cell = str | int | float
STARTS = "=+\\-@\t\r\n＝＋－＠"
"""What spreadsheets take a formula to begin with (OWASP, CSV Injection), the full-width forms among them."""
RISKY = f"^'*[{STARTS}]"
_RISKY = re.compile(RISKY)
_ESCAPED = re.compile(f"'+[{STARTS}]")


def guarded(value: Cell) -> Cell:
    """``value`` so that no spreadsheet takes it for a formula; numbers stay numbers.

    Text that begins like a formula (or like an escaped one) gets an apostrophe in front (CWE-1236); :func:`bare` takes
    it off again, so nothing is lost on the way out and back.
    """
    return f"'{value}" if isinstance(value, str) and _RISKY.match(value) else value


def bare(value: object) -> object:
    """A cell as it was before :func:`guarded`."""
    return value[1:] if isinstance(value, str) and _ESCAPED.match(value) else value
