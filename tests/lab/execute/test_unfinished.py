"""Runs that were cut: the next command goes on, and tells what it cannot go on with."""

import functools
import math
from dataclasses import replace
from types import SimpleNamespace

import numpy_stack
import pandas as pd
import pytest
import tiny_study
from workplace import FILE, NO_CLAIMS, SOFTMAX, Workplace, edited

import study.lab
from study.lab.declare import registry
from study.lab.declare.profiles import PROFILES
from study.lab.execute import executors, work
from study.lab.execute.executors import InProcess
from study.lab.train import loop, slices, thresholds

# Looked at after every other step.
LOOKED_AT = (
    *SOFTMAX,
    ("    steps=20,\n", '    steps=20,\n    watch=("validation",),\n'),
    ("extension=3", "extension=0"),
    NO_CLAIMS,
)


class Cut(InProcess):
    """Do tasks in this process until so many stretches were trained."""

    def __init__(self, monkeypatch, stretches=math.inf):
        super().__init__()
        self.left = stretches
        train = numpy_stack.Stack.train

        def counted(*arguments):
            self.left -= 1
            return train(*arguments)

        monkeypatch.setattr(numpy_stack.Stack, "train", counted)
        clock = SimpleNamespace(monotonic=lambda: float(self.left <= 0))
        monkeypatch.setattr(executors, "time", clock)

    def run(self, jobs, until=math.inf):
        super().run(jobs, 1.0)


@pytest.fixture
def stretches(monkeypatch):
    """Return what trains by NumPy, one run after another, and stops when it is told."""
    monkeypatch.setattr(loop, "Stack", numpy_stack.Stack)
    limit = thresholds.Limit("dense", 1_000, 1, True, "one", 1_000.0)
    monkeypatch.setattr(thresholds, "limit", lambda model: limit)
    return Cut(monkeypatch)


@pytest.fixture
def here(tmp_path, stretches):
    return Workplace(tmp_path / "cut", stretches)


def run(here, *edits, left=math.inf, text=FILE, profile="standard"):
    """Run for so many stretches; return the names of what is left."""
    here.executor.left = left
    finding = here.write(*LOOKED_AT, *edits, text=text)
    runner = here.runner()
    found = runner.run([finding], PROFILES[profile], here.pages, 1.0)
    return [each.name for each in found]


def files(here, suffix=".checkpoint"):
    return sorted((here.folder / "store").glob(f"*{suffix}"))


def tables(here):
    return {path.name: path.read_bytes() for path in here.reports.glob("*.csv")}


@pytest.fixture
def whole(tmp_path, stretches):
    """Return the tables of a run in one piece."""
    there = Workplace(tmp_path / "whole", stretches)
    assert run(there) == []
    return tables(there)


@pytest.mark.parametrize("slice_", [1, 3, 7, 11])
@pytest.mark.usual("3")
def test_cut_after_some_stretches_again_and_again_a_run_makes_the_same_tables(
    here, tmp_path, stretches, slice_
):
    fewer = (
        ("replicates=5", "replicates=2"),
        ("    steps=20,\n", "    steps=8,\n    evaluations=4,\n"),
    )
    there = Workplace(tmp_path / "whole", stretches)
    assert run(there, *fewer) == []
    calls = 0
    while run(here, *fewer, left=slice_):
        calls += 1
        assert not here.reports.exists()
        assert len(files(here)) <= 1
    assert calls == pytest.approx(2 * 2 * 4 / slice_, abs=1.01)
    assert tables(here) == tables(there)
    assert files(here) == []


def test_what_is_trained_anew_goes_on_from_no_checkpoint(here, whole):
    assert run(here, left=99)
    assert len(files(here)) == 1
    here.executor.left = 200
    finding = here.write(*LOOKED_AT)
    anew = replace(here.runner(), fresh=True)
    assert anew.run([finding], PROFILES["standard"], here.pages) == []
    assert here.executor.left == 200 - 2 * 5 * 10
    assert tables(here) == whole
    assert files(here) == []


