"""Penalize weights or activations in the loss, with the lectures' factors.

Strengths are attributes that every call reads. Sums are taken in single precision at
least, so that they train under every policy of half precision. Under the policy
`"float64"` Keras adds a penalty, its own too, to a loss of `keras.config.floatx()`: set
that to `"float64"` as well.
"""

from typing import Any

import keras

__all__ = ["L1", "L1L2", "L2", "KLSparsity"]


@keras.saving.register_keras_serializable(package="study")
class L1(keras.regularizers.Regularizer):
    """Penalize weights by their size, which drives many of them near 0.

    Formula: `loss = strength * sum(abs(x))`, as `keras.regularizers.L1(strength)`. The
    gradient is `strength * sign(x)`, 0 at 0. Steps against it make small weights,
    seldom exact zeros; those come from `study.constraints.ProximalL1`.

    Args:
        strength: Non-negative float. Defaults to 0.01.

    Raises:
        ValueError: `strength` is negative or not finite.

    Example:

    >>> float(L1(0.5)(keras.ops.convert_to_tensor([3.0, -4.0])))
    3.5
    """

    def __init__(self, strength: float = 0.01) -> None:
        self.strength = _checked("strength", strength)

    def __call__(self, x: Any) -> Any:
        return self.strength * _sum_of_sizes(_precise(x))

    def get_config(self):
        return {"strength": self.strength}


@keras.saving.register_keras_serializable(package="study")
class L2(keras.regularizers.Regularizer):
    """Penalize weights by half their squares, which makes them decay.

    Formula: `loss = strength / 2 * sum(x**2)`. The gradient is `strength * x`, so that
    plain gradient descent multiplies weights by `1 - learning_rate * strength` at every
    step. Keras's formula has no half: this is `keras.regularizers.L2(strength / 2)`.

    For plain SGD it equals Keras's `weight_decay=strength`, which is not in the loss;
    for optimizers with memory the two differ.

    Args:
        strength: Non-negative float. Defaults to 0.01, which Keras's `L2` has under
            the other formula.

    Raises:
        ValueError: `strength` is negative or not finite.

    Example:

    >>> float(L2(0.5)(keras.ops.convert_to_tensor([3.0, -4.0])))
    6.25
    """

    def __init__(self, strength: float = 0.01) -> None:
        self.strength = _checked("strength", strength)

    def __call__(self, x: Any) -> Any:
        return self.strength / 2 * keras.ops.sum(keras.ops.square(_precise(x)))

    def get_config(self):
        return {"strength": self.strength}


@keras.saving.register_keras_serializable(package="study")
class L1L2(keras.regularizers.Regularizer):
    """Penalize weights by their size and by half their squares.

    Formula: `loss = l1 * sum(abs(x)) + l2 / 2 * sum(x**2)`, which is
    `keras.regularizers.L1L2(l1, l2 / 2)`.

    Args:
        l1: Non-negative float, the strength of `L1`. Defaults to 0, as in Keras.
        l2: Non-negative float, the strength of `L2`. Defaults to 0, as in Keras.

    Raises:
        ValueError: A strength is negative or not finite.

    Example:

    >>> float(L1L2(l1=1.0, l2=0.5)(keras.ops.convert_to_tensor([3.0, -4.0])))
    13.25
    """

    def __init__(self, l1: float = 0.0, l2: float = 0.0) -> None:
        self.l1 = _checked("l1", l1)
        self.l2 = _checked("l2", l2)

    def __call__(self, x: Any) -> Any:
        x = _precise(x)
        squares = keras.ops.sum(keras.ops.square(x))
        return self.l1 * _sum_of_sizes(x) + self.l2 / 2 * squares

    def get_config(self):
        return {"l1": self.l1, "l2": self.l2}


@keras.saving.register_keras_serializable(package="study")
class KLSparsity(keras.regularizers.Regularizer):
    """Pull the mean activation of every unit towards a small target.

    Formula: with `mean` a unit's mean activation over the batch,

        loss = strength * sum(rho * log(rho / mean)
                              + (1 - rho) * log((1 - rho) / (1 - mean)))

    over the units, the Kullback-Leibler divergence of two coins. It is 0 where every
    mean is `rho`.

    Pass it as a layer's `activity_regularizer`. Keras divides that penalty by the batch
    size; a mean is no sum over examples, so a call returns `batch * loss`, and the
    model's loss grows by the formula's value.

    Units are the last axis; means are over all others. Activations must lie between 0
    and 1, as a sigmoid's do. Means are clipped at `keras.config.epsilon()` from either
    end, beyond which no gradient flows.

    Args:
        rho: Float between 0 and 1, both excluded, the target. Defaults to 0.05.
        strength: Non-negative float. Defaults to 0.01.

    Raises:
        ValueError: An argument is out of its range.

    Example:

    >>> sparse = KLSparsity(rho=0.25, strength=1.0)
    >>> layer = keras.layers.Activation("linear", activity_regularizer=sparse)
    >>> _ = layer(keras.ops.convert_to_tensor([[0.0, 0.0], [0.5, 1.0]]))
    >>> round(float(layer.losses[0]), 4)  # 0 + .25 log(.25 / .5) + .75 log(.75 / .5)
    0.1308

    Reference:
        Ng, 2011, Sparse autoencoder.
    """

    def __init__(self, rho: float = 0.05, strength: float = 0.01) -> None:
        if not 0 < rho < 1:
            raise ValueError(
                "`rho` is the target of mean activations: expected a number between 0 "
                f"and 1, both excluded. Received: rho={rho}"
            )
        self.rho = float(rho)
        self.strength = _checked("strength", strength)

    def __call__(self, x: Any) -> Any:
        x = _precise(x)
        mean = keras.ops.mean(x, axis=tuple(range(len(x.shape) - 1)))
        epsilon = keras.config.epsilon()
        mean = keras.ops.clip(mean, epsilon, 1 - epsilon)
        on = self.rho * keras.ops.log(self.rho / mean)
        off = (1 - self.rho) * keras.ops.log((1 - self.rho) / (1 - mean))
        batch = keras.ops.cast(keras.ops.shape(x)[0], x.dtype)
        return batch * self.strength * keras.ops.sum(on + off)

    def get_config(self):
        return {"rho": self.rho, "strength": self.strength}


def _checked(name, strength):
    if not 0 <= strength < float("inf"):
        raise ValueError(
            f"`{name}` is the strength of a penalty: expected a finite number from 0 "
            f"up. Received: {name}={strength}"
        )
    return float(strength)


def _sum_of_sizes(x):
    # The sum of abs(x), which on JAX would push zeros away with slope 1.
    return keras.ops.sum(x * keras.ops.sign(x))


def _precise(x):
    x = keras.ops.convert_to_tensor(x)
    return keras.ops.cast(x, keras.backend.result_type(x.dtype, "float32"))
