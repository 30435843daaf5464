"""What a stack may differ in and what it keeps, against the twin trained alone."""

import logging
import re
from itertools import pairwise

import keras
import numpy as np
import pytest
from digits_study import experiment, penalized_softmax, softmax, train
from twin import fit_alone as fit_keras_alone
from twin import start_alone

from study import layers, regularizers
from study.lab import data
from study.lab.declare.measures import FinalLoss, Probe, Stopped, TestError
from study.lab.errors import DefinitionError
from study.lab.train import augment, feed, loop, plan
from study.lab.train.order import Order

pytestmark = pytest.mark.usefixtures("stacked")

# Float32 carries 6e-8, and 40 steps of training make 1e-5 of it; a wrong rate, decay or
# batch shows at 1e-2 within a few steps.
TOLERANCE = 5e-5


def assert_runs_equal_their_twins(definition, drawing=False):
    program, result, *_ = train(definition)
    # Where numbers are drawn to compile each twin takes longest.
    last = len(program.runs) - 1
    for run in (last,) if drawing else (1, last):
        alone, _ = fit_keras_alone(definition, *program.runs[run], drawing=drawing)
        np.testing.assert_allclose(result.curves[run], alone, rtol=TOLERANCE)
    return program, result


def dropped_and_penalized(rate, strength):
    return keras.Sequential(
        [
            keras.Input((64,)),
            keras.layers.Dense(
                13, "relu", kernel_regularizer=regularizers.L2(strength)
            ),
            layers.Dropout(rate),
            keras.layers.Dense(
                10, "softmax", kernel_regularizer=keras.regularizers.L1(strength / 10)
            ),
        ]
    )


def dropped(rate):
    return keras.Sequential(
        [
            keras.Input((64,)),
            keras.layers.Dense(13, "relu"),
            layers.Dropout(rate),
            keras.layers.Dense(10, "softmax"),
        ]
    )


def penalized(strength, kind=regularizers.L2):
    return keras.Sequential(
        [
            keras.Input((64,)),
            keras.layers.Dense(13, "relu", kernel_regularizer=kind(strength)),
            keras.layers.Dense(10, "softmax"),
        ]
    )


def keras_penalized(strength):
    return penalized(strength, keras.regularizers.L1)


def decayed(weight_decay):
    return keras.optimizers.SGD(0.1, weight_decay=weight_decay)


def sweep(**vary):
    return {"vary": vary, "evaluations": 1}


@pytest.mark.parametrize(
    "changes",
    [
        {
            "model": dropped_and_penalized,
            "optimizer": decayed,
            **sweep(rate=(0.1, 0.5), strength=(0.01, 0.1), weight_decay=(0.001, 0.1)),
        },
        pytest.param(
            {"model": dropped, **sweep(rate=(0.1, 0.5, 0.8))},
            marks=pytest.mark.slow,
        ),
        pytest.param(
            {"model": penalized, **sweep(strength=(0.0, 0.01, 0.1))},
            marks=pytest.mark.slow,
        ),
        pytest.param(
            {"model": keras_penalized, **sweep(strength=(0.001, 0.01))},
            marks=pytest.mark.slow,
        ),
        pytest.param(
            {"optimizer": decayed, **sweep(weight_decay=(0.001, 0.1))},
            marks=pytest.mark.slow,
        ),
    ],
    ids=["all at once", "dropout rate", "L2 strength", "Keras's L1", "weight decay"],
)
def test_swept_numbers_train_in_one_program_and_equal_their_twins(changes):
    definition = experiment(**changes)
    drawing = definition.model in (dropped, dropped_and_penalized)
    program, result = assert_runs_equal_their_twins(definition, drawing)
    assert len(program.runs) == 3 * len(plan.cells(definition.vary))
    ends = result.curves[:, -1]
    assert len(np.unique(ends)) == ends.size  # each number had its effect


@pytest.mark.slow
def test_a_random_search_of_100_pairs_is_one_program():
    random = np.random.default_rng(0)
    trials = {f"{i}": pair for i, pair in enumerate(random.uniform(0, 0.1, (100, 2)))}

    def penalized_by(trial):
        return penalized_softmax(float(trial[0]))

    def optimizer(trial):
        return keras.optimizers.SGD(float(trial[1]))

    definition = experiment(
        model=penalized_by, optimizer=optimizer, vary={"trial": trials}, steps=8
    )
    program, result, *_ = train(definition, replicates=range(1))
    assert len(program.runs) == 100
    assert len(np.unique(result.measures["final_loss"])) == 100
    losses, _ = fit_keras_alone(definition, *program.runs[99])
    np.testing.assert_allclose(result.curves[99], losses, rtol=TOLERANCE)


