"""Rounds, workers and the measure of ours."""

import os
import sys

import pytest

from benchmarks import rounds, workers
from benchmarks.contestant import CONTESTANTS
from benchmarks.ours import throughput
from benchmarks.works import WORKS


def test_every_contestant_begins_some_round_and_takes_each_turn_once():
    turns = list(rounds.order(len(CONTESTANTS)))
    for group in WORKS:
        order = [name for _, where, name in turns if where == group]
        size = len(CONTESTANTS)
        each = [order[i : i + size] for i in range(0, len(order), size)]
        assert all(sorted(names) == sorted(CONTESTANTS) for names in each)
        assert {names[0] for names in each} == {*CONTESTANTS}


def test_throughput_counts_only_the_time_in_which_all_workers_trained():
    answers = [
        # Before second 1 and after second 3 this one trains alone: 10 steps a second.
        {"runs": 4, "steps": [10, 20, 40, 50], "times": [0.0, 1.0, 3.0, 4.0]},
        {"runs": 3, "steps": [10, 50], "times": [1.0, 3.0]},  # 20 steps a second
    ]
    assert throughput(answers) == pytest.approx(4 * 10 + 3 * 20)


def test_throughput_of_one_worker_is_its_own():
    answer = {"runs": 2, "steps": [5, 10, 15], "times": [7.0, 7.5, 8.0]}
    assert throughput([answer]) == pytest.approx(20)


@pytest.mark.slow
def test_a_worker_looks_at_its_clock_again_after_the_first_steps(monkeypatch):
    pytest.importorskip("tensorflow")
    from benchmarks import ours
    from study.lab.train import stretches

    monkeypatch.setattr(stretches, "LONGEST", stretches.LONGEST)  # put back after it
    met = []
    answer = ours._train(
        {"work": "D", "steps": 40, "runs": [0, 2]}, lambda: met.append(True)
    )
    assert met == [True]
    assert answer["steps"] == [*range(4, 44, 4)]
    assert throughput([answer]) > 0


# Without the components, for which Keras is imported.
ECHO = """
import os, sys, types

bare = sys.modules["study"] = types.ModuleType("study")
bare.__path__ = [os.path.abspath("study")]

from benchmarks.workers import serve

def answer(request, meet):
    if request == "die":
        os._exit(1)
    meet()
    threads = os.environ.get("TF_NUM_INTRAOP_THREADS")
    return [request, threads, len(os.sched_getaffinity(0))]

serve(answer)
"""


@pytest.fixture
def echo(tmp_path, monkeypatch):
    """The name of a module whose workers tell what they were given."""
    (tmp_path / "echo_worker.py").write_text(ECHO)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join((str(tmp_path), os.getcwd())))
    monkeypatch.delenv("TF_NUM_INTRAOP_THREADS", raising=False)
    return "echo_worker"


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="cores are pinned on Linux")
def test_workers_have_one_thread_and_core_each_or_one_has_all(echo):
    one, all_ = workers.Workers(echo, "one"), workers.Workers(echo, "all")
    assert one.ask([1, 2][: one.most]) == [[1, "1", 1], [2, "1", 1]][: one.most]
    assert one.ask([3]) == [[3, "1", 1]]
    assert all_.most == 1
    assert all_.ask([4]) == [[4, None, workers.cores()]]
    one.close()
    all_.close()


@pytest.mark.slow
def test_a_dead_worker_is_told(echo):
    alone = workers.Workers(echo, "all")
    with pytest.raises(RuntimeError, match="echo_worker: a worker died"):
        alone.ask(["die"])
    alone.close()
    assert alone.ask([5])[0][0] == 5
    alone.close()


def test_a_contestant_that_fails_is_missing_and_told(capfd, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", os.getcwd())
    assert rounds.contest(sys.executable, "torch_eager", "no such group", False) == []
    assert "torch_eager failed at no such group" in capfd.readouterr().err
