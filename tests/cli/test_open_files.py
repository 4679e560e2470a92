"""A portal may have as many files open as its connections ask for."""

import resource
from collections.abc import Iterator

import pytest

from rongtong.cli import serve


@pytest.fixture
def limits() -> Iterator[tuple[int, int]]:
    """What this process may open, put back afterwards."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    yield before
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_a_low_limit_is_raised_as_far_as_it_may_be(limits: tuple[int, int]) -> None:
    _soft, hard = limits
    resource.setrlimit(resource.RLIMIT_NOFILE, (512, hard))
    serve.have_files_enough()
    most = serve.MOST_FILES if hard == resource.RLIM_INFINITY else min(serve.MOST_FILES, hard)
    assert resource.getrlimit(resource.RLIMIT_NOFILE) == (most, hard)


def test_a_high_limit_is_left(limits: tuple[int, int]) -> None:
    _soft, hard = limits
    if hard != resource.RLIM_INFINITY and hard <= serve.MOST_FILES:
        pytest.skip("this machine allows no more")
    resource.setrlimit(resource.RLIMIT_NOFILE, (serve.MOST_FILES + 1, hard))
    serve.have_files_enough()
    assert resource.getrlimit(resource.RLIMIT_NOFILE) == (serve.MOST_FILES + 1, hard)
