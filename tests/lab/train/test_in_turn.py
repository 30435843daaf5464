"""Runs that are trained stack after stack are those of one stack."""

import functools

import keras
import numpy as np
import pytest
from digits_study import (
    STEPS,
    experiment,
    penalized_softmax,
    program_of,
    softmax,
    stacks_of,
    train,
)
from keras import ops

from study.lab.data import digits
from study.lab.declare.experiment import Outputs
from study.lab.declare.measures import (
    FinalLoss,
    Probe,
    Stopped,
    TestError,
    TrainError,
    ValidationError,
)
from study.lab.train import loop, plan

pytestmark = pytest.mark.usefixtures("stacked")

# Float32 carries 6e-8, and 40 steps of training make 1e-5 of it; another run's weights,
# rate, patience or batches show at 1e-2.
TOLERANCE = 5e-5


plain = functools.partial(experiment, model=softmax)


def mean_output(model, x, y):
    return ops.mean(model(x, training=False)[:, 0])


def inputs():
    return digits(train=97, validation=31).load().x_test[:5]


def definition():
    return experiment(
        model=penalized_softmax,
        vary={"strength": (0.0, 0.3), "patience": {"none": None, "1": 1}},
        watch=("train", "validation"),
        measures=(
            FinalLoss(),
            TrainError(),
            TestError(),
            Stopped(),
            Probe("before", mean_output, when="start", examples=23),
            Probe("after", mean_output, on="test"),
        ),
        outputs=Outputs(
            inputs=inputs, arm={"strength": 0.0, "patience": "none"}, per="final_loss"
        ),
    )


@functools.cache
def of_one_stack(kind):
    """Train all runs at once, in each kind of stack for all sizes of smaller ones."""
    return train(definition())[1]


# One run is compiled by itself, and seven do not divide twelve; others are like these.
@pytest.mark.parametrize(
    ("runs", "fit_alone"),
    [
        *((runs, "numpy") for runs in (1, 2, 3, 7)),
        *(pytest.param(x, "compiled", marks=pytest.mark.slow) for x in (1, 7)),
    ],
    indirect=["fit_alone"],
)
def test_runs_trained_in_turn_are_those_of_one_stack(runs, fit_alone):
    together = of_one_stack(fit_alone)
    with stacks_of(runs):
        program, in_turn, *_ = train(definition())
    assert len(program.runs) == 4 * 3
    assert in_turn.diverged.tolist() == together.diverged.tolist()
    assert in_turn.looks.tolist() == together.looks.tolist()
    assert list(in_turn.measures) == list(together.measures)
    assert list(in_turn.watched) == list(together.watched)
    for one, other in (
        *((in_turn.measures[name], each) for name, each in together.measures.items()),
        *((in_turn.watched[split], each) for split, each in together.watched.items()),
        (in_turn.curves, together.curves),
        (in_turn.result.reads["outputs"], together.result.reads["outputs"]),
    ):
        assert one.shape == other.shape
        np.testing.assert_allclose(one, other, rtol=TOLERANCE, atol=TOLERANCE)
    assert in_turn.result.reads["outputs"].shape == (12, 5, 10)
    assert len(np.unique(in_turn.measures["before"])) == 3  # the strength changes none
    assert len(np.unique(in_turn.measures["final_loss"])) == 6  # patience changes none


def test_a_network_trained_alone_is_compiled_once_for_all_cells_and_stages():
    swept = experiment(
        model=penalized_softmax,
        vary=definition().vary,
        watch=("validation",),
        measures=(ValidationError(),),
    )
    engine, cells = loop.Engine(swept), plan.cells(swept.vary)
    with stacks_of(1):
        for stage, some in (("tune", cells), ("judge", cells), ("judge", cells[:1])):
            engine.run(program_of(swept, some, range(2), stage), lambda *_: None)
    (stack,) = engine._stacks.values()
    assert stack._steps.experimental_get_tracing_count() == 1


def test_a_run_trained_alone_has_the_same_bits_in_any_company():
    engine = loop.Engine(experiment())
    with stacks_of(1):
        _, three, *_ = train(engine.experiment, engine=engine)
        _, one, *_ = train(engine.experiment, range(1, 2), engine=engine)
    assert one.curves.tobytes() == three.curves[1:2].tobytes()


@pytest.mark.usefixtures("fit_alone")
def test_the_steps_told_are_the_mean_of_all_runs_and_rise_to_the_last():
    told = []
    looked_at = plain(watch=("train",))
    with stacks_of(1):
        train(looked_at, range(2), told=lambda step, loss: told.append(step))
    each = STEPS // 8 / 2
    assert told == [each * (i + 1) for i in range(16)]


@pytest.mark.usefixtures("fit_alone")
def test_runs_apart_in_patience_alone_share_their_steps(monkeypatch):
    taken = []
    train_steps = loop.Stack.train

    def counted(stack, state, x, y, batches, steps):
        taken.append(state[0][0].shape[0] * steps)
        return train_steps(stack, state, x, y, batches, steps)

    monkeypatch.setattr(loop.Stack, "train", counted)
    changes = {
        "optimizer": lambda: keras.optimizers.SGD(0.8),
        "evaluations": STEPS,
        "watch": ("validation",),
        "measures": (Stopped(), TestError()),
    }
    shared = plain(
        **changes,
        vary={"patience": {"1": 1, "none": None, "2": 2}},
    )
    with stacks_of(2):
        _, result, *_ = train(shared)
    # Three replicates for all three cells, in stacks of two that are filled.
    assert sum(taken) == 4 * shared.budget({})
    alone = plain(**changes, vary={"patience": {"2": 2}})
    with stacks_of(2):
        _, expected, *_ = train(alone)
    for name, values in expected.measures.items():
        assert values.tolist() == result.measures[name][6:].tolist()
    assert result.curves[6:].tobytes() == expected.curves.tobytes()
    assert len({*result.measures["stopped"].tolist()}) > 1  # patience tells


@pytest.mark.usefixtures("fit_alone")
def test_tuning_reads_the_validation_error_and_nothing_else():
    tuned = experiment(
        watch=("train", "validation"),
        vary={"strength": (0.1,)},
        model=penalized_softmax,
        measures=(FinalLoss(), ValidationError(), TestError(), Stopped()),
    )
    engine = loop.Engine(tuned)
    found = {}
    for stage in ("tune", "judge"):
        program = program_of(tuned, [{"strength": 0.1}], range(2), stage)
        found[stage] = engine.run(program, lambda *_: None)
    ends = {"end validation loss", "end validation error"}
    assert {*found["tune"].reads} == ends
    assert found["tune"].looks.tolist() == [tuned.budget({})]
    assert len(found["judge"].looks) == tuned.evaluations
    assert {*found["judge"].reads} - ends == {
        f"{when} {value}"
        for when in ("end test", "look train", "look validation")
        for value in ("loss", "error")
    }
