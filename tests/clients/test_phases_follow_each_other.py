import pytest

from clients.choices import Phase
from clients.rules.phases import may_close, may_follow, may_reopen, next_phases


def test_the_process_runs_in_one_direction_with_pauses():
    assert next_phases(Phase.ACCESS) == (Phase.CONTACTING,)
    assert next_phases(Phase.CONTACTING) == (Phase.INTAKE,)
    assert next_phases(Phase.INTAKE) == (Phase.ACTIVE,)
    assert next_phases(Phase.ACTIVE) == (Phase.PAUSED,)
    assert next_phases(Phase.PAUSED) == (Phase.ACTIVE,)
    assert next_phases(Phase.CLOSED) == ()


@pytest.mark.parametrize("phase", Phase)
def test_no_phase_follows_itself_and_closing_is_never_a_mere_step(phase):
    assert not may_follow(phase, phase)
    assert not may_follow(phase, Phase.CLOSED)


def test_every_open_file_can_be_closed_and_only_a_closed_one_reopened():
    assert [phase for phase in Phase if not may_close(phase)] == [Phase.CLOSED]
    assert may_reopen(Phase.CLOSED, Phase.CONTACTING)
    assert not may_reopen(Phase.CLOSED, Phase.PAUSED)
    assert not may_reopen(Phase.ACTIVE, Phase.INTAKE)
