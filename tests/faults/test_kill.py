"""kill -9 at any moment loses nothing that is finished."""

import random
import time

import pytest
import victims
from project import finish, make, pages, results, share, start

STEPS = 100
PROGRAMS = 5  # of two findings


class Forks:
    """Commands in a process that has all imported, with answers for workers."""

    def __init__(self, folder):
        self.context = victims.server()
        self.answers = victims.answers(folder, STEPS)
        # The first one waits until all is imported.
        self.finish(self.start(make(folder / "first", steps=STEPS)))

    def start(self, folder):
        process = self.context.Process(target=victims.run, args=(folder, self.answers))
        process.start()
        return process

    def kill(self, process):
        process.kill()
        process.join()

    def finish(self, process):
        process.join(timeout=300)
        assert process.exitcode == 0


def survive(forks, kills, folders):
    """Kill commands at random moments; return how far each of them was."""

    def fresh():
        return make(folders.mktemp("project"), steps=STEPS)

    began = time.monotonic()
    folder = fresh()
    forks.finish(forks.start(folder))
    expected, programs = pages(folder), len(results(folder))
    seconds = time.monotonic() - began
    moments = random.Random(20261121)
    folder, kept, reached = fresh(), {}, []
    for left in reversed(range(kills)):
        process = forks.start(folder)
        time.sleep(moments.uniform(0, seconds))
        forks.kill(process)
        found = results(folder)
        assert kept.items() <= found.items()
        kept = found
        reached.append(len(kept))
        if left == 0 or len(kept) == programs:
            forks.finish(forks.start(folder))
            assert kept.items() <= results(folder).items()
            assert pages(folder) == expected
            assert not list(folder.rglob(".incomplete-*"))
            folder, kept = fresh(), {}
    return reached


@pytest.fixture(scope="module")
def forks(tmp_path_factory):
    return Forks(tmp_path_factory.mktemp("forks"))


@pytest.mark.faults
def test_nothing_finished_is_lost_or_recomputed_and_pages_come_out_the_same(
    tmp_path_factory, forks
):
    kills = share(50)
    reached = survive(forks, kills, tmp_path_factory)
    assert kills < 50 or len({*reached}) > 3  # they fell between different writes


@pytest.mark.slow
def test_a_killed_command_s_workers_end_and_the_next_one_goes_on(tmp_path):
    folder = make(tmp_path, steps=STEPS)
    process = start(folder)
    while len(kept := results(folder)) < 2:  # one of them is trained
        assert process.poll() is None
        time.sleep(0.05)
    process.kill()
    process.communicate()
    finish(start(folder))
    assert kept.items() <= results(folder).items()
    assert "reports/width_on_digits/results.csv" in pages(folder)
    assert len(results(folder)) == PROGRAMS
    assert not list(folder.rglob(".incomplete-*"))


@pytest.mark.slow
def test_two_runs_at_once_disturb_each_other_not_at_all(tmp_path, forks):
    alone, together = (make(tmp_path / each, STEPS) for each in ("alone", "together"))
    forks.finish(forks.start(alone))
    for each in [forks.start(together) for _ in range(2)]:
        forks.finish(each)
    assert pages(together) == pages(alone)
    assert len(results(together)) == len(results(alone)) == PROGRAMS
