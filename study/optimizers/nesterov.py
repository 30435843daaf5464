"""Nesterov's accelerated gradient, reordered for ordinary gradients."""

from typing import Any

import keras
from keras import ops

from study.optimizers.optimizer import SHARE, Optimizer, number


@keras.saving.register_keras_serializable(package="study")
class Nesterov(Optimizer):
    """Step along a velocity corrected by the gradient at the point ahead.

    Formula, with `velocity` 0 at first:

        velocity = momentum * velocity - learning_rate * gradient
        variable += momentum * velocity - learning_rate * gradient

    Nesterov takes the gradient not where the weights `w` are but ahead of them, at
    `w + momentum * velocity`. Here `variable` is that point ahead, so that the gradient
    at the model's own weights is the one wanted; `w = variable - momentum * velocity`.
    While `learning_rate` and `momentum` stay constant the two forms take the same
    steps. `keras.optimizers.SGD(momentum=..., nesterov=True)` is the twin.

    Args:
        learning_rate: Float above 0, a
            `keras.optimizers.schedules.LearningRateSchedule` or a callable without
            arguments. Defaults to `0.01`.
        momentum: Share of the velocity kept from step to step, from 0 to 1, 1
            excluded. 0 is plain gradient descent. Defaults to `0.9`.
        **kwargs: Arguments of every Keras optimizer, passed on: `weight_decay`,
            `clipnorm`, `clipvalue`, `global_clipnorm`, `use_ema`, `ema_momentum`,
            `ema_overwrite_frequency`, `loss_scale_factor`,
            `gradient_accumulation_steps`, `name`.

    Raises:
        ValueError: If `momentum` is out of range.

    Example:

    >>> weight = keras.Variable([1.0])
    >>> optimizer = Nesterov(learning_rate=0.1, momentum=0.5)
    >>> for _ in range(3):
    ...     optimizer.apply([keras.ops.ones(1)], [weight])
    ...     print(weight.numpy().round(6))
    [0.85]
    [0.675]
    [0.4875]

    Reference:
        Nesterov, 1983, A method for solving a convex programming problem with
        convergence rate O(1/k^2). The order of steps: Bengio, Boulanger-Lewandowski and
        Pascanu, 2013, Advances in optimizing recurrent networks.
    """

    lacks = (
        (
            "nesterov",
            True,
            "study.optimizers.Momentum, or keras.optimizers.SGD with nesterov=False",
        ),
    )

    def __init__(
        self, learning_rate: Any = 0.01, momentum: float = 0.9, **kwargs: Any
    ) -> None:
        super().__init__(learning_rate, **kwargs)
        self.momentum = number(
            "momentum",
            momentum,
            SHARE,
            "is the share of the velocity kept",
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
        self.assign(velocity, self.momentum * velocity - learning_rate * gradient)
        self.assign_add(variable, self.momentum * velocity - learning_rate * gradient)

    def get_config(self):
        return super().get_config() | {"momentum": self.momentum}
