"""Follow the gradient back through deep networks, by the factors that shape it."""

import numpy as np

from study.theory.activations import sigmoid, softmax
from study.theory.networks import forward
from study.theory.normalization import normalize, normalize_back

__all__ = [
    "binary_cross_entropy_error",
    "by_depth",
    "carried_back",
    "cross_entropy_error",
    "decades",
    "flow",
    "gradients",
    "kernels",
    "network",
    "rows",
    "scaled",
    "shrinkages",
    "since_one_layer",
]


def decades(array):
    """Return log10 of the Frobenius norm.

    Example:

    >>> float(decades(np.array([[60.0, 80.0]])))
    2.0
    """
    return np.log10(np.linalg.norm(array))


def kernels(initializer, widths, seeds):
    """Draw the weights between layers of these widths, each from a seed of its own.

    Args:
        initializer: Function of `seed` that returns a Keras initializer.
        widths: Units of every layer, inputs and outputs included.
        seeds: Integers, at least one a kernel.
    """
    shapes = zip(widths, widths[1:], seeds[: len(widths) - 1], strict=False)
    return [
        np.asarray(initializer(seed=int(seed))((inputs, outputs)), "float64")
        for inputs, outputs, seed in shapes
    ]


def network(inputs, width, depth, outputs, initializer, seeds):
    """Draw the kernels of the hidden layers, and that of the output layer.

    Args:
        inputs: Numbers that the first layer sees.
        width: Units of each hidden layer.
        depth: Hidden layers.
        outputs: Units of the output layer.
        initializer: Function of `seed` that returns a Keras initializer.
        seeds: Integers, the output layer's first, at least one more than hidden layers.
    """
    (output,) = kernels(initializer, (width, outputs), seeds)
    return kernels(initializer, (inputs, *[width] * depth), seeds[1:]), output


def carried_back(inputs, outputs, kernels, error, slope):
    """Carry the error back and tell, in decades, what each kind of factor does to it.

    A layer below has `∂L/∂z = (error @ kernel.T) * slope`: the weights' factor is what
    the product does to the norm, the slopes' factor what the multiplication does.

    Args:
        inputs: What the first layer sees.
        outputs: Outputs of each hidden layer.
        kernels: Those above each hidden layer.
        error: ∂L/∂z of the output layer.
        slope: Slope of the activation, from its output.
    """
    signal, by_weights, by_slopes = error, 0.0, 0.0
    for kernel, output in zip(reversed(kernels), reversed(outputs), strict=True):
        arrived = signal @ kernel.T
        by_weights += decades(arrived) - decades(signal)
        signal = arrived * slope(output)
        by_slopes += decades(signal) - decades(arrived)
    gradient = decades(inputs.T @ signal)
    return {
        "gradient": gradient,
        "ratio": gradient - decades(outputs[-1].T @ error),
        "by_weights": by_weights,
        "by_slopes": by_slopes,
    }


def flow(inputs, hidden, output, activation, error, depths):
    """Measure the network of each depth: the first hidden layers, then the output's.

    Args:
        inputs: NumPy array, (examples, inputs).
        hidden: Kernels of the hidden layers.
        output: Kernel of the output layer.
        activation: A `study.theory.activations.Activation`.
        error: Function from z of the output layer to ∂L/∂z.
        depths: Numbers of hidden layers.

    Yields:
        A row a depth: what `carried_back` returns, how wide the outputs of the last
        hidden layer spread (log10), and how many of them are 0 (%).
    """
    layers = [(kernel, None) for kernel in hidden]
    outputs = forward(layers, inputs, activation.function, last=activation.function)[1:]
    for depth in depths:
        top = outputs[depth - 1]
        above = [*hidden[1:depth], output]
        found = carried_back(
            inputs, outputs[:depth], above, error(top @ output), activation.slope
        )
        spread = {"spread": np.log10(top.std()), "zeros": 100 * np.mean(top == 0)}
        yield {"depth": depth, **found, **spread}


def since_one_layer(rows):
    """Add to rows how the first layer's gradient changed since the first of them."""
    rows = list(rows)
    for row in rows:
        row["change"] = row["gradient"] - rows[0]["gradient"]
    return rows


