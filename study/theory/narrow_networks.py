"""Turn a wide hidden layer into a deep narrow network, as the theorem's proof does.

A network of width d + D + 2, for d inputs and D outputs, comes as near to a function as
one wants if depth is not bounded.
"""

import numpy as np

from study.theory.activations import relu, sigmoid
from study.theory.networks import forward

__all__ = ["ACTIVATIONS", "constructed", "grid", "shallow", "stand_up"]

# Each activation and its slope at 1/2, a point where all of them have one.
ACTIVATIONS = {
    "ReLU": (relu, 1.0),
    "tanh": (np.tanh, 1 - np.tanh(0.5) ** 2),
    "sigmoid": (sigmoid, np.exp(-0.5) / (1 + np.exp(-0.5)) ** 2),
    "softplus": (lambda z: np.logaddexp(z, 0), 1 / (1 + np.exp(-0.5))),
}
POINT, SHRINK = 0.5, 1e-7
SMALLEST = 1e-4  # singular values below this share of the largest count as none


def grid(inputs):
    """Return a grid over [-1, 1], 1,025 points, or over its square, 21 by 21."""
    axis = np.linspace(-1, 1, 1025 if inputs == 1 else 21)
    return np.stack(np.meshgrid(*[axis] * inputs), -1).reshape(-1, inputs)


def shallow(activation, x, targets, units, random):
    """Return random hidden units, and the output weights by least squares.

    Args:
        activation: One of `ACTIVATIONS`.
        x: NumPy array, (examples, inputs).
        targets: NumPy array, (examples, outputs).
        units: Hidden units.
        random: NumPy generator.

    Returns:
        Kernel and biases of the hidden layer, and the output weights, a row a unit and
        one for the output's bias.
    """
    directions = random.standard_normal((units, x.shape[1]))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    directions *= np.exp(random.uniform(0, np.log(max(8, units)), (units, 1)))
    biases = -(directions * random.uniform(-1, 1, directions.shape)).sum(1)
    hidden = ACTIVATIONS[activation][0](x @ directions.T + biases)
    design = np.hstack([hidden, np.ones((len(x), 1))])
    outputs = np.linalg.lstsq(design, targets, rcond=SMALLEST)[0]
    return directions.T, biases, outputs


def stand_up(activation, directions, biases, outputs):
    """Turn a hidden layer of n units into n layers of d + D + 2, as the proof does.

    Each layer has a unit for one of the n, d that hand the inputs on, D that add up the
    outputs, and one to spare. A number s is handed on as `f(1/2 + hs)` with a small h:
    there f is nearly a line, `f(1/2) + hs f'(1/2)`, which the next layer undoes.

    Args:
        activation: One of `ACTIVATIONS`.
        directions, biases, outputs: What `shallow` returns.

    Returns:
        List of (kernel, bias), the linear output layer last.
    """
    function, slope = ACTIVATIONS[activation]
    (d, n), outs = directions.shape, outputs.shape[1]
    width, unit = d + outs + 2, d
    sums = slice(d + 1, d + 1 + outs)
    undo, offset = 1 / (SHRINK * slope), -function(POINT) / (SHRINK * slope)
    layers = []
    for i in range(n):
        kernel, bias = np.zeros((width if i else d, width)), np.zeros(width)
        bias[:d] = bias[sums] = POINT
        if i == 0:
            kernel[:, :d] = SHRINK * np.eye(d)
            kernel[:, unit], bias[unit] = directions[:, 0], biases[0]
        else:
            kernel[:d, :d] = SHRINK * undo * np.eye(d)
            kernel[sums, sums] = SHRINK * undo * np.eye(outs)
            kernel[unit, sums] = SHRINK * outputs[i - 1]
            bias[:d] += SHRINK * offset
            bias[sums] += SHRINK * offset
            kernel[:d, unit] = undo * directions[:, i]
            bias[unit] = biases[i] + offset * directions[:, i].sum()
        layers.append((kernel, bias))
    last = np.zeros((width, outs))
    last[unit], last[sums] = outputs[n - 1], undo * np.eye(outs)
    layers.append((last, outputs[n] + offset))
    return layers


def constructed(activation, x, targets, depth, random):
    """Return the largest error of a narrow network that is constructed, not trained.

    Args:
        activation, x, targets, random: As for `shallow`.
        depth: Hidden layers.
    """
    layers = stand_up(activation, *shallow(activation, x, targets, depth, random))
    found = forward(layers, x, ACTIVATIONS[activation][0])[-1]
    return np.abs(found - targets).max()