def test_a_run_that_was_killed_goes_on_from_its_last_checkpoint(
    here, whole, monkeypatch
):
    monkeypatch.setattr(slices, "EVERY", 0.0)
    train = numpy_stack.Stack.train

    def killed(*arguments):
        if here.executor.left < 5:
            raise KeyboardInterrupt
        return train(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(numpy_stack.Stack, "train", killed)
        with pytest.raises(KeyboardInterrupt):
            run(here, left=20)
    assert len(files(here)) == 1
    assert run(here, left=200) == []
    assert here.executor.left == 200 - (2 * 5 * 10 - 16)
    assert tables(here) == whole
    assert files(here) == []


def test_progress_tells_what_stopped_where_and_counts_what_was_done(here, monkeypatch):
    shown = []
    add = here.progress._bars.add_task

    def added(name, **more):
        shown.append((name, more.get("completed")))
        return add(name, **more)

    monkeypatch.setattr(here.progress._bars, "add_task", added)
    run(here, left=13)
    name = "slow, replicates 1 to 1 (1 runs)"
    assert f"steps: {name}: stopped after step 6, which is kept" in here.told()
    del shown[:]
    run(here, left=2)
    assert f"steps: {name}: goes on after step 6 of 20" in here.told()
    assert "steps: 9 of 10 runs to make" in here.told()
    assert shown == [("steps", 1), (f"  {name}", 6)]


def said(here):
    """Return the lines that tell of a checkpoint."""
    return [each for each in here.told().splitlines() if ".checkpoint" in each]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("definition", "it is of another definition"),
        ("engine", "it is of another engine"),
        ("device", "it is of another device, processor or version"),
    ],
)
@pytest.mark.usual("definition-it is of another definition")
def test_one_of_another_kind_is_set_aside_by_name_and_used_where_its_own_comes_back(
    here, whole, monkeypatch, change, why
):
    edits = [("0.01", "0.02")] if change == "definition" else []
    run(here, left=4)
    (path,) = files(here)
    with monkeypatch.context() as patch:
        if change == "engine":
            patch.setattr("study.lab.execute.unfinished.engine", lambda: "another")
        if change == "device":
            patch.setattr(work, "_digest_of_place", lambda *_: "elsewhere")
        run(here, *edits, left=3)
        assert said(here) == [
            f"{path}: {why}; it is now {path.stem}.aside, and its runs begin anew"
        ]
        assert "goes on" not in here.told()
        assert len(files(here)) == 1
        run(here, *edits, left=3)
        assert len(said(here)) == 1
        assert "goes on after step 6 of 20" in here.told()
    run(here, left=1)
    assert "goes on after step 8 of 20" in here.told()
    assert run(here) == []
    assert tables(here) == whole


def test_a_damaged_one_is_set_aside_by_name_and_its_run_begins_anew(here, whole):
    run(here, left=4)
    (path,) = files(here)
    path.write_bytes(path.read_bytes()[:-9])
    assert run(here) == []
    (line,) = said(here)
    assert line.startswith(f"damaged: {path} is not what was written; it is now ")
    assert len(files(here, ".damaged")) == 1
    assert tables(here) == whole


def test_one_of_a_run_that_is_finished_is_removed(here, monkeypatch):
    run(here, left=4)
    (path,) = files(here)
    content = path.read_bytes()
    assert run(here, left=7) == ["steps"]
    path.write_bytes(content)  # as if killed between the result and its removal
    assert run(here, left=1) == ["steps"]
    assert path not in files(here)
    assert said(here) == []


def test_those_of_another_profile_and_of_runs_not_asked_for_stay(here):
    run(here, left=4)
    before = files(here)
    assert run(here, profile="smoke") == []
    here.forget()
    assert run(here, ('"slow": 0.01, ', ""), left=1) == ["steps"]
    assert {*before} < {*files(here)}
    assert said(here) == []


def test_findings_that_share_a_run_share_its_checkpoint_whatever_its_label(here):
    run(here, left=4)
    assert run(here, ('"slow": 0.01', '"gentle": 0.01'), left=1) == ["steps"]
    assert "gentle, replicates 0 to 0 (1 runs): goes on after step 8" in here.told()


def test_a_program_that_was_cut_is_planned_as_it_was(here, monkeypatch):
    """Of five cells three are finished: two would be put together with replicates."""
    limit = thresholds.Limit("dense", 1_000, 4, True, "one", 1_000.0)
    monkeypatch.setattr(thresholds, "limit", lambda model: limit)
    rates = '"slow": 0.01, "fast": 0.5'
    five = (rates, ", ".join(f'"{i}": 0.0{i}' for i in range(1, 6)))
    run(here, five, left=5 * 10 + 4)
    *longer, other = here.progress.trained()
    assert [len(each.runs) for each in (*longer, other)] == [3] * 5 + [2]
    run(here, five, left=1)
    (again,) = here.progress.trained()
    assert again == other
    assert "goes on after step 8 of 20" in here.told()


def test_findings_that_are_finished_have_tables_and_the_others_are_returned(here):
    first = here.write(*LOOKED_AT, name="first")
    second = here.write(*LOOKED_AT, ("0.01", "0.02"), name="second")
    here.executor.left = 105
    left = here.runner().run([first, second], PROFILES["standard"], here.pages, 1.0)
    assert left == [second]
    assert (here.pages / "first" / "results.csv").exists()
    assert not (here.pages / "second").exists()


def test_in_a_notebook_a_run_that_was_interrupted_goes_on(
    tmp_path, stretches, monkeypatch
):
    monkeypatch.setattr(slices, "EVERY", 0.0)
    text = edited(FILE, *LOOKED_AT)
    finding = registry.load(tiny_study.write(tmp_path, "mine", text))
    table = functools.partial(study.lab.run, finding.definition, say=print)
    whole = table()
    train, taken = numpy_stack.Stack.train, []

    def interrupted(*arguments):
        taken.append(arguments)
        if len(taken) == 17:
            raise KeyboardInterrupt
        return train(*arguments)

    monkeypatch.setattr(numpy_stack.Stack, "train", interrupted)
    with pytest.raises(KeyboardInterrupt):
        table(store=tmp_path / "kept")
    pd.testing.assert_frame_equal(table(store=tmp_path / "kept"), whole)
    assert len(taken) == 1 + 2 * 5 * 10
