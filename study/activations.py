"""Bend the outputs of a layer by the formulas that the lectures print.

Values and slopes are finite for every |x| up to 10,000, in half precision too. Pass a
function to a layer itself, `Dense(5, activation=mish)`: its bare name means Keras's own
where Keras has one. `Configured` fixes arguments other than the defaults.
"""

import inspect
from typing import Any

import keras
import numpy as np

__all__ = [
    "Configured",
    "elu",
    "leaky_relu",
    "log_sigmoid",
    "mish",
    "relu",
    "sigmoid",
    "sinc",
    "softmax",
    "softplus",
    "softsign",
    "step",
    "swish",
    "tanh",
]


@keras.saving.register_keras_serializable(package="study")
def step(x: Any, threshold: float = 0.0, straight_through: bool = False) -> Any:
    """Switch from 0 to 1 at a threshold.

    Formula: `y = 1 where x >= threshold, else 0`. The slope is 0 everywhere, so that
    nothing below learns by back-propagation. With `straight_through` the value is the
    same and the slope is 1 everywhere, as if the step were not there.

    Args:
        x: Float tensor.
        threshold: Float, the smallest `x` that gives 1. Defaults to 0.
        straight_through: Boolean: whether gradients pass unchanged. Defaults to
            `False`.

    Returns:
        A tensor of the shape and type of `x`.

    Example:

    >>> [float(each) for each in step([0.4, 0.5, 0.6], threshold=0.5)]
    [0.0, 1.0, 1.0]

    Reference:
        Bengio, Léonard and Courville, 2013, Estimating or propagating gradients
        through stochastic neurons for conditional computation.
    """
    x = keras.ops.convert_to_tensor(x)
    if straight_through:
        path = x - keras.ops.stop_gradient(x)
    else:  # a slope of 0, where a comparison gives none, and a way through for NaN
        path = 0 * keras.ops.clip(x, -1, 1)
    return keras.ops.cast(x >= _plain(threshold), x.dtype) + path


@keras.saving.register_keras_serializable(package="study")
def sigmoid(x: Any) -> Any:
    """Squash numbers into the range from 0 to 1.

    Formula: `y = 1 / (1 + exp(-x))`, computed as `exp(x) / (1 + exp(x))` below 0 so
    that nothing overflows. Slope: `y * (1 - y)`, at most 1/4.

    A cross-entropy of Keras on TensorFlow finds the logits behind Keras's own sigmoid;
    behind this one it clips probabilities at `keras.config.epsilon()`, as it always
    does on JAX and PyTorch.

    Args:
        x: Float tensor.

    Returns:
        A tensor of the shape and type of `x`.

    Example:

    >>> [round(float(each), 4) for each in sigmoid([-1000.0, 0.0, 1.0])]
    [0.0, 0.5, 0.7311]
    """
    x = keras.ops.convert_to_tensor(x)
    e = keras.ops.exp(_minus_abs(x))
    return keras.ops.where(x >= 0, 1, e) / (1 + e)


@keras.saving.register_keras_serializable(package="study")
def tanh(x: Any) -> Any:
    """Squash numbers into the range from -1 to 1.

    Formula: `y = (exp(x) - exp(-x)) / (exp(x) + exp(-x))`, computed from
    `e = exp(-2 * abs(x)) - 1` as `-e / (2 + e)` with the sign of `x`, which neither
    overflows nor loses digits near 0. Slope: `1 - y**2`.

    Args:
        x: Float tensor.

    Returns:
        A tensor of the shape and type of `x`.

    Example:

    >>> [round(float(each), 4) for each in tanh([-1000.0, 0.0, 1.0])]
    [-1.0, 0.0, 0.7616]
    """
    x = keras.ops.convert_to_tensor(x)
    e = keras.ops.expm1(2 * _minus_abs(x))
    return keras.ops.where(x >= 0, -e, e) / (2 + e)


@keras.saving.register_keras_serializable(package="study")
def softmax(x: Any, axis: Any = -1) -> Any:
    """Turn numbers into probabilities that sum to 1.

    Formula: `y = exp(x) / sum(exp(x))` over `axis`, computed after the largest `x` is
    taken off. Jacobian: `y_i * (delta_ij - y_j)`.

    A cross-entropy of Keras on TensorFlow finds the logits behind Keras's own softmax,
    in `fit` too, eager or compiled; behind this one it clips probabilities at
    `keras.config.epsilon()`, as it always does on JAX and PyTorch. An example whose
    class has less than that gives no gradient: where initial weights are wide (0.3 in
    a few layers of 300), nearly all examples do, and a network that trains on
    TensorFlow behind Keras's softmax stands still. To train alike everywhere, end in
    logits and give the loss `from_logits=True`.

    Args:
        x: Float tensor.
        axis: Integer, the axis that holds the alternatives. Defaults to the last.

    Returns:
        A tensor of the shape and type of `x`.

    Example:

    >>> [round(float(each), 4) for each in softmax([1.0, 2.0, 1.0])]
    [0.2119, 0.5761, 0.2119]
    """
    x = keras.ops.convert_to_tensor(x)
    # The shift cancels in the quotient, so no gradient needs to pass through it.
    largest = keras.ops.max(keras.ops.stop_gradient(x), axis=axis, keepdims=True)
    e = keras.ops.exp(x - largest)
    return e / keras.ops.sum(e, axis=axis, keepdims=True)


