"""Training that was cut brings the bits of training in one piece."""

import functools
from types import SimpleNamespace

import golden
import keras
import numpy as np
import numpy_stack
import pytest
from digits_study import (
    LIMIT,
    experiment,
    penalized_softmax,
    program_of,
    softmax,
    stacks_of,
)
from keras import ops
from sliced import arrays, in_slices

from study.lab import data
from study.lab.declare.experiment import Outputs
from study.lab.declare.measures import FinalLoss, Probe, Stopped, TestError
from study.lab.train import loop, plan, slices, stretches, thresholds
from study.lab.train.checkpoint import step
from study.lab.train.slices import Paused, Slices

pytestmark = pytest.mark.usefixtures("stacked")

STEPS = 16
plain = functools.partial(
    experiment, model=softmax, watch=("train", "validation"), steps=STEPS
)


def mean_output(model, x, y):
    return ops.mean(model(x, training=False)[:, 0])


def inputs():
    return data.digits(train=97, validation=31).load().x_test[:5]


def noisy(x, seed):
    return x + np.random.default_rng(seed).normal(0, 0.2, x.shape).astype(x.dtype)


def plateau():
    return keras.callbacks.ReduceLROnPlateau(factor=0.5, patience=1, min_delta=0.1)


def fast():
    return keras.optimizers.SGD(0.8)


DEFINITIONS = {
    "plain": lambda: plain(),
    "patience": lambda: plain(
        optimizer=fast,
        evaluations=STEPS,
        vary={"patience": {"1": 1, "none": None, "2": 2}},
        measures=(FinalLoss(), Stopped(), TestError()),
    ),
    "plateau": lambda: plain(optimizer=fast, plateau=plateau),
    "replacement": lambda: plain(replacement=True),
    "augmented": lambda: plain(augmentation=noisy),
    "read": lambda: plain(
        model=penalized_softmax,
        vary={"strength": (0.0, 0.3), "patience": {"none": None, "1": 1}},
        measures=(
            FinalLoss(),
            TestError(),
            Probe("before", mean_output, when="start", examples=23),
            Probe("after", mean_output, on="test"),
        ),
        outputs=Outputs(
            inputs=inputs, arm={"strength": 0.0, "patience": "none"}, per="final_loss"
        ),
    ),
}


@pytest.fixture
def numpy(monkeypatch):
    """Let NumPy stand for the compiled stack, so that a fresh engine costs nothing.

    Of a network it has the shapes alone, so that the same one serves all engines.
    """
    known = {}

    def build(experiment, cell):
        key = id(experiment), plan.made_of(experiment, cell)
        if key not in known:
            known[key] = plan.network(experiment, cell)
        return known[key], plan.optimizer(experiment, cell)

    monkeypatch.setattr(plan, "build", build)
    monkeypatch.setattr(loop, "Stack", numpy_stack.Stack)


def of(kind):
    definition = DEFINITIONS[kind]()
    return definition, program_of(definition, plan.cells(definition.vary), range(3))


@pytest.mark.usefixtures("numpy")
@pytest.mark.parametrize("runs", [200, 4, 1])
@pytest.mark.parametrize("kind", DEFINITIONS)
@pytest.mark.usual(
    "plain-4", "patience-4", "plateau-4", "replacement-4", "augmented-4", "read-4"
)
def test_a_run_cut_after_every_stretch_has_the_bits_of_one_in_one_piece(kind, runs):
    with stacks_of(runs):
        definition, program = of(kind)
        whole = loop.Engine(definition).run(program, lambda *_: None)
        cut, count = in_slices(lambda: loop.Engine(definition), program)
    assert count >= definition.evaluations
    assert arrays(cut) == arrays(whole)


