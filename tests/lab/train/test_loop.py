"""The engine against its slow twin, against itself and against divergence."""

import functools

import keras
import numpy as np
import pytest
from digits_study import stacks_of, train
from twin import fit_alone as fit_keras_alone

from study.lab import data
from study.lab.declare.experiment import Experiment
from study.lab.declare.measures import (
    FinalLoss,
    Probe,
    TestError,
    TrainError,
    ValidationError,
)
from study.lab.declare.models import mlp
from study.lab.train import loop, plan, reader

pytestmark = pytest.mark.usefixtures("stacked")

STEPS = 60


def model(initializer):
    return mlp(64, (13, 7), 10, kernel_initializer=initializer)


def softmax(initializer):
    return mlp(64, (), 10, kernel_initializer=initializer)


def sgd(learning_rate):
    return keras.optimizers.SGD(learning_rate)


def experiment(**changes):
    fields = {
        "title": "digits",
        "claims": (),
        "data": data.digits(train=97, validation=31),
        "model": model,
        "optimizer": sgd,
        "batch_size": 19,
        "steps": STEPS,
        "evaluations": 7,
        "vary": {
            "initializer": {
                "normal": keras.initializers.RandomNormal(0, 0.2),
                "he": keras.initializers.HeNormal(),
            },
            "learning_rate": (0.02, 0.1),
        },
        "replicates": 3,
        "measures": (FinalLoss(), TestError()),
    }
    return Experiment(**fields | changes)


plain = functools.partial(experiment, model=softmax)

WILD = 1e30


@pytest.fixture(scope="module")
def usual():
    """What the compiled engine made of four tame cells, and how to train others."""
    definition = experiment(
        vary={**experiment().vary, "learning_rate": (0.02, 0.1, WILD)}
    )
    engine = loop.Engine(definition)

    def cells(*rates):
        some = plan.cells(definition.vary)
        chosen = [each for each in some if each["learning_rate"] in rates]
        with stacks_of(200):
            return train(definition, engine=engine, cells=chosen)

    program, result, *_ = cells(0.02, 0.1)
    assert len(program.runs) == 12
    return definition, program, result, cells


# Float32 carries 6e-8, and 30 steps of training make 1e-5 of it; a wrong batch, rate,
# weight or decay shows at 1e-2 within a few steps. Later steps may grow apart.
TOLERANCE = 2e-5
EARLY = 30


def assert_equal_to_twin(curve, alone, tolerance=TOLERANCE):
    np.testing.assert_allclose(curve[:EARLY], alone[:EARLY], rtol=tolerance)
    np.testing.assert_allclose(curve, alone, rtol=1e-2)


def assert_runs_equal_their_twins(definition, program, result, runs=(0, 11)):
    arrays = definition.data.load()
    for run in runs:
        alone, trained = fit_keras_alone(definition, *program.runs[run])
        assert_equal_to_twin(result.curves[run], alone)
        predicted = trained.predict(arrays.x_test, verbose=0).argmax(axis=1)
        expected = 100 * np.mean(predicted != arrays.y_test)
        assert result.measures["test_error"][run] == pytest.approx(expected)


def test_every_run_of_a_stack_equals_its_twin_trained_alone(usual):
    assert_runs_equal_their_twins(*usual[:3])


@pytest.mark.parametrize(
    "optimizer",
    [
        pytest.param(
            lambda learning_rate: keras.optimizers.Adam(
                learning_rate / 20, clipnorm=0.1, weight_decay=0.01
            ),
            marks=pytest.mark.slow,
        ),
        pytest.param(
            lambda learning_rate: keras.optimizers.SGD(
                learning_rate, momentum=0.9, nesterov=True, weight_decay=0.01
            ),
            marks=pytest.mark.slow,
        ),
        pytest.param(
            lambda learning_rate: keras.optimizers.RMSprop(learning_rate / 50),
            marks=pytest.mark.slow,
        ),
        pytest.param(
            lambda learning_rate: keras.optimizers.Nadam(learning_rate / 20),
            marks=pytest.mark.slow,
        ),
        pytest.param(
            lambda learning_rate: keras.optimizers.Adagrad(
                learning_rate, global_clipnorm=1.0
            ),
            marks=pytest.mark.slow,
        ),
    ],
    ids=["adam_clip_decay", "nesterov_decay", "rmsprop", "nadam", "adagrad_clip"],
)
def test_with_keras_s_optimizers_every_run_equals_its_twin(optimizer):
    definition = plain(optimizer=optimizer)
    program, result, *_ = train(definition)
    assert_runs_equal_their_twins(definition, program, result, runs=(4, 11))


@pytest.mark.slow
def test_full_batch_xor_equals_its_twin():
    definition = experiment(
        data=data.xor(),
        model=lambda initializer: mlp(
            2,
            (5, 4),
            1,
            activation="sigmoid",
            kernel_initializer=initializer,
            output_activation="sigmoid",
        ),
        loss="binary_crossentropy",
        batch_size=None,
        measures=(FinalLoss(),),
    )
    program, result, *_ = train(definition)
    alone, _ = fit_keras_alone(definition, *program.runs[5])
    assert_equal_to_twin(result.curves[5], alone)


