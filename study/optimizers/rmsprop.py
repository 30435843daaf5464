"""RMSProp: a learning rate for each weight, from its recent gradients."""

from typing import Any

import keras
from keras import ops

from study.optimizers.optimizer import POSITIVE, SHARE, Optimizer, number


@keras.saving.register_keras_serializable(package="study")
class RMSProp(Optimizer):
    """Divide each weight's step by the root mean square of its recent gradients.

    Formula, with `mean_square` 0 at first:

        mean_square = rho * mean_square + (1 - rho) * gradient**2
        variable -= learning_rate * gradient / (sqrt(mean_square) + epsilon)

    With `epsilon_inside` the divisor is `sqrt(mean_square + epsilon)`. The twin
    `keras.optimizers.RMSprop` has it inside; `RMSProp(**keras_defaults(RMSProp))` is
    set like it. The source has no `epsilon`; outside the root, where it stands by
    default, the same number changes the steps less.

    Args:
        learning_rate: Float above 0, a
            `keras.optimizers.schedules.LearningRateSchedule` or a callable without
            arguments. Defaults to `0.001`.
        rho: Share of the mean square kept from step to step, from 0 to 1, 1 excluded.
            Defaults to `0.9`.
        epsilon: Number above 0 that keeps the divisor from 0. Defaults to `1e-7`.
        epsilon_inside: Boolean, whether `epsilon` is added under the root. Defaults
            to `False`.
        **kwargs: Arguments of every Keras optimizer, passed on: `weight_decay`,
            `clipnorm`, `clipvalue`, `global_clipnorm`, `use_ema`, `ema_momentum`,
            `ema_overwrite_frequency`, `loss_scale_factor`,
            `gradient_accumulation_steps`, `name`.

    Raises:
        ValueError: If `rho` or `epsilon` is out of range.

    Example: Steps settle at the learning rate, however large the gradient.

    >>> weight = keras.Variable([0.0, 0.0])
    >>> optimizer = RMSProp(learning_rate=0.1, rho=0.5)
    >>> for _ in range(40):
    ...     before = weight.numpy()
    ...     optimizer.apply([keras.ops.array([0.01, 100.0])], [weight])
    >>> print((weight.numpy() - before).round(3))
    [-0.1 -0.1]

    Reference:
        Tieleman and Hinton, 2012, Lecture 6.5: RMSProp, divide the gradient by a
        running average of its recent magnitude.
    """

    lacks = (
        ("momentum", 0.0, "keras.optimizers.RMSprop with momentum"),
        ("centered", False, "keras.optimizers.RMSprop with centered=True"),
    )

    def __init__(
        self,
        learning_rate: Any = 0.001,
        rho: float = 0.9,
        *,
        epsilon: float = 1e-7,
        epsilon_inside: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(learning_rate, **kwargs)
        self.rho = number("rho", rho, SHARE, "is the share of the mean square kept")
        self.epsilon = number("epsilon", epsilon, POSITIVE, "keeps the divisor from 0")
        self.epsilon_inside = bool(epsilon_inside)

    def build(self, variables):
        if self.built:
            return
        super().build(variables)
        (self.mean_squares,) = self.add_state(variables, ["mean_square"])

    def update_step(self, gradient, variable, learning_rate):
        mean_square = self.mean_squares[self._get_variable_index(variable)]
        learning_rate = ops.cast(learning_rate, mean_square.dtype)
        # A reshape makes a sparse gradient dense and adds up the rows it names twice.
        gradient = ops.reshape(ops.cast(gradient, mean_square.dtype), variable.shape)
        self.assign(
            mean_square,
            self.rho * mean_square + (1 - self.rho) * ops.square(gradient),
        )
        if self.epsilon_inside:
            divisor = ops.sqrt(mean_square + self.epsilon)
        else:
            divisor = ops.sqrt(mean_square) + self.epsilon
        self.assign_sub(variable, learning_rate * gradient / divisor)

    def get_config(self):
        return super().get_config() | {
            "rho": self.rho,
            "epsilon": self.epsilon,
            "epsilon_inside": self.epsilon_inside,
        }
