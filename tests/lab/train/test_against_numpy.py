"""The engine against back-propagation written in NumPy: the same on every backend."""

import keras
import numpy as np
import pytest
from digits_study import experiment, train

from study.lab.declare.models import mlp
from study.lab.train import initial
from study.lab.train.order import Order
from study.lab.train.plan import build

pytestmark = pytest.mark.usefixtures("stacked")


class NumpyNormal(keras.initializers.Initializer):
    """Draw the same values on every backend."""

    def __init__(self, seed=0):
        self.seed = seed

    def __call__(self, shape, dtype=None):
        drawn = np.random.default_rng(self.seed).normal(0, 0.2, shape)
        return keras.ops.convert_to_tensor(drawn, dtype)

    def get_config(self):
        return {"seed": self.seed}


def model():
    return mlp(64, (13, 7), 10, kernel_initializer=NumpyNormal())


def by_hand(weights, x, y, batches, learning_rate):
    """Return the losses of plain gradient descent on a ReLU network, in float64."""
    weights, losses = [each.astype("float64") for each in weights], []
    for batch in batches:
        layers, (kernels, biases) = [x[batch]], (weights[::2], weights[1::2])
        for kernel, bias in zip(kernels, biases, strict=True):
            layers.append(np.maximum(layers[-1] @ kernel + bias, 0))
        logits = layers[-2] @ kernels[-1] + biases[-1]
        shares = np.exp(logits - logits.max(axis=1, keepdims=True))
        shares /= shares.sum(axis=1, keepdims=True)
        rows = np.arange(len(batch)), y[batch]
        losses.append(-np.log(shares[rows]).mean())
        back = shares.copy()
        back[rows] -= 1
        back /= len(batch)
        for layer in reversed(range(len(kernels))):
            gradients = layers[layer].T @ back, back.sum(axis=0)
            back = (back @ kernels[layer].T) * (layers[layer] > 0)
            kernels[layer] -= learning_rate * gradients[0]
            biases[layer] -= learning_rate * gradients[1]
    return losses


def test_losses_equal_numpy_s_when_numpy_draws_the_weights():
    definition = experiment(model=model)
    program, result, *_ = train(definition)
    arrays = definition.data.load()
    for run, (cell, replicate) in enumerate(program.runs):
        examples, _ = definition.split("judge", replicate, cell)
        order = Order("judge", replicate, examples, definition.batch_size, False)
        network, _ = build(definition, cell)
        weights, _ = initial.draw(network, "judge", replicate)
        batches = order.batches(0, definition.steps)
        expected = by_hand(weights, arrays.x, arrays.y, batches, 0.1)
        # float32 carries 6e-8; 40 steps of training make 1e-5 of it
        np.testing.assert_allclose(result.curves[run], expected, rtol=5e-5)