@pytest.mark.slow
def test_penalties_batch_norm_and_constraints_equal_the_twin():
    def penalized(initializer):
        return keras.Sequential(
            [
                keras.Input((64,)),
                keras.layers.Dense(
                    11,
                    kernel_initializer=initializer,
                    kernel_regularizer=keras.regularizers.L2(0.01),
                    kernel_constraint=keras.constraints.MaxNorm(0.5),
                ),
                keras.layers.BatchNormalization(),
                keras.layers.Activation("relu"),
                keras.layers.Dense(10, "softmax"),
            ]
        )

    definition = experiment(model=penalized, measures=(FinalLoss(),))
    program, result, *_ = train(definition)
    alone, _ = fit_keras_alone(definition, *program.runs[7])
    # Moments of 19 numbers, divided by their root, lose one more digit.
    assert_equal_to_twin(result.curves[7], alone, tolerance=10 * TOLERANCE)


@pytest.mark.slow
def test_dropout_and_noise_equal_the_twin_and_differ_in_every_replicate():
    def noisy(initializer):
        return keras.Sequential(
            [
                keras.Input((64,)),
                keras.layers.GaussianNoise(0.3),
                keras.layers.Dense(11, "relu", kernel_initializer=initializer),
                keras.layers.Dropout(0.4),
                keras.layers.Dense(10, "softmax", kernel_initializer="zeros"),
            ]
        )

    definition = experiment(model=noisy, steps=EARLY, measures=(FinalLoss(),))
    program, result, *_ = train(definition)
    alone, _ = fit_keras_alone(definition, *program.runs[7], drawing=True)
    np.testing.assert_allclose(result.curves[7], alone, rtol=TOLERANCE)
    assert len(np.unique(result.measures["final_loss"])) == len(program.runs)


@pytest.mark.slow
def test_the_same_program_brings_the_same_bits(usual):
    definition, program, first, _ = usual
    second = loop.Engine(definition).run(program, lambda *_: None)
    assert first.curves.tobytes() == second.loss.tobytes()
    assert {*first.result.reads} == {*second.reads}
    for name, values in first.result.reads.items():
        assert values.tobytes() == second.reads[name].tobytes()


def test_a_run_that_diverges_tells_its_step_and_leaves_its_neighbors_bits_alone(usual):
    *_, calm, cells = usual
    program, result, *_ = cells(0.02, WILD)
    blown = [cell["learning_rate"] == WILD for cell, _ in program.runs]
    assert (result.diverged[blown] > 1).all()
    assert (result.diverged[blown] <= 5).all()
    assert (result.diverged[~np.array(blown)] == 0).all()
    assert result.measures["test_error"][blown] == pytest.approx(90.0)
    for run, wild_run in enumerate(blown):
        if not wild_run:
            assert result.curves[run].tobytes() == calm.curves[run].tobytes()


@pytest.mark.usefixtures("fit_alone")
def test_replicates_differ_and_a_replicate_does_not_depend_on_its_company():
    _, three, *_ = train(plain())
    _, one, *_ = train(plain(), replicates=range(1, 2))
    assert len(np.unique(three.measures["final_loss"])) == 12
    np.testing.assert_allclose(
        one.measures["final_loss"], three.measures["final_loss"][1::3], rtol=TOLERANCE
    )


@functools.cache
def reporting_five_times(fit_alone):
    """Train once in each kind of stack what is compared with other reports."""
    return train(plain(evaluations=5))[1].measures["final_loss"]


@pytest.mark.parametrize("evaluations", [1, 7, STEPS])
def test_how_often_training_stops_to_report_changes_nothing(evaluations, fit_alone):
    told = []
    definition = plain(evaluations=evaluations, watch=("train",))
    _, result, *_ = train(definition, told=lambda *each: told.append(each))
    usual = reporting_five_times(fit_alone)
    assert told[-1][0] == STEPS
    np.testing.assert_allclose(result.measures["final_loss"], usual, rtol=TOLERANCE)


@pytest.mark.usefixtures("fit_alone")
def test_errors_on_the_training_set_are_of_at_most_so_many_of_it(monkeypatch):
    measures = TrainError(), ValidationError()
    definition = plain(watch=("train", "validation"), measures=measures)
    engine = loop.Engine(definition)
    monkeypatch.setattr(reader, "SEEN", 29)
    _, few, *_ = train(definition, engine=engine)
    monkeypatch.setattr(reader, "SEEN", 97)
    _, all_of_them, *_ = train(definition, engine=engine)
    for result, seen in ((few, 29), (all_of_them, 97)):
        errors = [result.measures["train_error"] / 100, result.watched["train"]]
        for each in errors:
            np.testing.assert_allclose(each * seen, (each * seen).round(), atol=1e-4)
            assert len(np.unique(each)) > 3
    name = "validation_error"
    np.testing.assert_array_equal(few.measures[name], all_of_them.measures[name])


@pytest.mark.usefixtures("fit_alone")
def test_what_only_a_probe_reads_is_not_evaluated(monkeypatch):
    evaluated = []
    monkeypatch.setattr(
        loop.Stack, "evaluate", lambda *args: evaluated.append(args) or (0, 0)
    )
    probe = Probe("rows", lambda model, x, y: x.shape[0], on="test", examples=23)
    _, result, *_ = train(plain(measures=(FinalLoss(), probe)))
    assert evaluated == []
    assert (result.measures["rows"] == 23).all()
