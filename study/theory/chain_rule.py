"""Follow the chain rule by hand, against automatic differentiation of the whole."""

import keras
import numpy as np

from study.gradients import gradient, value
from study.theory.backpropagation import along_paths, outputs
from study.theory.checks import central_slope, relative_error
from study.theory.differentiation import central_kernel_gradient, kernel_gradient

__all__ = [
    "chain",
    "example_sums",
    "four_functions",
    "path_error",
    "pulled_back",
    "slopes_multiplied",
    "tensors",
    "vectors",
]


def chain(depth, weight, component):
    """Return a chain's gradient in its first weight, by autodiff and as a product.

    Every unit is a sigmoid at pre-activation 0, where its output is 1/2 and its slope
    1/4; the target is 0 and the input 1.

    Args:
        depth: Units of the chain.
        weight: The weight between each two of them.
        component: The sigmoid in Keras's operations.

    Returns:
        The gradient, the product, and the number of its terms.
    """
    kernels = [np.array([[weight]])] * depth
    biases = [np.array([-weight])] + [np.array([-weight / 2])] * (depth - 1)
    network = kernels, biases, np.ones((1, 1)), 0.0
    found = kernel_gradient(*network, [component] * depth, 0)
    terms = [1.0, *[0.25] * depth, *[weight] * (depth - 1), 0.5]
    return found.item(), np.prod(terms), len(terms)


def path_error(network, component, function):
    """Return the error of the sum over all paths against autodiff, for one example.

    Args:
        network: (kernels, biases, x, targets) of three layers of sigmoids.
        component: The sigmoid in Keras's operations.
        function: The same in NumPy.
    """
    kernels, biases, x, targets = network
    layers = outputs(kernels, biases, x[0], function)
    slopes = [h * (1 - h) for h in layers[1:]]
    summed = along_paths(kernels, slopes, layers[-1] - targets[0], x[0])
    found = kernel_gradient(kernels, biases, x[0], targets[0], [component] * 3, 0)
    return relative_error(summed, found)


def example_sums(network, component, function):
    """Yield for each layer a batch's gradient, and two errors against it.

    They are those of the sum of the examples' gradients, and of central differences.

    Args:
        network: (kernels, biases, x, targets).
        component: The activation in Keras's operations.
        function: The same in NumPy.
    """
    kernels, biases, x, targets = network
    functions = [component] * len(kernels)
    whole = [kernel_gradient(*network, functions, i) for i in range(len(kernels))]
    for layer, found in enumerate(whole):
        each = [
            kernel_gradient(kernels, biases, x[n], targets[n], functions, layer)
            for n in range(len(x))
        ]
        central = central_kernel_gradient(*network, function, layer)
        yield found, relative_error(sum(each), found), relative_error(central, found)


def slopes_multiplied(steps, u):
    """Multiply the slopes of functions along the way, and differentiate the whole.

    Args:
        steps: Functions of a number in Keras's operations, the first one first.
        u: Float, where the first begins.

    Returns:
        The errors of the product and of central differences against autodiff.
    """

    def whole(x):
        for each in steps:
            x = each(x)
        return x

    at, slopes = np.array(u), []
    for each in steps:
        slopes.append(gradient(each, at))
        at = value(each, at)
    found = gradient(whole, np.array(u))
    central = central_slope(lambda x: value(whole, np.array(x)), u)
    return relative_error(np.prod(slopes), found), relative_error(central, found)


def pulled_back(y_of_x, z_of_y, x):
    """Return the error of `Σ_j (∇_x y_j)·∂z/∂y_j` against `∇_x z` by autodiff.

    Args:
        y_of_x, z_of_y: Functions in Keras's operations; z is one number.
        x: NumPy array.
    """
    y = np.asarray(y_of_x(keras.ops.convert_to_tensor(x)))
    back = gradient(z_of_y, y)
    found = sum(
        back[place] * gradient(lambda x, place=place: y_of_x(x)[place], x)
        for place in np.ndindex(y.shape)
    )
    return relative_error(found, gradient(lambda x: z_of_y(y_of_x(x)), x))


def four_functions(random, softplus):
    """Draw four functions and where they begin, and return what they err by.

    Args:
        random: NumPy generator.
        softplus: The activation in Keras's operations.

    Returns:
        What `slopes_multiplied` returns.
    """
    a, b, c, u = random.normal(0, 1, 4)
    steps = (
        lambda u: keras.ops.tanh(a * u),
        lambda w: softplus(b * w),
        lambda x: keras.ops.sin(c * x),
        lambda y: y * y + y,
    )
    return slopes_multiplied(steps, u)


def vectors(random, tanh):
    """Draw a vector that is mapped to another, and return what the chain rule errs by.

    Args:
        random: NumPy generator.
        tanh: The activation in Keras's operations.
    """
    a, b = random.normal(0, 1, (4, 3)), random.normal(0, 1, 4)
    x = random.normal(0, 1, 3)
    return pulled_back(lambda x: tanh(keras.ops.sum(a * x, axis=1)), _scored(b), x)


def tensors(random, sigmoid):
    """Draw a matrix that is mapped to another, and return what the chain rule errs by.

    Args:
        random: NumPy generator.
        sigmoid: The activation in Keras's operations.
    """
    a, b = random.normal(0, 1, (3, 2)), random.normal(0, 1, (2, 2))
    x, columns = random.normal(0, 1, (2, 3)), keras.ops.convert_to_tensor(a)
    return pulled_back(lambda x: sigmoid(keras.ops.matmul(x, columns)), _scored(b), x)


def _scored(b):
    return lambda y: keras.ops.sum(b * keras.ops.sin(y))
