"""What a stack may differ in and what it keeps, against the twin trained alone."""

import logging
import re

import keras
import numpy as np
import pytest
from digits_study import experiment, train
from twin import fit_alone, start_alone

from study import layers, regularizers
from study.lab import data, plan
from study.lab.engine import pool
from study.lab.engine.order import Order
from study.lab.errors import DefinitionError
from study.lab.measures import FinalLoss, Probe, Stopped, TestError

# Float32 carries 6e-8, and 40 steps of training make 1e-5 of it; a wrong rate, decay or
# batch shows at 1e-2 within a few steps.
TOLERANCE = 5e-5


def assert_runs_equal_their_twins(definition, monkeypatch, tolerance=TOLERANCE):
    program, result, *_ = train(definition, monkeypatch)
    for run in (1, len(program.runs) - 1):
        alone, _ = fit_alone(definition, *program.runs[run])
        np.testing.assert_allclose(result.curves[run], alone, rtol=tolerance)
    return program, result


def dropped(rate):
    return keras.Sequential(
        [
            keras.Input((64,)),
            keras.layers.Dense(13, "relu"),
            layers.Dropout(rate),
            keras.layers.Dense(10, "softmax"),
        ]
    )


def penalised(strength, kind=regularizers.L2):
    return keras.Sequential(
        [
            keras.Input((64,)),
            keras.layers.Dense(13, "relu", kernel_regularizer=kind(strength)),
            keras.layers.Dense(10, "softmax"),
        ]
    )


def keras_penalised(strength):
    return penalised(strength, keras.regularizers.L1)


def decayed(weight_decay):
    return keras.optimizers.SGD(0.1, weight_decay=weight_decay)


@pytest.mark.parametrize(
    "changes",
    [
        {"model": dropped, "vary": {"rate": (0.1, 0.5, 0.8)}},
        {"model": penalised, "vary": {"strength": (0.0, 0.01, 0.1)}},
        {"model": keras_penalised, "vary": {"strength": (0.001, 0.01)}},
        {"optimizer": decayed, "vary": {"weight_decay": (0.001, 0.1)}},
    ],
    ids=["dropout rate", "L2 strength", "Keras's L1", "weight decay"],
)
def test_swept_numbers_train_in_one_program_and_equal_their_twins(changes, monkeypatch):
    definition = experiment(**changes)
    program, result = assert_runs_equal_their_twins(definition, monkeypatch)
    (labels,) = definition.vary.values()
    assert len(program.runs) == 3 * len(labels)
    ends = result.curves[:, -1].reshape(len(labels), 3)
    assert len(np.unique(ends)) == ends.size  # the number had its effect


def test_a_random_search_of_100_pairs_is_one_program():
    random = np.random.default_rng(0)
    trials = {f"{i}": pair for i, pair in enumerate(random.uniform(0, 0.01, (100, 2)))}

    def optimizer(trial):
        return keras.optimizers.SGD(float(trial[0]), weight_decay=float(trial[1]))

    definition = experiment(optimizer=optimizer, vary={"trial": trials}, steps=8)
    program, result, *_ = train(definition, replicates=range(1))
    assert len(program.runs) == 100
    assert len(np.unique(result.measures["final_loss"])) == 100


def scheduled():
    return keras.optimizers.SGD(
        keras.optimizers.schedules.ExponentialDecay(0.3, 7, 0.5)
    )


def averaging():
    return keras.optimizers.SGD(0.3, use_ema=True, ema_momentum=0.8)


def overwriting():
    return keras.optimizers.SGD(
        0.3, use_ema=True, ema_momentum=0.8, ema_overwrite_frequency=6
    )


@pytest.mark.parametrize("optimizer", [scheduled, averaging, overwriting])
def test_schedules_and_moving_averages_equal_their_twins(optimizer, monkeypatch):
    definition = experiment(optimizer=optimizer)
    program, _, _, state = train(definition, monkeypatch)
    assert_runs_equal_their_twins(definition, monkeypatch)
    # `fit` puts the averages in place at its end: here after one `fit` of all steps.
    _, alone = fit_alone(definition, *program.runs[1])
    first = keras.ops.convert_to_numpy(state[0][0])[1]
    np.testing.assert_allclose(first, alone.get_weights()[0], atol=1e-5)