@pytest.mark.usefixtures("numpy")
def test_a_checkpoint_of_any_moment_leads_to_the_same_bits_and_disturbs_nothing():
    def train(slices):
        """Return what a run in such slices brings, and the steps that it tells."""
        told = []
        result = engine.run(program, lambda step, _: told.append(step), slices)
        return arrays(result), told

    with stacks_of(1):
        definition, program = of("patience")
        engine, kept = loop.Engine(definition), []
        whole, steps = train(None)
        assert train(Slices(every=0.0, keep=kept.append)) == (whole, steps)
        assert [step(each) for each in kept] == steps[:-1]
        assert len(steps) == 3 * STEPS
        for each in kept[:: len(kept) // 7]:
            after = [later for later in steps if later > step(each)]
            assert train(Slices(each)) == (whole, after)


@pytest.mark.usefixtures("numpy")
@pytest.mark.parametrize("kind", DEFINITIONS)
def test_how_many_steps_a_call_takes_changes_no_bit(kind, monkeypatch):
    definition, program = of(kind)
    whole = loop.Engine(definition).run(program, lambda *_: None)
    monkeypatch.setattr(stretches, "MULTIPLICATIONS", 1)
    told = []
    found = loop.Engine(definition).run(program, lambda *at: told.append(at))
    assert arrays(found) == arrays(whole)
    assert len(told) >= STEPS  # one a call


@pytest.mark.usefixtures("numpy")
def test_going_on_draws_no_weights_and_takes_no_step_again(monkeypatch):
    definition, program = of("plain")
    taken, drawn = [], []
    train, draw = numpy_stack.Stack.train, loop.initial.draw

    def trained(stack, state, x, y, batches, steps):
        taken.append(steps)
        return train(stack, state, x, y, batches, steps)

    monkeypatch.setattr(numpy_stack.Stack, "train", trained)
    monkeypatch.setattr(
        loop.initial, "draw", lambda *each: drawn.append(each) or draw(*each)
    )
    in_slices(lambda: loop.Engine(definition), program)
    assert sum(taken) == STEPS
    assert len(drawn) == 3


@pytest.mark.usefixtures("numpy")
def test_seconds_are_those_of_all_slices(monkeypatch):
    definition, program = of("plain")
    clock = iter(range(1_000))
    ticking = SimpleNamespace(perf_counter=lambda: float(next(clock)))
    monkeypatch.setattr(loop, "time", ticking)
    result, count = in_slices(lambda: loop.Engine(definition), program)
    # A tick from the beginning of each slice to its checkpoint or its end.
    assert result.seconds == count > 1


def test_a_checkpoint_is_kept_when_it_is_due_and_seldom_where_it_is_dear(monkeypatch):
    now, kept = [0.0], []
    monkeypatch.setattr(slices.time, "monotonic", lambda: now[0])

    def checkpoint(took):
        now[0] += took
        return b""

    def kept_after(seconds, took):
        """Return whether one is kept a while after the last."""
        before = len(kept)
        now[0] += seconds
        cut.end_stretch(lambda: checkpoint(took))
        return len(kept) > before

    cut = Slices(every=slices.EVERY, keep=kept.append)
    assert not kept_after(299, 1)
    assert kept_after(1, 1)
    assert not kept_after(299, 1)
    assert kept_after(1, 9)
    assert not kept_after(899, 1)
    assert kept_after(1, 1)
    never = Slices(keep=kept.append)
    now[0] += 1e9
    never.end_stretch(lambda: kept.append("never"))
    assert "never" not in kept


def test_where_time_is_over_training_stops_with_a_checkpoint_whenever_the_last_was():
    cut = Slices(every=1e9, over=lambda: True)
    with pytest.raises(Paused) as pause:
        cut.end_stretch(lambda: b"here")
    assert pause.value.checkpoint == b"here"


@pytest.mark.slow
@pytest.mark.parametrize("kind", golden.KINDS)
def test_a_program_of_each_kind_that_is_cut_has_the_bits_of_one_in_one_piece(
    kind, monkeypatch
):
    monkeypatch.setattr(thresholds, "limit", LIMIT)  # train as the thresholds say
    engine, program = golden.compiled(kind)
    whole = engine.run(program, lambda *_: None)
    monkeypatch.setattr(stretches, "MULTIPLICATIONS", 1)  # in calls of one step
    cut, count = in_slices(lambda: engine, program)
    assert count >= golden.STEPS - 1
    assert arrays(cut) == arrays(whole)
