"""Every table of a challenge is whole: each state is reached, each end declared."""

import pytest

from rongtong.domain.foundation.transitions import Process
from rongtong.domain.programmes.states import PROCESSES


@pytest.mark.parametrize("process", PROCESSES, ids=lambda process: process.name)
def test_every_state_is_reached(process: Process) -> None:
    assert process.unreachable() == set()


@pytest.mark.parametrize("process", PROCESSES, ids=lambda process: process.name)
def test_every_dead_end_is_declared(process: Process) -> None:
    assert process.dead_ends() == {state.key for state in process.states if state.end}