def test_settings_are_swept_each_in_programs_of_its_own(monkeypatch):
    definition = experiment(vary={"batch_size": (5, 19), "train": (40, 97)}, steps=30)
    programs = plan.programs(definition, "judge", plan.cells(definition.vary), range(2))
    assert len(programs) == 4


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


def test_patience_follows_keras_and_keeps_the_best_weights():
    definition = experiment(
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


def test_a_plateau_lowers_each_run_s_rate_as_under_fit(monkeypatch):
    definition = experiment(
        steps=40,
        evaluations=40,
        optimizer=lambda: keras.optimizers.SGD(0.8),
        watch=("validation",),
        plateau=lowered,
        vary={"factor": (0, 0.1, 0.5)},
    )
    program, result, stack, state = train(definition, monkeypatch)
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
def test_a_plateau_that_cannot_work_is_refused(made, optimizer, expected):
    definition = experiment(
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


def test_probes_read_each_run_s_own_network():
    definition = experiment(
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


def test_masks_per_epoch_are_renewed_between_epochs_and_only_there():
    def masked():
        return keras.Sequential(
            [
                keras.Input((64,)),
                layers.Dropout(0.5, mask="epoch"),
                keras.layers.Dense(10, "softmax", kernel_initializer="zeros"),
            ]
        )

    def draws(steps):
        definition = experiment(
            model=masked, data=data.digits(train=57), steps=steps, evaluations=1
        )
        _, _, stack, state = train(definition)
        variables = stack.network.model.non_trainable_variables
        (at,) = [i for i, each in enumerate(variables) if "draws" in each.path]
        return keras.ops.convert_to_numpy(state[1][at])

    first, same, renewed = draws(1), draws(3), draws(4)  # an epoch has 3 steps
    np.testing.assert_array_equal(first, same)
    assert (same != renewed).all()
    assert len(np.unique(renewed)) == renewed.size


def shifted(x, seed):
    return np.roll(x, seed + 1, axis=-1)


def test_augmented_epochs_take_the_next_copy_of_each_example(monkeypatch):
    monkeypatch.setattr(pool, "COPIES", 2)
    definition = experiment(
        augmentation=shifted, data=data.digits(train=38), steps=8, batch_size=19
    )
    _, result, *_ = train(definition, monkeypatch)
    arrays = definition.data.load()
    examples, _ = definition.split("judge", 2, {})
    order = Order("judge", 2, examples, 19, False).batches(0, 8)
    model, optimizer = start_alone(definition, {}, 2)
    model.compile(optimizer, definition.loss)
    for step, batch in enumerate(order):
        x = shifted(arrays.x[batch], step // 2 % 2)
        loss = model.train_on_batch(x, arrays.y[batch])
        model.reset_metrics()
        assert result.curves[2, step] == pytest.approx(float(loss), rel=TOLERANCE)


def constant(value):
    return None if value is None else ConstantStart(value)


class ConstantStart:
    def __init__(self, value):
        self.value = value

    def __call__(self, model, x, y, seed):
        assert (len(x), len(y)) == (97, 97)
        kernel = np.full(model.layers[0].kernel.shape, self.value, "float32")
        model.layers[0].kernel.assign(kernel)


def test_pretraining_changes_what_its_cells_start_from():
    definition = experiment(
        pretraining=constant,
        vary={"value": {"none": None, "one": 1.0}},
        steps=8,
        measures=(Probe("before", norm, when="start"), FinalLoss()),
    )
    program, result, *_ = train(definition)
    assert len(program.runs) == 6
    before = result.measures["before"].reshape(2, 3)
    assert len(np.unique(before[0])) == 3
    np.testing.assert_allclose(before[1], np.sqrt(64 * 13), rtol=1e-6)


def test_what_is_watched_is_the_error_of_each_look():
    definition = experiment(watch=("train", "validation"), measures=(TestError(),))
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


def test_recurrent_and_residual_networks_train_stacked_as_alone(monkeypatch):
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

    for network in (recurrent, residual):
        assert_runs_equal_their_twins(experiment(model=network, steps=12), monkeypatch)


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
