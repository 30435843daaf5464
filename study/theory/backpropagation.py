"""State the gradients of small networks as the lectures print them.

Here a kernel has a row a unit, so that a layer is `f(W h + b)`; t are the targets of
one example, o its outputs and h_j, h_i and h_p the outputs of the layers below them.
"""

from itertools import pairwise, product

import keras
import numpy as np

from study.theory.checks import relative_error
from study.theory.networks import dense_model, forward

__all__ = [
    "along_paths",
    "at_output",
    "drawn",
    "half_squares",
    "keras_network",
    "layer_error",
    "nesting_error",
    "one_below",
    "outputs",
    "relu_formulas",
    "sgd_step",
    "share_on",
    "sigmoid_formulas",
    "two_below",
]


def drawn(random, layers, examples, positive=False):
    """Draw kernels, biases, inputs and targets of a network of 2 to 5 units a layer.

    Args:
        random: NumPy generator.
        layers: Layers of weights.
        examples: Rows of the inputs and of the targets.
        positive: Whether nothing is below 0, so that every ReLU is on. Defaults to
            False.
    """
    sizes = random.integers(2, 6, layers + 1)
    kernels = [random.normal(0, 1, (m, n)) for n, m in pairwise(sizes)]
    biases = [random.normal(0, 0.5, m) for m in sizes[1:]]
    x = random.normal(0, 1, (examples, sizes[0]))
    if positive:
        kernels, biases, x = (
            [abs(each) for each in many] for many in (kernels, biases, x)
        )
    return kernels, biases, np.asarray(x), random.random((examples, sizes[-1]))


def outputs(kernels, biases, x, function):
    """Return x and what each layer makes of it, the last one's activation too."""
    layers = [(w.T, b) for w, b in zip(kernels, biases, strict=True)]
    return forward(layers, x, function, last=function)


def half_squares(targets, found):
    """Return half the sum of squared errors."""
    return ((targets - found) ** 2).sum() / 2


def keras_network(kernels, biases, components):
    """Return a Keras model with these weights, whose kernels have a row an input."""
    pairs = zip(kernels, biases, strict=True)
    return dense_model([(kernel.T, bias) for kernel, bias in pairs], components)


def nesting_error(network, component, function):
    """Return the error of Keras's network against functions nested by hand.

    Args:
        network: What `drawn` returns.
        component: The activation in Keras's operations.
        function: The same in NumPy.
    """
    kernels, biases, x, _ = network
    found = keras_network(kernels, biases, [component] * len(kernels))(x)
    by_hand = outputs(kernels, biases, x, function)
    return relative_error(np.asarray(found), by_hand[-1])


def layer_error(network, component, function):
    """Return the error of Keras's first layer against f(Wᵀx + b), example by example.

    Args:
        network: What `drawn` returns.
        component: The activation in Keras's operations.
        function: The same in NumPy.
    """
    (kernel, *_), (bias, *_), x, _ = network
    found = keras_network([kernel], [bias], [component])(x)
    columns = kernel.T  # an input's weights in a row, as Wᵀx has it
    wanted = [function(columns.T @ each + bias) for each in x]
    return relative_error(np.asarray(found), np.stack(wanted))


def sgd_step(network, component, loss, rate):
    """Return how far one step of Keras's SGD moves each kernel.

    Args:
        network: What `drawn` returns.
        component: The activation of all layers in Keras's operations.
        loss: A Keras loss.
        rate: The learning rate.
    """
    kernels, biases, x, targets = network
    model = keras_network(kernels, biases, [component] * len(kernels))
    model.compile(keras.optimizers.SGD(rate), loss, run_eagerly=True)
    model.train_on_batch(x, targets)
    after = model.get_weights()[::2]
    return [new.T - old for new, old in zip(after, kernels, strict=True)]


def share_on(networks, function):
    """Return the share of units, outputs too, that are above 0, in %.

    Args:
        networks: List of what `drawn` returns.
        function: The activation.
    """
    on = [
        h.ravel() > 0
        for kernels, biases, x, _ in networks
        for h in outputs(kernels, biases, x, function)[1:]
    ]
    return 100 * np.concatenate(on).mean()


def at_output(t, o, h_j):
    """Return ∂E_n/∂w_kj, `-(t_k - o_k)·o_k·(1 - o_k)·h_j`.

    Example:

    >>> float(at_output(np.array([1.0]), np.array([0.5]), np.array([2.0]))[0, 0])
    -0.25
    """
    return np.outer(-(t - o) * o * (1 - o), h_j)


def one_below(t, o, h_j, x_i, w_kj):
    """Return ∂E_n/∂w_ji, `-h_j·(1 - h_j)·x_i·Σ_k w_kj·(t_k - o_k)·o_k·(1 - o_k)`."""
    return np.outer(-h_j * (1 - h_j) * (((t - o) * o * (1 - o)) @ w_kj), x_i)


def two_below(t, o, h_j, h_i, h_p, w_kj, w_ji):
    """Return ∂E_n/∂w_ip, the third from the output.

    `(Σ_j (Σ_k -(t_k - o_k)·o_k·(1 - o_k)·w_kj)·h_j·(1 - h_j)·w_ji)·h_i·(1 - h_i)·h_p`
    """
    inner = (-(t - o) * o * (1 - o)) @ w_kj
    return np.outer(((inner * h_j * (1 - h_j)) @ w_ji) * h_i * (1 - h_i), h_p)


def sigmoid_formulas(t, h_p, h_i, h_j, o, w_ip, w_ji, w_kj):
    """Return the lectures' gradients for one example, the lowest weights first."""
    return (
        two_below(t, o, h_j, h_i, h_p, w_kj, w_ji),
        one_below(t, o, h_j, h_i, w_kj),
        at_output(t, o, h_j),
    )


def relu_formulas(t, h_p, h_i, h_j, o, w_ip, w_ji, w_kj):
    """Return the lecture's gradients without any f′, the lowest weights first."""
    inner = -(t - o) @ w_kj
    return (
        np.outer(inner @ w_ji, h_p),
        np.outer(inner, h_i),
        np.outer(-(t - o), h_j),
    )


def along_paths(kernels, slopes, delta, x):
    """Sum the products along every path from each first-layer weight to the error.

    Args:
        kernels: Three kernels.
        slopes: f′ of every unit of the three layers, for one example.
        delta: ∂E_n/∂o_k.
        x: The example.
    """
    found = np.zeros_like(kernels[0])
    for i, p in np.ndindex(found.shape):
        for j, k in product(range(kernels[1].shape[0]), range(kernels[2].shape[0])):
            terms = (x[p], slopes[0][i], kernels[1][j, i], slopes[1][j])
            found[i, p] += np.prod((*terms, kernels[2][k, j], slopes[2][k], delta[k]))
    return found