def rows(x, hidden, output, activation, error, depths):
    """Yield the rows of `flow` with the width, since the first of several depths.

    Args:
        x: NumPy array, (examples, inputs).
        hidden: Kernels of the hidden layers.
        output: Kernel of the output layer.
        activation: A `study.theory.activations.Activation`.
        error: Function from z of the output layer to ∂L/∂z.
        depths: Numbers of hidden layers.
    """
    found = flow(x, hidden, output, activation, error, depths)
    found = since_one_layer(found) if len(depths) > 1 else found
    for row in found:
        yield {"width": len(output), **row}


def scaled(network, layers, factor):
    """Return a network with the kernels of some hidden layers multiplied.

    Args:
        network: What `network` returns.
        layers: Numbers of hidden layers, from 1 on.
        factor: Float.
    """
    hidden, output = network
    return [
        factor * kernel if layer in layers else kernel
        for layer, kernel in enumerate(hidden, start=1)
    ], output


def shrinkages(row):
    """Yield what either kind of factor takes off, a row each.

    Example:

    >>> [*shrinkages({"by_slopes": -2.0, "by_weights": 0.5})]
    [{'factor': 'slopes', 'shrinkage': 2.0}, {'factor': 'weights', 'shrinkage': -0.5}]
    """
    for factor in ("slopes", "weights"):
        yield {"factor": factor, "shrinkage": -row[f"by_{factor}"]}


def cross_entropy_error(labels, classes):
    """Return the function from z to ∂L/∂z of the mean softmax cross-entropy.

    Formula: `(softmax(z) - targets) / examples`.

    Args:
        labels: Integers from 0, one an example.
        classes: How many.
    """
    targets = np.eye(classes)[labels]
    return lambda z: (softmax(z, axis=1) - targets) / len(targets)


def binary_cross_entropy_error(targets):
    """Return the function from z to ∂L/∂z of the mean cross-entropy of sigmoids.

    Formula: `(sigmoid(z) - targets) / examples`.
    """
    return lambda z: (sigmoid(z) - targets) / len(targets)


def gradients(inputs, kernels, activation, error, epsilon=None):
    """Return the gradient by every kernel of a network without biases.

    Args:
        inputs: NumPy array, (examples, inputs).
        kernels: Those of the hidden layers, then the output's.
        activation: A `study.theory.activations.Activation`.
        error: Function from z of the output layer to ∂L/∂z.
        epsilon: What keeps the root of the variance from 0 where every activation has a
            batch normalization before it. Defaults to None, for none.
    """
    outputs, kept = [inputs], []
    for kernel in kernels[:-1]:
        z, root = outputs[-1] @ kernel, None
        if epsilon is not None:
            z, root = normalize(z, epsilon)
        kept.append((z, root))
        outputs.append(activation.function(z))
    signal = error(outputs[-1] @ kernels[-1])
    found = [outputs[-1].T @ signal]
    for layer in reversed(range(len(kept))):
        signal = (signal @ kernels[layer + 1].T) * activation.slope(outputs[layer + 1])
        if epsilon is not None:
            signal = normalize_back(signal, *kept[layer])
        found.append(outputs[layer].T @ signal)
    return found[::-1]


def by_depth(inputs, kernels, activation, error, depths, epsilon=None):
    """Measure each depth: so many first hidden layers, then the output layer.

    Args:
        inputs, kernels, activation, error, epsilon: As for `gradients`.
        depths: Numbers of hidden layers.

    Yields:
        A row a depth: how the first layer's gradient changed since the first of them,
        and how far it is from the last hidden layer's, in decades.
    """
    first = None
    for depth in depths:
        used = [*kernels[:depth], kernels[-1]]
        found = gradients(inputs, used, activation, error, epsilon)
        sizes = [decades(each) for each in found]
        first = sizes[0] if first is None else first
        apart = abs(sizes[0] - sizes[depth - 1])
        yield {"depth": depth, "change": sizes[0] - first, "imbalance": apart}
