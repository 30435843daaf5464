"""Losses and errors are those of `fit` with the matching one of Keras's accuracies."""

import functools

import keras
import numpy as np
import pytest

from study.lab.declare import losses
from study.lab.train.objective import Objective

CLASSES = np.array([0, 2, 1, 2, 3, 0, 1])
HALVES = CLASSES % 2
ONE_HOT = np.eye(4)[CLASSES]
LOGITS = np.random.default_rng(3).normal(0, 2, (7, 4)).astype("float32")
SHARES = np.exp(LOGITS) / np.exp(LOGITS).sum(axis=1, keepdims=True)
CHANCES = 1 / (1 + np.exp(-LOGITS))
SPARSE = keras.losses.SparseCategoricalCrossentropy
CATEGORICAL = keras.losses.CategoricalCrossentropy
BINARY = keras.losses.BinaryCrossentropy
sparse = keras.metrics.SparseCategoricalAccuracy
one_hot = keras.metrics.CategoricalAccuracy
binary = keras.metrics.BinaryAccuracy

CASES = {
    "name": ("sparse_categorical_crossentropy", CLASSES, SHARES, sparse()),
    "column": ("sparse_categorical_crossentropy", CLASSES[:, None], SHARES, sparse()),
    "object": (SPARSE(), CLASSES, SHARES, sparse()),
    "object, column": (SPARSE(), CLASSES[:, None], SHARES, sparse()),
    "bytes": (SPARSE(), CLASSES.astype("uint8"), SHARES, sparse()),
    "class's name": ("SparseCategoricalCrossentropy", CLASSES, SHARES, sparse()),
    "logits": (SPARSE(from_logits=True), CLASSES, LOGITS, sparse()),
    "sum": (SPARSE(reduction="sum"), CLASSES, SHARES, sparse()),
    "ignored": (SPARSE(ignore_class=2), CLASSES, SHARES, sparse()),
    "one-hot": ("categorical_crossentropy", ONE_HOT, SHARES, one_hot()),
    "one-hot bytes": (CATEGORICAL(), ONE_HOT.astype("uint8"), SHARES, one_hot()),
    "smoothed": (CATEGORICAL(label_smoothing=0.1), ONE_HOT, SHARES, one_hot()),
    "one-hot logits": (CATEGORICAL(from_logits=True), ONE_HOT, LOGITS, one_hot()),
    "focal": ("categorical_focal_crossentropy", ONE_HOT, SHARES, one_hot()),
    "hinge of classes": ("categorical_hinge", ONE_HOT, LOGITS, one_hot()),
    "two classes": ("binary_crossentropy", HALVES[:, None], CHANCES[:, :1], binary()),
    "two, flat": ("binary_crossentropy", HALVES, CHANCES[:, :1], binary()),
    "two, alias": ("bce", HALVES, CHANCES[:, :1], binary()),
    "two, logits": (
        BINARY(from_logits=True),
        HALVES,
        LOGITS[:, :1],
        binary(None, None, 0),
    ),
    "many halves": (BINARY(), ONE_HOT, CHANCES, binary()),
    "two, focal": ("binary_focal_crossentropy", HALVES, CHANCES[:, :1], binary()),
}
FOR_NUMBERS = {
    "squares": ("mean_squared_error", HALVES / 3, LOGITS[:, :1]),
    "squares, alias": ("mse", HALVES[:, None] / 3, LOGITS[:, :1]),
    "squares of many": (keras.losses.MeanSquaredError(), ONE_HOT, LOGITS),
    "huber": ("huber", HALVES / 3, LOGITS[:, :1]),
    "hinge": ("hinge", HALVES, LOGITS[:, :1]),
    "poisson": (keras.losses.Poisson(reduction="sum"), HALVES, CHANCES[:, :1]),
}


class Fixed(keras.layers.Layer):
    """Put out what comes in, so that `evaluate` reads losses of given outputs."""

    def call(self, x):
        return x


def evaluated(loss, y, outputs, metrics=()):
    """Return the loss that Keras tells of a batch, and then the metrics."""
    model = keras.Sequential([keras.Input(outputs.shape[1:]), Fixed()])
    model.compile(loss=loss, metrics=[*metrics], run_eagerly=True)
    told = model.evaluate(outputs, y, batch_size=len(y), verbose=0, return_dict=True)
    return [told.pop("loss"), *told.values()]


@functools.cache
def told_by_keras(case):
    """Return the loss of a case, and the share of hits where errors are counted."""
    loss, y, outputs, *accuracy = (CASES | FOR_NUMBERS)[case]
    return evaluated(loss, y, outputs, accuracy)


def tensors(y, outputs):
    # As the engine holds them: no float64.
    y = y.astype("float32") if y.dtype == "float64" else y
    return map(keras.ops.convert_to_tensor, (y, outputs))


@pytest.mark.parametrize("case", CASES)
def test_errors_are_counted_as_keras_s_matching_accuracy_counts_them(case):
    loss, y, outputs, _ = CASES[case]
    _, share = told_by_keras(case)
    objective, (labels, values) = Objective(loss), tensors(y, outputs)
    hits = keras.ops.convert_to_numpy(objective.hits(labels, values))
    assert 0 < share < 1
    assert hits.shape == (len(y),)
    assert hits.mean() == pytest.approx(share, abs=1e-6)


@pytest.mark.parametrize("case", [*CASES, *FOR_NUMBERS])
def test_the_loss_of_a_batch_is_that_of_fit(case):
    loss, y, outputs, *_ = (CASES | FOR_NUMBERS)[case]
    told, *_ = told_by_keras(case)
    objective, (labels, values) = Objective(loss), tensors(y, outputs)
    assert float(objective.batch(labels, values)) == pytest.approx(told, rel=1e-5)
    each = keras.ops.convert_to_numpy(objective.each(labels, values))
    assert each.shape == (len(y),)
    counted = (CLASSES != 2).mean() if case == "ignored" else 1
    whole = losses.scale(loss, len(y)) * each.mean() / counted
    assert whole == pytest.approx(told, rel=1e-5)


@pytest.mark.parametrize("case", FOR_NUMBERS)
def test_of_what_is_no_class_no_error_is_told(case):
    loss, y, outputs = FOR_NUMBERS[case]
    hits = Objective(loss).hits(*tensors(y, outputs))
    assert np.isnan(keras.ops.convert_to_numpy(hits)).all()
    assert losses.uncounted(loss).startswith("it counts errors: expected a loss of")
