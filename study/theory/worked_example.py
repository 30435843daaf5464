"""Recompute the lecture's example of back-propagation: two layers of two sigmoids."""

import keras
import numpy as np

from study.theory.activations import sigmoid
from study.theory.backpropagation import half_squares
from study.theory.checks import central_gradient
from study.theory.networks import dense_model

__all__ = [
    "FIRST",
    "LEARNING_RATE",
    "SECOND",
    "TARGETS",
    "X",
    "central_gradients",
    "gradients",
    "keras_update",
    "loss",
    "quantities",
]

X = np.array([0.2, 0.5])
TARGETS = np.array([0.2, 0.7])
LEARNING_RATE = 0.3
# Rows are inputs, columns are units. Two weights of the second layer are not printed:
# 0.1 and 0.3 are what the printed pre-activations 0.27 and 0.43 leave room for.
FIRST = np.array([[0.1, 0.2], [0.3, 0.1]])
SECOND = np.array([[0.4, 0.5], [0.1, 0.3]])


def loss(first, second):
    """Return half the sum of squared errors."""
    return half_squares(TARGETS, sigmoid(sigmoid(X @ first) @ second))


def quantities(given):
    """Return every quantity of the example from the quantities in `given`.

    With an empty `given` each is computed from exact ones before it; otherwise those
    named there are taken as they stand, as a reader with the slide in hand would.

    Args:
        given: Mapping from the name of a quantity to its number.
    """
    exact = {}

    def use(name):
        return given.get(name, exact[name])

    exact["z10"], exact["z11"] = X @ FIRST
    exact["a10"], exact["a11"] = sigmoid(use("z10")), sigmoid(use("z11"))
    exact["z20"] = use("a10") * SECOND[0, 0] + use("a11") * SECOND[1, 0]
    exact["z21"] = use("a10") * SECOND[0, 1] + use("a11") * SECOND[1, 1]
    exact["a20"], exact["a21"] = sigmoid(use("z20")), sigmoid(use("z21"))
    exact["dE/da20"] = use("a20") - TARGETS[0]
    exact["da20/dz20"] = use("a20") * (1 - use("a20"))
    exact["dz20/dw10¹"] = use("a10")
    exact["dE/dw10¹"] = use("dE/da20") * use("da20/dz20") * use("dz20/dw10¹")
    exact["new w10¹"] = SECOND[0, 0] - LEARNING_RATE * use("dE/dw10¹")
    for unit, name in enumerate(("a20", "a21")):
        slope = use(name) * (1 - use(name))
        exact[f"dE{unit + 1}/da10"] = (
            (use(name) - TARGETS[unit]) * slope * SECOND[0, unit]
        )
    exact["da10/dz10"] = use("a10") * (1 - use("a10"))
    back = use("dE1/da10") + use("dE2/da10")
    exact["dE/dw10⁰"] = back * use("da10/dz10") * X[0]
    exact["new w10⁰"] = FIRST[0, 0] - LEARNING_RATE * use("dE/dw10⁰")
    return exact


def gradients():
    """Return the gradients of both layers by the chain rule."""
    hidden = sigmoid(X @ FIRST)
    outputs = sigmoid(hidden @ SECOND)
    back = (outputs - TARGETS) * outputs * (1 - outputs)
    return (
        np.outer(X, (SECOND @ back) * hidden * (1 - hidden)),
        np.outer(hidden, back),
    )


def central_gradients(step=1e-5):
    """Return the gradients of both layers by central differences."""
    return (
        central_gradient(lambda first: loss(first, SECOND), FIRST, step),
        central_gradient(lambda second: loss(FIRST, second), SECOND, step),
    )


def keras_update():
    """Return the weights of both layers after one step of Keras's SGD.

    With two outputs half the sum of squares is the mean squared error.
    """
    model = dense_model([(FIRST, None), (SECOND, None)], ["sigmoid"] * 2)
    model.compile(keras.optimizers.SGD(LEARNING_RATE), "mean_squared_error")
    model.train_on_batch(X[None], TARGETS[None])
    return model.get_weights()
