"""What stands in a cell of a file that leaves the house or comes in."""

import re

HIDDEN = "（无权查看）"
"""Stands in an export where the reader may not see the value; an import leaves such a value as it is."""

SKIPPED = "示例（导入时跳过）"
"""In the column of external ids it marks the sample line of a template."""

_RISKY = re.compile(r"'*[=+\-@\t\r\n]")
_ESCAPED = re.compile(r"'+[=+\-@\t\r\n]")


def guarded(value: str | int | float) -> str | int | float:
    """``value`` so that no spreadsheet takes it for a formula; numbers stay numbers.

    Text that begins like a formula (or like an escaped one) gets an apostrophe in front (CWE-1236); :func:`bare` takes
    it off again, so nothing is lost on the way out and back.
    """
    return f"'{value}" if isinstance(value, str) and _RISKY.match(value) else value


def bare(value: object) -> object:
    """A cell as it was before :func:`guarded`."""
    return value[1:] if isinstance(value, str) and _ESCAPED.match(value) else value