def rate():
    return keras.optimizers.schedules.ExponentialDecay(0.3, 7, 0.5)


AVERAGED = {"use_ema": True, "ema_momentum": 0.8}
OVERWRITTEN = AVERAGED | {"ema_overwrite_frequency": 6}


@pytest.mark.slow
@pytest.mark.parametrize(
    "optimizer",
    [
        lambda: keras.optimizers.SGD(rate(), **OVERWRITTEN),
        pytest.param(lambda: keras.optimizers.SGD(rate()), marks=pytest.mark.slow),
        pytest.param(
            lambda: keras.optimizers.SGD(0.3, **AVERAGED), marks=pytest.mark.slow
        ),
        pytest.param(
            lambda: keras.optimizers.SGD(0.3, **OVERWRITTEN), marks=pytest.mark.slow
        ),
    ],
    ids=["both", "scheduled", "averaging", "overwriting"],
)
def test_schedules_and_moving_averages_equal_their_twins(optimizer):
    definition = experiment(optimizer=optimizer)
    program, result, _, state = train(definition)
    losses, alone = fit_keras_alone(definition, *program.runs[1])
    np.testing.assert_allclose(result.curves[1], losses, rtol=TOLERANCE)
    # `fit` puts the averages in place at its end: here after one `fit` of all steps.
    first = keras.ops.convert_to_numpy(state[0][0])[1]
    np.testing.assert_allclose(first, alone.get_weights()[0], atol=1e-5)


def test_settings_are_swept_each_in_programs_of_its_own():
    definition = experiment(vary={"batch_size": (5, 19), "train": (40, 97)}, steps=30)
    runs = [(cell, r) for cell in plan.cells(definition.vary) for r in range(2)]
    assert len(plan.programs(definition, "judge", runs)) == 4


def test_epochs_visit_every_cell_s_training_set_as_often():
    definition = experiment(
        steps=None,
        epochs=3,
        evaluations=1,
        vary={"batch_size": (10, 97), "train": (50, 97)},
    )
    found = [definition.budget(cell) for cell in plan.cells(definition.vary)]
    assert found == [15, 30, 2, 3]


def test_a_smaller_training_set_is_part_of_the_larger_and_apart_from_validation():
    definition = experiment(vary={"train": (40, 97)})
    small, large = (
        definition.split("judge", 1, {"train": train}) for train in (40, 97)
    )
    assert {*small[0]} < {*large[0]}
    assert {*small[1]} == {*large[1]}
    assert not {*large[0]} & {*large[1]}


def test_patience_follows_keras_and_keeps_the_best_weights(fit_alone):
    definition = experiment(
        model=softmax,
        steps=60,
        evaluations=60,
        optimizer=lambda: keras.optimizers.SGD(0.8),
        watch=("validation",),
        vary={"patience": {"none": None, "at once": 0, "3": 3}},
        measures=(Stopped(), TestError()),
    )
    program, result, *_ = train(definition, replicates=range(1, 2))
    arrays = definition.data.load()
    for run, (cell, replicate) in enumerate(program.runs):
        patience = definition.setting("patience", cell)
        _, validation = definition.split("judge", replicate, cell)
        stops = (
            []
            if patience is None
            else [
                keras.callbacks.EarlyStopping(
                    "val_loss", patience=patience, restore_best_weights=True
                )
            ]
        )
        losses, alone = fit_alone(
            definition,
            cell,
            replicate,
            epochs=60,
            callbacks=stops,
            validation_data=(arrays.x[validation], arrays.y[validation]),
        )
        assert result.measures["stopped"][run] == len(losses)
        predicted = alone.predict(arrays.x_test, verbose=0).argmax(axis=1)
        expected = 100 * np.mean(predicted != arrays.y_test)
        assert result.measures["test_error"][run] == pytest.approx(expected, abs=0.21)
    never, at_once, _ = result.measures["stopped"]
    assert never == 60
    assert at_once < 60


def lowered(factor):
    if not factor:
        return None
    return keras.callbacks.ReduceLROnPlateau(factor=factor, patience=2)


