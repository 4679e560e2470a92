"""Logic with three values: True, False, and None for unknown (Kleene).

What is known decides where it can: false and unknown is false. A condition on an unknown is itself unknown, and so is a
choice by it, unless both branches agree.
"""

from collections.abc import Iterable

Truth = bool | None


def negated(truth: Truth) -> Truth:
    """not"""
    return None if truth is None else not truth


def both(left: Truth, right: Truth) -> Truth:
    """and"""
    if left is False or right is False:
        return False
    return None if left is None or right is None else True


def either(left: Truth, right: Truth) -> Truth:
    """or"""
    if left is True or right is True:
        return True
    return None if left is None or right is None else False


def every(truths: Iterable[Truth]) -> Truth:
    """and of any number; true of none."""
    result: Truth = True
    for truth in truths:
        result = both(result, truth)
    return result


def some(truths: Iterable[Truth]) -> Truth:
    """or of any number; false of none."""
    result: Truth = False
    for truth in truths:
        result = either(result, truth)
    return result
