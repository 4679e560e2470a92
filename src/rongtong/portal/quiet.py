"""What no log may say: that somebody asked for a submission of which, before the opening, nobody is to know."""

import logging

SILENT = "/bids/"
BEGUN = "/bid"
"""The end of the address at which a draft is begun."""


class Quiet(logging.Filter):
    """Drops the lines in which the framework tells of an answered request for a submission, a busy platform's answer
    too; a fault still stands with its trace, without the address."""

    def filter(self, record: logging.LogRecord) -> bool:
        path = getattr(getattr(record, "request", None), "path", "")
        if not path.startswith(SILENT) and not path.endswith(BEGUN):
            return True
        record.args = tuple(SILENT if each == path else each for each in _arguments(record))
        return record.levelno >= logging.ERROR and record.exc_info is not None


def _arguments(record: logging.LogRecord) -> tuple[object, ...]:
    return record.args if isinstance(record.args, tuple) else ()
