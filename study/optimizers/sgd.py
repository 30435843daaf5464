"""Plain gradient descent."""

from typing import Any

import keras
from keras import ops

from study.optimizers.optimizer import Optimizer


@keras.saving.register_keras_serializable(package="study")
class SGD(Optimizer):
    """Step down the gradient.

    Formula:

        variable -= learning_rate * gradient

    The gradient may come from one example, from a mini-batch (stochastic gradient
    descent) or from all examples; the rule is the same. `keras.optimizers.SGD` without
    momentum is its twin. A sparse gradient touches the rows it names only.

    Args:
        learning_rate: Float above 0, a
            `keras.optimizers.schedules.LearningRateSchedule` or a callable without
            arguments. Defaults to `0.01`.
        **kwargs: Arguments of every Keras optimizer, passed on: `weight_decay`,
            `clipnorm`, `clipvalue`, `global_clipnorm`, `use_ema`, `ema_momentum`,
            `ema_overwrite_frequency`, `loss_scale_factor`,
            `gradient_accumulation_steps`, `name`.

    Example:

    >>> weight = keras.Variable([1.0, 2.0])
    >>> SGD(learning_rate=0.1).apply([keras.ops.ones(2)], [weight])
    >>> print(weight.numpy().round(6))
    [0.9 1.9]

    Reference:
        Robbins and Monro, 1951, A stochastic approximation method.
    """

    lacks = (
        (
            "momentum",
            0.0,
            "study.optimizers.Momentum, or keras.optimizers.SGD with momentum",
        ),
        (
            "nesterov",
            False,
            "study.optimizers.Nesterov, or keras.optimizers.SGD with momentum",
        ),
    )

    def __init__(self, learning_rate: Any = 0.01, **kwargs: Any) -> None:
        super().__init__(learning_rate, **kwargs)

    def update_step(self, gradient, variable, learning_rate):
        learning_rate = ops.cast(learning_rate, variable.dtype)
        gradient = ops.cast(gradient, variable.dtype)
        self.assign_sub(variable, ops.multiply(learning_rate, gradient))
