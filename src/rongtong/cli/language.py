"""The command line's own words: Chinese, or English where RONGTONG_LANGUAGE says so; known before Django starts."""

import os


def say(zh: str, en: str) -> str:
    """The one of the two that the operator reads."""
    return en if os.environ.get("RONGTONG_LANGUAGE") == "en" else zh
