"""Differentiate a network of drawn weights automatically, and compare formulas with it.

Kernels have a row a unit, as in `study.theory.backpropagation`.
"""

import keras
import numpy as np

from study.gradients import gradient
from study.theory.backpropagation import half_squares, outputs
from study.theory.checks import central_gradient, relative_error

__all__ = [
    "central_kernel_gradient",
    "errors_of",
    "factor_counts",
    "kernel_gradient",
    "steeper",
]


def kernel_gradient(kernels, biases, x, targets, functions, layer):
    """Return the gradient of half the squared errors by one kernel, by autodiff.

    Args:
        kernels, biases: The network's.
        x: Examples, or one of them.
        targets: What they should give.
        functions: Activations in Keras's operations, one a layer.
        layer: Integer from 0, the layer of the kernel.
    """

    def loss(replaced):
        h = keras.ops.convert_to_tensor(x)
        for i, function in enumerate(functions):
            kernel = replaced if i == layer else keras.ops.convert_to_tensor(kernels[i])
            h = function(keras.ops.matmul(h, keras.ops.transpose(kernel)) + biases[i])
        return keras.ops.sum(keras.ops.square(targets - h)) / 2

    return gradient(loss, kernels[layer])


def central_kernel_gradient(kernels, biases, x, targets, function, layer):
    """Return the same gradient by central differences of the network in NumPy."""

    def loss(replaced):
        moved = [replaced if i == layer else each for i, each in enumerate(kernels)]
        return half_squares(targets, outputs(moved, biases, x, function)[-1])

    return central_gradient(loss, kernels[layer])


def errors_of(formulas, component, function, networks, shared_target=False):
    """Return for each layer the errors of formulas and of central differences.

    They are errors against automatic differentiation, one an example of a network of
    three layers; where nothing arrives, 1 for a formula that says otherwise.

    Args:
        formulas: Function that returns three gradients, such as `sigmoid_formulas`.
        component: The activation in Keras's operations.
        function: The same in NumPy.
        networks: List of (kernels, biases, x, targets).
        shared_target: Whether formulas take the first output's target for all.
            Defaults to False.
    """
    errors, central = [[], [], []], [[], [], []]
    for kernels, biases, x, targets in networks:
        for n in range(len(x)):
            t = targets[n]
            layers = outputs(kernels, biases, x[n], function)
            given = np.full_like(t, t[0]) if shared_target else t
            printed = formulas(given, *layers, *kernels)
            for layer in range(3):
                network = kernels, biases, x[n], t
                found = kernel_gradient(*network, [component] * 3, layer)
                if not found.any():  # nothing arrives: no scale to compare with
                    errors[layer].append(float(printed[layer].any()))
                    continue
                errors[layer].append(relative_error(printed[layer], found))
                differences = central_kernel_gradient(*network, function, layer)
                central[layer].append(relative_error(differences, found))
    return errors, central


def steeper(function, scale):
    """Return the function with the same values and `scale` times its slope."""

    def changed(a):
        fixed = keras.ops.stop_gradient(function(a))
        return fixed + scale * (function(a) - fixed)

    return changed


def factor_counts(networks, component, layer):
    """Count how often each layer's f′ is a factor of one layer's gradient.

    Twice the slope of all units of a layer makes the gradient 2^count times as large.

    Args:
        networks: List of (kernels, biases, x, targets), all of as many layers.
        component: The activation in Keras's operations.
        layer: Integer from 0, the layer of the gradient.

    Returns:
        NumPy array, (networks, layers).
    """
    return np.array([_factor_counts(each, component, layer) for each in networks])


def _factor_counts(network, component, layer):
    layers, found = range(len(network[0])), []
    base = kernel_gradient(*network, [component] * len(layers), layer)
    for m in layers:
        functions = [steeper(component, 1 + (i == m)) for i in layers]
        changed = kernel_gradient(*network, functions, layer)
        found.append(float(np.log2(np.linalg.norm(changed) / np.linalg.norm(base))))
    return found
