"""Batch normalization: formulas and gradients agree with Keras, and probes count."""

from pathlib import Path

import keras
import numpy as np
import pytest
from autodiff import value_and_gradient

from study.lab import registry
from study.lab.measures import History
from study.layers import BatchNormalization

FOLDER = Path(__file__).parents[2] / "experiments"


def names(finding):
    """Return the names of a finding's module."""
    definition = registry.load(FOLDER / f"batch_normalization_{finding}.py").definition
    return getattr(definition, "run", getattr(definition, "model", None)).__globals__


def test_the_formula_normalizes_scales_and_shifts(monkeypatch):
    finding = names("formula")
    monkeypatch.setitem(finding, "EPSILON", 3.0)
    # mean 2 and variance 1, so that the root of variance + epsilon is 2
    found = finding["normalized"](np.array([[1.0], [3.0]]), 10.0, 7.0)
    np.testing.assert_allclose(found, [[2.0], [12.0]])


def test_a_layer_that_takes_the_unbiased_variance_would_be_refuted():
    finding = names("formula")
    x = np.random.default_rng(0).normal(size=(8, 10))
    unbiased = (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0, ddof=1) + 1e-3)
    deviation = finding["apart"](unbiased, finding["normalized"](x, 1.0, 0.0))
    assert deviation > finding["TOLERANCE"]


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "ReLU"])
@pytest.mark.parametrize("batch", [False, True])
def test_the_gradients_are_those_of_keras(activation, batch):
    finding = names("gradient_flow")
    random = np.random.default_rng(0)
    inputs, targets = random.random((7, 6)), np.eye(10)[np.arange(7)]
    shapes = ((6, 5), (5, 4), (4, 10))
    kernels = [random.normal(0, 0.7, shape) for shape in shapes]
    found = finding["gradients"](inputs, targets, kernels, activation, batch)
    function = {"sigmoid": "sigmoid", "tanh": "tanh", "ReLU": "relu"}[activation]
    for at, expected in enumerate(found):

        def loss(kernel, at=at):
            values = keras.ops.convert_to_tensor(inputs, dtype=kernel.dtype)
            for i, each in enumerate(kernels):
                each = kernel if i == at else keras.ops.cast(each, kernel.dtype)
                values = keras.ops.matmul(values, each)
                if i < len(kernels) - 1 and batch:
                    layer = BatchNormalization(epsilon=1e-6, dtype="float64")
                    values = layer(values, training=True)
                if i < len(kernels) - 1:
                    values = keras.activations.get(function)(values)
            losses = keras.ops.categorical_crossentropy(
                keras.ops.cast(targets, values.dtype), values, from_logits=True
            )
            return keras.ops.mean(losses)

        _, slope = value_and_gradient(loss, kernels[at])
        np.testing.assert_allclose(expected, slope, rtol=1e-4, atol=1e-6)


def test_a_fall_is_lost_and_a_rise_is_not():
    finding = names("gradient_flow")
    random = np.random.default_rng(0)
    inputs, targets = random.random((20, 6)), np.eye(10)[np.arange(20) % 10]
    shapes = [(6, 40), *[(40, 40)] * 9, (40, 10)]
    for scale, falls in ((0.01, True), (30.0, False)):
        kernels = [random.normal(0, scale, shape) for shape in shapes]
        rows = list(finding["by_depth"](inputs, targets, kernels, "ReLU", False))
        assert [row["depth"] for row in rows] == list(finding["DEPTHS"])
        last = rows[-1]
        assert (last["change"] < 0) == falls
        assert last["lost"] == (last["drift"] if falls else 0)
        assert last["kept"] == 0


def test_the_mean_error_is_the_area_over_the_accuracy():
    finding = names("initial_scale")
    loss = np.array([[1.0, 1.0, 1.0, 1.0], [1.0, np.nan, 1.0, 1.0]])
    hits = np.array([[0.0, 0.5, 0.5, 1.0], [1.0, 1.0, 1.0, 1.0]])
    history = History(
        loss=loss, hits=hits, evaluations={}, chance_loss=2.3, chance_error=0.8
    )
    # the second diverges at its second step and counts as chance from there on
    np.testing.assert_allclose(finding["MeanError"]().read(history), [50.0, 60.0])


def test_the_sixteen_scales_are_even_steps_from_1_to_a_ten_thousandth():
    stds = names("initial_scale")["STDS"]
    steps = np.diff(np.log10(stds))
    assert len(stds) == 16
    assert (stds[0], stds[-1]) == (1.0, 0.0001)
    np.testing.assert_allclose(steps, -4 / 15, atol=0.01)


def identity():
    """Return a network that names the largest of three inputs."""
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(3)])
    model.layers[0].set_weights([np.eye(3), np.zeros(3)])
    return model


def test_a_network_trains_if_less_than_a_tenth_is_wrong():
    trains = names("learning_rate")["trains"]
    x = np.eye(3, dtype="float32")[np.arange(30) % 3]
    y = np.arange(30) % 3
    assert float(trains(identity(), x, y)) == 1
    wrong = np.where(np.arange(30) < 3, (y + 1) % 3, y)  # a tenth
    assert float(trains(identity(), x, wrong)) == 0


def test_moments_are_gathered_or_those_of_the_images_at_hand():
    finding = names("batch_size")
    normalization = BatchNormalization(epsilon=0.0)
    model = keras.Sequential([keras.Input((2,)), normalization])
    # class 0 is the larger input; the second one has a mean of 10
    x = np.array([[1.0, 9.0], [-1.0, 11.0], [1.0, 9.0], [-1.0, 11.0]], "float32")
    y = np.array([0, 1, 0, 1])
    assert float(finding["by_gathered"](model, x, y)) == 50
    assert float(finding["by_all"](model, x, y)) == 0
    assert float(finding["serves"](model, x, y)) == 0
    # reading by the moments of images changes none of those gathered
    np.testing.assert_array_equal(np.asarray(normalization.moving_mean), 0)
    normalization.moving_mean.assign([0.0, 10.0])
    assert float(finding["serves"](model, x, y)) == 1


@pytest.mark.parametrize(
    ("placement", "order"),
    [
        ("none", ["Dense", "Activation"]),
        ("before", ["Dense", "BatchNormalization", "Activation"]),
        ("after", ["Dense", "Activation", "BatchNormalization"]),
    ],
)
def test_normalization_stands_where_its_placement_says(placement, order):
    model = names("placement")["model"](placement, "relu")
    found = [type(each).__name__ for each in model.layers]
    assert found == [*order * 3, "Dense"]