@keras.saving.register_keras_serializable(package="study")
def softplus(x: Any) -> Any:
    """Bend a line smoothly to 0 below 0.

    Formula: `y = log(1 + exp(x))`, computed as `max(x, 0) + log(1 + exp(-abs(x)))`.
    Slope: `sigmoid(x)`.

    Args:
        x: Float tensor.

    Returns:
        A tensor of the shape and type of `x`.

    Example:

    >>> [round(float(each), 4) for each in softplus([-1000.0, 0.0, 1000.0])]
    [0.0, 0.6931, 1000.0]
    """
    x = keras.ops.convert_to_tensor(x)
    e = keras.ops.exp(_minus_abs(x))
    return keras.ops.where(x < 0, 0, x) + keras.ops.log1p(e)


@keras.saving.register_keras_serializable(package="study")
def relu(x: Any) -> Any:
    """Cut negative numbers off.

    Formula: `y = max(0, x)`. Slope: 1 above 0; 0 at 0, as in Keras, and below. For a
    slope below, a ceiling or a threshold take `keras.activations.relu`.

    Args:
        x: Float tensor.

    Returns:
        A tensor of the shape and type of `x`.

    Example:

    >>> [float(each) for each in relu([-2.0, 0.0, 3.0])]
    [0.0, 0.0, 3.0]

    Reference:
        Glorot, Bordes and Bengio, 2011, Deep sparse rectifier neural networks.
    """
    x = keras.ops.convert_to_tensor(x)
    return keras.ops.where(x <= 0, 0, x)


@keras.saving.register_keras_serializable(package="study")
def softsign(x: Any) -> Any:
    """Squash numbers into the range from -1 to 1, with slow tails.

    Formula: `y = x / (1 + abs(x))`. Slope: `1 / (1 + abs(x))**2`.

    Args:
        x: Float tensor.

    Returns:
        A tensor of the shape and type of `x`.

    Example:

    >>> [float(each) for each in softsign([-3.0, 0.0, 1.0])]
    [-0.75, 0.0, 0.5]
    """
    x = keras.ops.convert_to_tensor(x)
    return x / (1 + keras.ops.abs(x))


@keras.saving.register_keras_serializable(package="study")
def elu(x: Any, alpha: float = 1.0) -> Any:
    """Bend negative numbers exponentially towards a floor.

    Formula: `y = x where x > 0, else alpha * (exp(x) - 1)`. Slope: 1 above 0,
    `alpha * exp(x)` at 0 and below.

    Args:
        x: Float tensor.
        alpha: Float, minus the floor. Defaults to 1.

    Returns:
        A tensor of the shape and type of `x`.

    Example:

    >>> [round(float(each), 4) for each in elu([-1000.0, -1.0, 3.0])]
    [-1.0, -0.6321, 3.0]

    Reference:
        Clevert, Unterthiner and Hochreiter, 2015, Fast and accurate deep network
        learning by exponential linear units (ELUs).
    """
    x = keras.ops.convert_to_tensor(x)
    # Where x is large its exponential must not be taken: an infinite slope times 0.
    below = keras.ops.where(x > 0, 0, x)
    return keras.ops.where(x > 0, x, _plain(alpha) * keras.ops.expm1(below))


@keras.saving.register_keras_serializable(package="study")
def log_sigmoid(x: Any) -> Any:
    """Take the logarithm of the sigmoid.

    Formula: `y = log(1 / (1 + exp(-x)))`, computed as `-softplus(-x)`. Slope:
    `sigmoid(-x)`.

    Args:
        x: Float tensor.

    Returns:
        A tensor of the shape and type of `x`.

    Example:

    >>> [round(float(each), 4) for each in log_sigmoid([-1000.0, 0.0])]
    [-1000.0, -0.6931]
    """
    return -softplus(-keras.ops.convert_to_tensor(x))


@keras.saving.register_keras_serializable(package="study")
def swish(x: Any) -> Any:
    """Weigh numbers by their sigmoid.

    Formula: `y = x / (1 + exp(-x))`, which is `x * sigmoid(x)` and Keras's `silu`. Its
    minimum is -0.2785 at x = -1.2785. Slope: `y + sigmoid(x) * (1 - y)`.

    Args:
        x: Float tensor.

    Returns:
        A tensor of the shape and type of `x`.

    Example:

    >>> [round(float(each), 4) for each in swish([-1.2785, 0.0, 1.0])]
    [-0.2785, 0.0, 0.7311]

    Reference:
        Ramachandran, Zoph and Le, 2017, Searching for activation functions.
    """
    x = keras.ops.convert_to_tensor(x)
    return x * sigmoid(x)


