"""What is timed: formulas and steps that agree with Keras, in turns that alternate."""

from pathlib import Path

import keras
import numpy as np
import pytest

from study.gradients import gradient
from study.lab import registry

FILE = Path(__file__).parents[2] / "experiments" / "activations_cost.py"
X = np.array([-2.0, -0.5, 0.3, 4.0], "float32")


@pytest.fixture(scope="module")
def example():
    """Return the module's names."""
    return registry.load(FILE).definition.run.__globals__


def value(example, name, x):
    out = np.empty_like(x)
    example["NUMPY"][name][0](x, out)
    return out


@pytest.mark.parametrize("name", ["2x", "ReLU", "leaky ReLU", "sigmoid", "tanh"])
def test_values_by_hand_are_those_of_keras(example, name):
    twin = keras.ops.convert_to_numpy(example["KERAS"][name][0](X))
    np.testing.assert_allclose(value(example, name, X), twin, rtol=1e-5)


@pytest.mark.parametrize("name", ["ReLU", "leaky ReLU", "sigmoid", "tanh"])
def test_slopes_from_the_outputs_are_those_of_autodiff(example, name):
    function = example["KERAS"][name][0]
    right = gradient(lambda x: keras.ops.sum(function(x)), X)
    y = value(example, name, X)
    by_hand = example["NUMPY"][name][1](y, np.empty_like(y))
    by_keras = example["KERAS"][name][1](keras.ops.convert_to_tensor(y))
    for found in (by_hand, by_keras):
        # 1 - y² loses what y near 1 rounds: twice 6e-8.
        np.testing.assert_allclose(np.asarray(found), right, rtol=1e-5, atol=2.4e-7)


@pytest.mark.parametrize("activation", ["ReLU", "sigmoid", "tanh"])
def test_a_step_by_hand_is_the_step_of_keras(example, activation):
    random = np.random.default_rng(0)
    layers = example["drawn"](random, (7, 5))
    x, labels = random.random((6, 784), "float32"), random.integers(10, size=6)
    model = example["keras_network"](layers, activation)
    model.train_on_batch(x, labels)
    example["step"](layers, x, labels, activation)
    by_hand = [each for layer in layers for each in layer]
    for mine, twin in zip(by_hand, model.get_weights(), strict=True):
        np.testing.assert_allclose(mine, twin, atol=1e-6)


def test_calls_take_turns_and_the_first_round_is_not_counted(example):
    met = []
    calls = {name: lambda name=name: met.append(name) for name in ("a", "b")}
    timed = [(name, turn) for name, turn, _ in example["alternated"](calls, 2, 1)]
    assert met == ["a", "b"] * 3
    assert timed == [("a", 0), ("b", 0), ("a", 1), ("b", 1)]


def test_the_best_of_repeats_is_the_quickest(example, monkeypatch):
    clock = iter([0.0, 5.0, 10.0, 12.0, 20.0, 23.0])
    monkeypatch.setattr(example["time"], "perf_counter", lambda: next(clock))
    assert example["best"](lambda: None, 3) == 2
