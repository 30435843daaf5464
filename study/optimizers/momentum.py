"""Gradient descent with momentum, and weight decay inside the gradient."""

from typing import Any

import keras
from keras import ops

from study.optimizers.optimizer import NOT_NEGATIVE, SHARE, Optimizer, number


@keras.saving.register_keras_serializable(package="study")
class Momentum(Optimizer):
    """Step along a velocity that remembers past gradients.

    Formula, with `velocity` 0 at first:

        velocity = momentum * velocity - learning_rate * (gradient + decay * variable)
        variable += velocity

    The other sign convention, `velocity = momentum * velocity + learning_rate *
    gradient` and `variable -= velocity`, takes the same steps.

    `decay` is coupled: it pulls on the gradient and so passes through the velocity,
    like an L2 penalty of `decay / 2` times the sum of squares in the loss. It acts on
    every variable, biases too. Keras's own `weight_decay` is decoupled: it shrinks the
    variable by `learning_rate * weight_decay` before the step and never enters the
    velocity. With `decay=0`, `keras.optimizers.SGD(momentum=...)` is the twin.

    Args:
        learning_rate: Float above 0, a
            `keras.optimizers.schedules.LearningRateSchedule` or a callable without
            arguments. Defaults to `0.01`.
        momentum: Share of the velocity kept from step to step, from 0 to 1, 1
            excluded. 0 is plain gradient descent. Defaults to `0.9`.
        decay: Strength of the coupled weight decay, at least 0. Defaults to `0.0`.
        **kwargs: Arguments of every Keras optimizer, passed on: `weight_decay`,
            `clipnorm`, `clipvalue`, `global_clipnorm`, `use_ema`, `ema_momentum`,
            `ema_overwrite_frequency`, `loss_scale_factor`,
            `gradient_accumulation_steps`, `name`.

    Raises:
        ValueError: If `momentum` or `decay` is out of range.

    Example:

    >>> weight = keras.Variable([1.0])
    >>> optimizer = Momentum(learning_rate=0.1, momentum=0.5)
    >>> for _ in range(3):
    ...     optimizer.apply([keras.ops.ones(1)], [weight])
    ...     print(weight.numpy().round(6))
    [0.9]
    [0.75]
    [0.575]

    Reference:
        Polyak, 1964, Some methods of speeding up the convergence of iteration methods.
    """

    lacks = (
        (
            "nesterov",
            False,
            "study.optimizers.Nesterov, or keras.optimizers.SGD with nesterov=True",
        ),
    )

    def __init__(
        self,
        learning_rate: Any = 0.01,
        momentum: float = 0.9,
        *,
        decay: float = 0.0,
        **kwargs: Any,
    ) -> None:
        super().__init__(learning_rate, **kwargs)
        self.momentum = number(
            "momentum",
            momentum,
            SHARE,
            "is the share of the velocity kept",
        )
        self.decay = number(
            "decay",
            decay,
            NOT_NEGATIVE,
            "is the strength of the weight decay",
        )

    def build(self, variables):
        if self.built:
            return
        super().build(variables)
        self.velocities = self.add_optimizer_variables(variables, "velocity")

    def update_step(self, gradient, variable, learning_rate):
        learning_rate = ops.cast(learning_rate, variable.dtype)
        # A reshape makes a sparse gradient dense.
        gradient = ops.reshape(ops.cast(gradient, variable.dtype), variable.shape)
        velocity = self.velocities[self._get_variable_index(variable)]
        self.assign(
            velocity,
            self.momentum * velocity
            - learning_rate * (gradient + self.decay * variable),
        )
        self.assign_add(variable, velocity)

    def get_config(self):
        return super().get_config() | {"momentum": self.momentum, "decay": self.decay}
