"""Draw initial weights the way the lectures write them.

Every initializer states its variance. Equal weights, of variance 0, are Keras's own
`keras.initializers.Constant(value)` and `Zeros()`: all units of a layer then start the
same, and gradients keep them the same.

As Keras's do, an initializer draws the same values at every call, without a seed too:
it chooses one when it is made. Make one for each layer, for layers of one shape that
share an instance start equal; one with a `keras.random.SeedGenerator` may be shared.
"""

from numbers import Integral
from typing import Any

import keras

__all__ = ["Glorot", "He", "Normal", "Xavier"]


@keras.saving.register_keras_serializable(package="study")
class Normal(keras.initializers.RandomNormal):
    """Draw weights from a normal distribution of the same width for every layer.

    Formula: `w ~ N(0, stddev**2)`, not truncated.

    The variance is exactly `stddev**2`, whatever the shape. It is Keras's
    `RandomNormal` of mean 0, whose `stddev` is 0.05 where nothing is said.

    Args:
        stddev: Non-negative float, the standard deviation. Defaults to 0.01; texts also
            take 1.
        seed: Integer or `keras.random.SeedGenerator`. An integer makes every call
            return the same values. Defaults to `None`, a seed chosen at random when
            the initializer is made.

    Raises:
        ValueError: `stddev` is negative or not finite.

    Example:

    >>> weights = Normal(stddev=0.5, seed=0)((400, 300))
    >>> round(float(keras.ops.std(weights)), 2)
    0.5
    """

    def __init__(self, stddev: float = 0.01, *, seed: Any = None) -> None:
        if not 0 <= stddev < float("inf"):
            raise ValueError(
                "`stddev` is the standard deviation of the weights: expected a finite "
                f"number from 0 up. Received: stddev={stddev}"
            )
        super().__init__(0.0, float(stddev), seed=_plain(seed))

    def get_config(self):
        return {"stddev": self.stddev, "seed": super().get_config()["seed"]}


@keras.saving.register_keras_serializable(package="study")
class Xavier(keras.initializers.VarianceScaling):
    """Draw weights from a normal distribution with the lectures' Xavier scale.

    Formula: `w ~ N(0, stddev**2)` with `stddev = sqrt(1 / fan_in)`, not truncated.

    The variance is exactly `1 / fan_in`. Glorot and Bengio's own scale is
    `2 / (fan_in + fan_out)` (`keras.initializers.GlorotNormal`, truncated);
    `keras.initializers.LecunNormal` is the truncated twin of this one.

    Args:
        seed: Integer or `keras.random.SeedGenerator`. An integer makes every call
            return the same values. Defaults to `None`, a seed chosen at random when
            the initializer is made.
        input_axes: List of integers, the axes of the weights that `fan_in` multiplies.
            Defaults to `None`, all but the last.
        output_axes: List of integers, likewise for `fan_out`. Defaults to `None`, all
            but the one before the last.
            `keras.layers.EinsumDense` and `MultiHeadAttention` fill both in.

    Example:

    >>> weights = Xavier(seed=0)((400, 300))
    >>> round(float(keras.ops.std(weights)), 2)
    0.05

    Reference:
        Glorot and Bengio, 2010, Understanding the difficulty of training deep
        feedforward neural networks.
    """

    def __init__(
        self, seed: Any = None, input_axes: Any = None, output_axes: Any = None
    ) -> None:
        plain = map(_plain, (seed, input_axes, output_axes))
        super().__init__(1.0, "fan_in", "untruncated_normal", *plain)

    def get_config(self):
        return _without_scale(super().get_config())


@keras.saving.register_keras_serializable(package="study")
class He(keras.initializers.VarianceScaling):
    """Draw weights from a normal distribution with the lectures' He scale.

    Formula: `w ~ N(0, stddev**2)` with `stddev = sqrt(2 / fan_in)`, not truncated.

    The variance is exactly `2 / fan_in`, which keeps the mean square of a ReLU
    layer's input the same from layer to layer. `keras.initializers.HeNormal` is the
    truncated twin with the same variance.

    Args:
        seed: Integer or `keras.random.SeedGenerator`. An integer makes every call
            return the same values. Defaults to `None`, a seed chosen at random when
            the initializer is made.
        input_axes: List of integers, the axes of the weights that `fan_in` multiplies.
            Defaults to `None`, all but the last.
        output_axes: List of integers, likewise for `fan_out`. Defaults to `None`, all
            but the one before the last.
            `keras.layers.EinsumDense` and `MultiHeadAttention` fill both in.

    Example:

    >>> weights = He(seed=0)((800, 100))
    >>> round(float(keras.ops.std(weights)), 2)
    0.05

    Reference:
        He, Zhang, Ren and Sun, 2015, Delving deep into rectifiers: surpassing
        human-level performance on ImageNet classification.
    """

    def __init__(
        self, seed: Any = None, input_axes: Any = None, output_axes: Any = None
    ) -> None:
        plain = map(_plain, (seed, input_axes, output_axes))
        super().__init__(2.0, "fan_in", "untruncated_normal", *plain)

    def get_config(self):
        return _without_scale(super().get_config())


@keras.saving.register_keras_serializable(package="study")
class Glorot(keras.initializers.VarianceScaling):
    """Draw weights from a normal distribution with the scale of Glorot and Bengio.

    Formula: `w ~ N(0, stddev**2)` with `stddev = sqrt(2 / (fan_in + fan_out))`, not
    truncated.

    The variance is exactly `2 / (fan_in + fan_out)`, a compromise between keeping the
    variance of activations on the way up (`1 / fan_in`) and that of gradients on the
    way down (`1 / fan_out`). `keras.initializers.GlorotNormal` is the truncated twin
    and `GlorotUniform`, the paper's own, the uniform one, both with the same variance.
    `Xavier` has the same name in some texts and leaves `fan_out` out.

    Args:
        seed: Integer or `keras.random.SeedGenerator`. An integer makes every call
            return the same values. Defaults to `None`, a seed chosen at random when
            the initializer is made.
        input_axes: List of integers, the axes of the weights that `fan_in` multiplies.
            Defaults to `None`, all but the last.
        output_axes: List of integers, likewise for `fan_out`. Defaults to `None`, all
            but the one before the last.
            `keras.layers.EinsumDense` and `MultiHeadAttention` fill both in.

    Example:

    >>> weights = Glorot(seed=0)((500, 300))
    >>> round(float(keras.ops.std(weights)), 2)
    0.05

    Reference:
        Glorot and Bengio, 2010, Understanding the difficulty of training deep
        feedforward neural networks.
    """

    def __init__(
        self, seed: Any = None, input_axes: Any = None, output_axes: Any = None
    ) -> None:
        plain = map(_plain, (seed, input_axes, output_axes))
        super().__init__(1.0, "fan_avg", "untruncated_normal", *plain)

    def get_config(self):
        return _without_scale(super().get_config())


def _plain(value):
    """Return NumPy's integers, also those in a list, as Python's."""
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    return int(value) if isinstance(value, Integral) else value


def _without_scale(config):
    """Return the seed of a configuration, and the axes if they are named."""
    named = ("input_axes", "output_axes")
    axes = {name: config[name] for name in named if config[name] is not None}
    return {"seed": config["seed"]} | axes
