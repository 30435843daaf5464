"""Average the sub-networks of dropout, and score what they predict."""

import numpy as np

from study.theory.activations import relu, softmax

__all__ = ["averages", "first_hidden", "probabilities", "scored"]


def first_hidden(layers, x):
    """Return the outputs of the first hidden layer of a ReLU network."""
    kernel, bias = layers[0]
    return relu(x @ kernel + bias)


def probabilities(layers, hidden, masks):
    """Return class probabilities from the first hidden outputs and two masks.

    Args:
        layers: Three pairs of a kernel and a bias.
        hidden: What `first_hidden` returns.
        masks: What the first and the second hidden outputs are multiplied by.
    """
    (_, (kernel, bias), last), (first, second) = layers, masks
    hidden = relu(hidden * first @ kernel + bias) * second
    return softmax(hidden @ last[0] + last[1], axis=1)


def scored(probabilities, y):
    """Return error in percent and loss in nats."""
    right = probabilities[np.arange(len(y)), y]
    error = 100 * np.mean(probabilities.argmax(axis=1) != y)
    return error, float(-np.log(np.maximum(right, 1e-12)).mean())


def averages(members, y, sizes):
    """Yield (masks, error, loss) of averages, the mean over groups of so many masks.

    Args:
        members: NumPy array of probabilities, (masks, examples, classes).
        y: Integers from 0, one an example.
        sizes: How many masks are averaged, each a divisor of the masks there are.
    """
    for k in sizes:
        groups = members.reshape(len(members) // k, k, *members.shape[1:]).mean(axis=1)
        yield k, *np.mean([scored(each, y) for each in groups], axis=0)