@keras.saving.register_keras_serializable(package="study")
def sinc(x: Any) -> Any:
    """Ring with a falling amplitude.

    Formula: `y = sin(x) / x`, and 1 with slope 0 at 0. Not normalized: it is
    `keras.ops.sinc(x / pi)`. Slope: `(cos(x) - y) / x`.

    Args:
        x: Float tensor, in radians.

    Returns:
        A tensor of the shape and type of `x`.

    Example:

    >>> [round(float(each), 4) for each in sinc([0.0, 1.0, 3.0])]
    [1.0, 0.8415, 0.047]
    """
    x = keras.ops.convert_to_tensor(x)
    near = keras.ops.abs(x) < 1
    # Near 0 the slope is a difference of large numbers; the series has no such trouble.
    square = keras.ops.square(keras.ops.where(near, x, 0))
    series = 1
    for k in range(16, 0, -2):
        series = 1 - square / (k * (k + 1)) * series
    far = keras.ops.where(near, 1, x)
    return keras.ops.where(near, series, keras.ops.sin(far) / far)


@keras.saving.register_keras_serializable(package="study")
def leaky_relu(x: Any, negative_slope: float = 0.01) -> Any:
    """Flatten negative numbers without cutting them off.

    Formula: `y = x where x > 0, else negative_slope * x`. Slope: 1 above 0,
    `negative_slope` at 0 and below.

    Texts differ in the slope: the paper has 0.01, others 0.1. Keras's function takes
    0.2 and its layer 0.3 where nothing is said.

    Args:
        x: Float tensor.
        negative_slope: Float, the slope below 0. Defaults to 0.01.

    Returns:
        A tensor of the shape and type of `x`.

    Example:

    >>> [float(each) for each in leaky_relu([-8.0, 3.0], negative_slope=0.125)]
    [-1.0, 3.0]

    Reference:
        Maas, Hannun and Ng, 2013, Rectifier nonlinearities improve neural network
        acoustic models.
    """
    x = keras.ops.convert_to_tensor(x)
    return keras.ops.where(x > 0, x, _plain(negative_slope) * x)


@keras.saving.register_keras_serializable(package="study")
def mish(x: Any) -> Any:
    """Weigh numbers by the tanh of their softplus.

    Formula: `y = x * tanh(softplus(x))`. Its minimum is -0.3088 at x = -1.1925. Slope:
    `t + x * (1 - t**2) * sigmoid(x)` with `t = tanh(softplus(x))`.

    Args:
        x: Float tensor.

    Returns:
        A tensor of the shape and type of `x`.

    Example:

    >>> [round(float(each), 4) for each in mish([-1.1925, 0.0, 1.0])]
    [-0.3088, 0.0, 0.8651]

    Reference:
        Misra, 2019, Mish: a self regularized non-monotonic activation function.
    """
    x = keras.ops.convert_to_tensor(x)
    return x * tanh(softplus(x))


@keras.saving.register_keras_serializable(package="study")
class Configured:
    """Fix the arguments of an activation, so that a layer can take it and save it.

    Formula: `y = function(x, **arguments)`. Each argument is an attribute of its own
    name.

    Args:
        function: Name or function, an activation that can be saved.
        **arguments: What the function takes beside `x`.

    Raises:
        ValueError: The function takes no argument of such a name.

    Example:

    >>> steeper = Configured(leaky_relu, negative_slope=0.125)
    >>> layer = keras.layers.Dense(1, steeper, kernel_initializer="ones")
    >>> float(layer(keras.ops.ones((1, 3)) * -8)[0, 0])
    -3.0
    """

    def __init__(self, function: Any, **arguments: Any) -> None:
        self.function = keras.activations.get(function)
        taken = list(inspect.signature(self.function).parameters)[1:]
        for name, value in arguments.items():
            if name not in taken:
                raise ValueError(
                    f"`{self.function.__name__}` takes no argument `{name}` beside its "
                    f"input: expected some of {taken}. Received: {name}={value}"
                )
            setattr(self, name, _plain(value))
        self._names = tuple(arguments)

    def __call__(self, x: Any) -> Any:
        return self.function(x, **self._arguments())

    def get_config(self):
        function = keras.activations.serialize(self.function)
        return {"function": function, **self._arguments()}

    @classmethod
    def from_config(cls, config):
        return cls(**config)

    def _arguments(self):
        return {name: getattr(self, name) for name in self._names}


def _minus_abs(x):
    """Return `-abs(x)`, whose slope at 0 is -1 here: with 0, a sigmoid's would be 0."""
    return keras.ops.where(x >= 0, -x, x)


def _plain(number):
    """Return NumPy's scalars, which would decide the precision, as Python's."""
    return number.item() if isinstance(number, np.generic) else number
