"""Calls are timed in turns, and what is slow by chance does not count."""

from study.theory import timing
from study.theory.timing import alternated, best, mean


def test_calls_take_turns_and_the_first_round_is_not_counted():
    met = []
    calls = {name: lambda name=name: met.append(name) for name in ("a", "b")}
    timed = [(name, turn) for name, turn, _ in alternated(calls, 2, 1)]
    assert met == ["a", "b"] * 3
    assert timed == [("a", 0), ("b", 0), ("a", 1), ("b", 1)]


def test_the_best_of_repeats_is_the_quickest(monkeypatch):
    clock = iter([0.0, 5.0, 10.0, 12.0, 20.0, 23.0])
    monkeypatch.setattr(timing.time, "perf_counter", lambda: next(clock))
    assert best(lambda: None, 3) == 2


def test_a_mean_is_that_of_as_many_calls_as_last_long_enough(monkeypatch):
    clock, calls = iter([0.0, 0.1, 0.4, 0.9, 1.2]), []
    monkeypatch.setattr(timing.time, "perf_counter", lambda: next(clock))
    assert mean(lambda: calls.append(1), 1.0) == 1.2 / 3
    assert len(calls) == 3
