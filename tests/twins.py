"""Train two versions of a small network from the same start, to compare them."""

import keras
import numpy as np
from compiling import JITS


def train(optimizer="sgd", loss="mean_squared_error", steps=100, outputs=2, **dense):
    """Return the weights, as float64, and loss of every one of `steps` steps.

    A network 5-4-`outputs`, whose hidden layer takes the keywords `dense`, sees the
    same batches of 7 at every call.
    """
    rng = np.random.default_rng(3)
    x = rng.normal(size=(7 * steps, 5)).astype("float32")
    y = np.tanh(x @ rng.normal(size=(5, outputs))).astype("float32")
    hidden = keras.layers.Dense(4, **{"activation": "tanh", **dense})
    model = keras.Sequential([keras.Input((5,)), hidden, keras.layers.Dense(outputs)])
    model.set_weights([0.5 * rng.normal(size=each.shape) for each in model.weights])
    model.compile(optimizer, loss, jit_compile=JITS)
    losses = []
    for step in range(steps):
        batch = slice(7 * step, 7 * (step + 1))
        losses.append(float(model.train_on_batch(x[batch], y[batch])))
    return [np.asarray(each, "float64") for each in model.get_weights()], losses


def assert_equal_training(one, other, rtol=1e-5, atol=1e-6):
    """Compare what `train` returned, twice."""
    for ours, theirs in zip(one[0], other[0], strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=rtol, atol=atol)
    np.testing.assert_allclose(one[1], other[1], rtol=rtol, atol=atol)