def test_a_plateau_lowers_each_run_s_rate_as_under_fit(fit_alone):
    definition = experiment(
        model=softmax,
        steps=40,
        evaluations=40,
        optimizer=lambda: keras.optimizers.SGD(0.8),
        watch=("validation",),
        plateau=lowered,
        vary={"factor": (0, 0.1, 0.5)},
    )
    program, result, stack, state = train(definition)
    arrays = definition.data.load()
    rates = stack.learning_rates(state)
    for run in (1, 4, 7):
        cell, replicate = program.runs[run]
        _, validation = definition.split("judge", replicate, cell)
        plateau = lowered(cell["factor"])
        losses, alone = fit_alone(
            definition,
            cell,
            replicate,
            epochs=40,
            callbacks=[plateau] if plateau else [],
            validation_data=(arrays.x[validation], arrays.y[validation]),
        )
        assert rates[run] == pytest.approx(float(alone.optimizer.learning_rate))
        np.testing.assert_allclose(result.curves[run][:20], losses[:20], rtol=1e-3)
    never, *others = rates.reshape(3, 3)
    assert (never == np.float32(0.8)).all()
    assert np.max(others) < 0.8


@pytest.mark.parametrize(
    ("made", "optimizer", "expected"),
    [
        (
            keras.callbacks.ReduceLROnPlateau("loss"),
            lambda: keras.optimizers.SGD(0.1),
            "plateau: expected one that monitors the validation loss, 'val_loss'. "
            "Received: monitor='loss' with {'factor': 1}",
        ),
        (
            0.1,
            lambda: keras.optimizers.SGD(0.1),
            "plateau: expected None or a keras.callbacks.ReduceLROnPlateau. "
            "Received: float with {'factor': 1}",
        ),
        (
            keras.callbacks.ReduceLROnPlateau(),
            lambda: keras.optimizers.SGD(
                keras.optimizers.schedules.CosineDecay(0.1, 9)
            ),
            "plateau: expected an optimizer with a constant learning rate",
        ),
    ],
)
@pytest.mark.usefixtures("fit_alone")
def test_a_plateau_that_cannot_work_is_refused(made, optimizer, expected):
    definition = experiment(
        model=softmax,
        steps=4,
        evaluations=2,
        optimizer=optimizer,
        watch=("validation",),
        plateau=lambda factor: made,
        vary={"factor": (1,)},
    )
    with pytest.raises(DefinitionError, match=re.escape(expected)):
        train(definition)


def norm(model, x, y):
    return keras.ops.sqrt(keras.ops.sum(keras.ops.square(model.weights[0])))


def mean_output(model, x, y):
    return keras.ops.mean(model(x)[:, 3])


def test_probes_read_each_run_s_own_network(fit_alone):
    definition = experiment(
        model=softmax,
        steps=12,
        measures=(
            Probe("before", norm, when="start"),
            Probe("after", norm),
            Probe("third", mean_output, on="test", examples=77),
        ),
    )
    program, result, *_ = train(definition)
    arrays = definition.data.load()
    for run, (cell, replicate) in enumerate(program.runs[:2]):
        start, _ = start_alone(definition, cell, replicate)
        _, alone = fit_alone(definition, cell, replicate)
        expected = {
            "before": np.linalg.norm(start.get_weights()[0]),
            "after": np.linalg.norm(alone.get_weights()[0]),
            "third": alone.predict(arrays.x_test[:77], verbose=0)[:, 3].mean(),
        }
        for name, value in expected.items():
            assert result.measures[name][run] == pytest.approx(value, rel=1e-4)


def masks_taken(monkeypatch, **settings):
    """Train with masks per epoch; return the draws after each call, and its steps."""

    def masked():
        return keras.Sequential(
            [
                keras.Input((64,)),
                layers.Dropout(0.5, mask="epoch"),
                keras.layers.Dense(10, "softmax", kernel_initializer="zeros"),
            ]
        )

    taken, trained = [], loop.Stack.train

    def noted(stack, state, x, y, batches, steps):
        state, *scores = trained(stack, state, x, y, batches, steps)
        variables = stack.network.model.non_trainable_variables
        (at,) = [i for i, each in enumerate(variables) if "draws" in each.path]
        taken.append((steps, keras.ops.convert_to_numpy(state[1][at])))
        return state, *scores

    monkeypatch.setattr(loop.Stack, "train", noted)
    examples = data.digits(train=57, validation=20)
    train(experiment(model=masked, data=examples, steps=6, **settings))
    return [draws for _, draws in taken], [steps for steps, _ in taken]


@pytest.mark.slow
def test_masks_per_epoch_are_renewed_between_epochs_and_only_there(monkeypatch):
    # An epoch has 3 steps, of which two are taken before what is watched is told.
    looks = {"evaluations": 3, "watch": ("validation",)}
    (first, same, renewed, last), steps = masks_taken(monkeypatch, **looks)
    assert steps == [2, 1, 1, 2]
    np.testing.assert_array_equal(first, same)
    np.testing.assert_array_equal(renewed, last)
    assert (same != renewed).all()
    assert len(np.unique(renewed)) == renewed.size


