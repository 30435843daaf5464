"""Where the memory of a GPU is short smaller stacks are trained, and said to be."""

import numpy_stack
import pytest
from answers import Answers
from workplace import NO_CLAIMS, SOFTMAX, Workplace, clear, losses

from study.lab import machine
from study.lab.execute.executors import InProcess
from study.lab.execute.unfinished import Unfinished
from study.lab.train import loop

NO_MEMORY = (
    "Traceback (most recent call last):\n"
    "jax.errors.JaxRuntimeError: RESOURCE_EXHAUSTED: Out of memory while trying to "
    "allocate 17179869184 bytes."
)


@pytest.fixture
def gpu(monkeypatch):
    """Have all believe that a GPU trains."""
    monkeypatch.setattr(machine, "DEVICE", "gpu")
    monkeypatch.setattr(machine, "_processor", lambda: "a card")


def card(most, said=NO_MEMORY):
    """Return what answers for a card that has memory for so many runs at once."""
    trained = losses(clear)
    return Answers(lambda each: trained(each) if each.stacked <= most else said)


def stacks(programs):
    return [each.stacked for each in programs]


def test_stacks_are_halved_until_they_fit_and_nothing_fails(gpu, tmp_path):
    here = Workplace(tmp_path, card(most=3))
    assert stacks(here.run(NO_CLAIMS)) == [10, 5, 2]
    assert "no memory for 10 runs at once; trying 5" in here.told()
    assert len(here.table()) == 10
    assert here.provenance()["failed"] == []


def test_what_was_trained_in_smaller_stacks_is_at_hand_the_next_time(gpu, tmp_path):
    here = Workplace(tmp_path, card(most=3))
    here.run(NO_CLAIMS)
    assert here.run(NO_CLAIMS) == []
    here.executor = card(most=10)
    assert here.run(NO_CLAIMS) == []


def test_runs_in_stacks_of_another_size_are_other_runs(gpu, tmp_path):
    here = Workplace(tmp_path, card(most=10))
    here.run(NO_CLAIMS)
    here.forget()
    # Of three cells the stacks are of 15 runs, of 7, of 3 or of 1.
    more = ('"fast": 0.5}', '"fast": 0.5, "faster": 0.9}')
    assert stacks(here.run(NO_CLAIMS, more)) == [15, 5]


def test_a_program_goes_on_in_the_stacks_in_which_it_began(gpu, tmp_path, monkeypatch):
    monkeypatch.setattr(Unfinished, "has_begun", lambda _, each: each.stacked == 5)
    here = Workplace(tmp_path, card(most=5))
    assert stacks(here.run(NO_CLAIMS)) == [5]


@pytest.mark.parametrize(
    ("device", "said"),
    [("gpu", "ValueError: expected another shape"), ("cpu", NO_MEMORY)],
)
def test_what_smaller_stacks_do_not_mend_fails(
    gpu, tmp_path, monkeypatch, device, said
):
    monkeypatch.setattr(machine, "DEVICE", device)
    here = Workplace(tmp_path, card(most=0, said=said))
    with pytest.raises(Exception, match="every program failed"):
        here.run(NO_CLAIMS)
    assert said in here.told()


def test_a_run_that_does_not_fit_alone_fails(gpu, tmp_path):
    here = Workplace(tmp_path, card(most=0))
    with pytest.raises(Exception, match="every program failed"):
        here.run(NO_CLAIMS)
    assert "RESOURCE_EXHAUSTED" in here.told()
    assert "no memory for 2 runs at once; trying 1" in here.told()


def test_an_engine_that_is_short_of_memory_trains_the_same_runs(
    gpu, tmp_path, monkeypatch
):
    run = loop.Engine.run

    def short(engine, program, *arguments):
        if program.stacked > 5:
            raise RuntimeError("RESOURCE_EXHAUSTED: Out of memory")
        return run(engine, program, *arguments)

    monkeypatch.setattr(loop, "Stack", numpy_stack.Stack)
    whole = Workplace(tmp_path / "whole", InProcess())
    whole.run(NO_CLAIMS, *SOFTMAX)
    monkeypatch.setattr(loop.Engine, "run", short)
    here = Workplace(tmp_path / "short", InProcess())
    assert stacks(here.run(NO_CLAIMS, *SOFTMAX)) == [10, 5]
    assert here.table()["final_loss"].values == pytest.approx(
        whole.table()["final_loss"].values, rel=1e-5
    )
