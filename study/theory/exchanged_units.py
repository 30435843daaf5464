"""The loss of a small network that stays the same when two of its units change places.

Its features φ are learned with the weights on top, or fixed.
"""

import keras
import numpy as np

EXAMPLES, INPUTS, UNITS = 64, 2, 3


def exchange(activation, learned, random):
    """Return a loss and two sets of weights that are equally good, one permuted.

    A network of the same kind with random weights is the target, so that learned
    features have a loss of 0 with its weights, and with two of its units exchanged.

    Args:
        activation: Function of a tensor that makes the features of its argument.
        learned: Whether the features' weights are weights of the loss.
        random: NumPy generator.

    Returns:
        Function from a tensor of weights to the mean squared error, in units of the
        mean squared target, and two arrays of weights.
    """
    inputs = random.standard_normal((EXAMPLES, INPUTS))
    first = random.standard_normal((INPUTS, UNITS))
    last = random.standard_normal(UNITS)
    order = [1, 0, *range(2, UNITS)]

    def network(first, last):
        return keras.ops.sum(activation(inputs @ first) * last, axis=-1)

    targets = keras.ops.convert_to_numpy(network(first, last))

    def loss(weights):
        if learned:
            first_of = keras.ops.reshape(weights[: first.size], first.shape)
            outputs = network(first_of, weights[first.size :])
        else:
            outputs = network(first, weights)
        return keras.ops.mean((outputs - targets) ** 2) / np.mean(targets**2)

    if learned:
        ends = (first, last), (first[:, order], last[order])
        return loss, *(np.concatenate([a.ravel(), b]) for a, b in ends)
    return loss, last, last[order]