@pytest.mark.slow
def test_an_epoch_of_the_whole_set_at_once_is_a_step(monkeypatch):
    draws, steps = masks_taken(monkeypatch, batch_size=None, evaluations=6)
    assert steps == [1] * 6
    for before, after in pairwise(draws):
        assert (before != after).all()


def shifted(x, seed):
    return np.roll(x, 1 + seed % 60, axis=-1)


def test_augmented_epochs_take_the_next_copy_of_each_example(fit_alone, monkeypatch):
    monkeypatch.setattr(augment, "COPIES", 2)
    monkeypatch.setattr(feed, "COPIES", 2)
    definition = experiment(
        model=softmax,
        augmentation=shifted,
        data=data.digits(train=38),
        steps=8,
        batch_size=19,
    )
    program, result, *_ = train(definition)
    arrays, seen = definition.data.load(), set()
    for run, (cell, replicate) in enumerate(program.runs):
        examples, _ = definition.split("judge", replicate, cell)
        order = Order("judge", replicate, examples, 19, False).batches(0, 8)
        random = data.generator("judge", replicate, "augmentation")
        seeds = random.integers(2**31 - 1, size=2).tolist()
        seen |= {*seeds}
        x = [shifted(arrays.x[each], seeds[i // 2 % 2]) for i, each in enumerate(order)]
        losses, _ = fit_alone(definition, cell, replicate, x=np.stack(x))
        np.testing.assert_allclose(result.curves[run], losses, rtol=TOLERANCE)
    assert len(seen) == 6  # each replicate has copies of its own


def constant(value):
    return None if value is None else ConstantStart(value)


class ConstantStart:
    def __init__(self, value):
        self.value = value

    def __call__(self, model, x, y, seed):
        assert (len(x), len(y)) == (97, 97)
        kernel = np.full(model.layers[0].kernel.shape, self.value, "float32")
        model.layers[0].kernel.assign(kernel)


@pytest.mark.usefixtures("fit_alone")
def test_pretraining_changes_what_its_cells_start_from():
    definition = experiment(
        model=softmax,
        pretraining=constant,
        vary={"value": {"none": None, "one": 1.0}},
        steps=8,
        measures=(Probe("before", norm, when="start"), FinalLoss()),
    )
    program, result, *_ = train(definition)
    assert len(program.runs) == 6
    before = result.measures["before"].reshape(2, 3)
    assert len(np.unique(before[0])) == 3
    np.testing.assert_allclose(before[1], np.sqrt(64 * 10), rtol=1e-6)


def test_what_is_watched_is_the_error_of_each_look(fit_alone):
    definition = experiment(
        model=softmax, watch=("train", "validation"), measures=(TestError(),)
    )
    program, result, *_ = train(definition)
    assert result.looks.tolist() == [5, 10, 15, 20, 25, 30, 35, 40]
    _, alone = fit_alone(definition, *program.runs[1])
    arrays = definition.data.load()
    for part, name in enumerate(("train", "validation")):
        examples = definition.split("judge", 1, {})[part]
        predicted = alone.predict(arrays.x[examples], verbose=0).argmax(axis=1)
        error = np.mean(predicted != arrays.y[examples])
        assert result.watched[name].shape == (3, 8)
        assert result.watched[name][1, -1] == pytest.approx(error)


def recurrent():
    return keras.Sequential(
        [
            keras.Input((64,)),
            keras.layers.Reshape((8, 8)),
            layers.SimpleRecurrent(9),
            keras.layers.Dense(10, "softmax"),
        ]
    )


def residual():
    inputs = keras.Input((64,))
    hidden = layers.Residual([keras.layers.Dense(64, "relu")])(inputs)
    return keras.Model(inputs, keras.layers.Dense(10, "softmax")(hidden))


@pytest.mark.slow
@pytest.mark.parametrize("network", [recurrent, residual])
def test_recurrent_and_residual_networks_train_stacked_as_alone(network):
    assert_runs_equal_their_twins(experiment(model=network, steps=12))


@pytest.mark.skipif(
    keras.backend.backend() != "tensorflow", reason="TensorFlow's way to stack"
)
def test_no_operation_of_a_plain_network_is_taken_run_after_run(caplog):
    logger = logging.getLogger("tensorflow")
    logger.addHandler(caplog.handler)
    try:
        train(experiment(measures=(FinalLoss(), TestError())))
    finally:
        logger.removeHandler(caplog.handler)
    assert "while_loop" not in caplog.text
