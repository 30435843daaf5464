"""A saturated softmax trains, on every backend the same."""

import dataclasses

import keras
import numpy as np
import pytest
from digits_study import experiment, train

from study.lab import data
from study.lab.declare.measures import FinalLoss, TestLoss
from study.lab.train import initial
from study.lab.train.order import Order
from study.lab.train.plan import build

pytestmark = pytest.mark.usefixtures("stacked")

STEPS, RATE = 12, 2.0
SPREAD = 30.0  # of the logits at the start: softmax leaves 1 of the largest, else 0


class Wide(keras.initializers.Initializer):
    """Draw the same wide values on every backend."""

    def __init__(self, seed=0):
        self.seed = seed

    def __call__(self, shape, dtype=None):
        drawn = np.random.default_rng(self.seed).normal(0, SPREAD / 8, shape)
        return keras.ops.convert_to_tensor(drawn, dtype)

    def get_config(self):
        return {"seed": self.seed}


def by_activation(kind):
    layers = {
        "argument": [keras.layers.Dense(10, "softmax", kernel_initializer=Wide())],
        "layer": [
            keras.layers.Dense(10, kernel_initializer=Wide()),
            keras.layers.Softmax(),
        ],
    }
    return keras.Sequential([keras.Input((64,)), *layers[kind]])


def by_hand(kernel, x, y, batches):
    """Return the losses of gradient descent on the logits, in float64."""
    kernel, bias, losses = kernel.astype("float64"), np.zeros(10), []
    for batch in batches:
        logits = x[batch] @ kernel + bias
        logits -= logits.max(axis=1, keepdims=True)
        rows = np.arange(len(batch)), y[batch]
        total = np.log(np.exp(logits).sum(axis=1))
        losses.append((total - logits[rows]).mean())
        back = np.exp(logits - total[:, None])
        back[rows] -= 1
        back /= len(batch)
        kernel -= RATE * x[batch].T @ back
        bias -= RATE * back.sum(axis=0)
    return losses


@pytest.mark.parametrize(
    "kind", ["argument", pytest.param("layer", marks=pytest.mark.slow)]
)
@pytest.mark.parametrize(
    "loss",
    [
        "sparse_categorical_crossentropy",
        pytest.param(
            keras.losses.SparseCategoricalCrossentropy(), marks=pytest.mark.slow
        ),
    ],
    ids=["name", "object"],
)
def test_a_saturated_softmax_trains_from_its_logits(kind, loss):
    definition = experiment(
        model=by_activation,
        vary={"kind": (kind,)},
        loss=loss,
        optimizer=lambda: keras.optimizers.SGD(RATE),
        steps=STEPS,
        evaluations=1,
        measures=(FinalLoss(), TestLoss()),
    )
    program, result, *_ = train(definition, replicates=range(1))
    arrays = definition.data.load()
    cell, replicate = program.runs[0]
    examples, _ = definition.split("judge", replicate, cell)
    batches = Order("judge", replicate, examples, 19, False).batches(0, STEPS)
    (kernel, _), _ = initial.draw(build(definition, cell)[0], "judge", replicate)
    expected = by_hand(kernel, arrays.x, arrays.y, batches)
    assert expected[0] > 20  # more than the 16 nats at which probabilities are clipped
    assert expected[-1] < expected[0] / 2
    np.testing.assert_allclose(result.curves[0], expected, rtol=2e-5)
    assert result.measures["test_loss"][0] > 0


@pytest.mark.slow
def test_a_saturated_sigmoid_costs_what_its_logits_cost():
    digits = data.digits().load()
    halves = dataclasses.replace(digits, y=digits.y % 2, y_test=digits.y_test % 2)

    def model():
        dense = keras.layers.Dense(1, "sigmoid", kernel_initializer=Wide())
        return keras.Sequential([keras.Input((64,)), dense])

    definition = experiment(
        data=dataclasses.replace(
            data.digits(train=97, validation=31), read=lambda: halves
        ),
        model=model,
        loss="binary_crossentropy",
        steps=1,
        evaluations=1,
    )
    _, result, *_ = train(definition, replicates=range(1))
    examples, _ = definition.split("judge", 0, {})
    batch = Order("judge", 0, examples, 19, False).batches(0, 1)[0]
    (kernel, _), _ = initial.draw(build(definition, {})[0], "judge", 0)
    logits = (halves.x[batch] @ kernel.astype("float64"))[:, 0]
    each = np.logaddexp(0, logits) - halves.y[batch] * logits
    assert each.max() > 20  # more than a probability that is clipped costs
    np.testing.assert_allclose(result.curves[0, 0], each.mean(), rtol=2e-5)
