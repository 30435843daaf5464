"""AdaDelta: steps in the units of the weights, without a learning rate to choose."""

from typing import Any

import keras
from keras import ops

from study.optimizers.optimizer import POSITIVE, SHARE, Optimizer, number


@keras.saving.register_keras_serializable(package="study")
class AdaDelta(Optimizer):
    """Scale each weight's step by the ratio of its recent steps to its gradients.

    Formula, with `mean_square` and `mean_square_step` 0 at first:

        mean_square = rho * mean_square + (1 - rho) * gradient**2
        step = sqrt(mean_square_step + epsilon) / sqrt(mean_square + epsilon) * gradient
        mean_square_step = rho * mean_square_step + (1 - rho) * step**2
        variable -= learning_rate * step

    The paper has no learning rate: its steps are those of `learning_rate=1.0`. The twin
    `keras.optimizers.Adadelta` multiplies them by 0.001 unless told otherwise, and has
    an `epsilon` of 1e-7; `AdaDelta(**keras_defaults(AdaDelta))` is set like it.

    Args:
        learning_rate: Float above 0, a
            `keras.optimizers.schedules.LearningRateSchedule` or a callable without
            arguments: a factor of every step. Defaults to `1.0`.
        rho: Share of the mean squares kept from step to step, from 0 to 1, 1 excluded.
            Defaults to `0.95`.
        epsilon: Number above 0 under both roots. The first step is about
            `sqrt(epsilon / (1 - rho))` long. Defaults to `1e-6`.
        **kwargs: Arguments of every Keras optimizer, passed on: `weight_decay`,
            `clipnorm`, `clipvalue`, `global_clipnorm`, `use_ema`, `ema_momentum`,
            `ema_overwrite_frequency`, `loss_scale_factor`,
            `gradient_accumulation_steps`, `name`.

    Raises:
        ValueError: If `rho` or `epsilon` is out of range.

    Example: The scale of the gradient does not matter.

    >>> weight = keras.Variable([1.0, 1.0])
    >>> optimizer = AdaDelta()
    >>> for _ in range(100):
    ...     optimizer.apply([keras.ops.array([1.0, 100.0])], [weight])
    >>> print(weight.numpy().round(3))
    [0.503 0.503]

    Reference:
        Zeiler, 2012, ADADELTA: an adaptive learning rate method.
    """

    def __init__(
        self,
        learning_rate: Any = 1.0,
        rho: float = 0.95,
        epsilon: float = 1e-6,
        **kwargs: Any,
    ) -> None:
        super().__init__(learning_rate, **kwargs)
        self.rho = number("rho", rho, SHARE, "is the share of the mean squares kept")
        self.epsilon = number("epsilon", epsilon, POSITIVE, "starts the first step")

    def build(self, variables):
        if self.built:
            return
        super().build(variables)
        self.mean_squares, self.mean_square_steps = self.add_state(
            variables, ["mean_square", "mean_square_step"]
        )

    def update_step(self, gradient, variable, learning_rate):
        index = self._get_variable_index(variable)
        mean_square = self.mean_squares[index]
        mean_square_step = self.mean_square_steps[index]
        learning_rate = ops.cast(learning_rate, mean_square.dtype)
        # A reshape makes a sparse gradient dense and adds up the rows it names twice.
        gradient = ops.reshape(ops.cast(gradient, mean_square.dtype), variable.shape)
        self.assign(
            mean_square,
            self.rho * mean_square + (1 - self.rho) * ops.square(gradient),
        )
        step = (
            ops.sqrt(mean_square_step + self.epsilon)
            / ops.sqrt(mean_square + self.epsilon)
            * gradient
        )
        self.assign(
            mean_square_step,
            self.rho * mean_square_step + (1 - self.rho) * ops.square(step),
        )
        self.assign_sub(variable, learning_rate * step)

    def get_config(self):
        return super().get_config() | {"rho": self.rho, "epsilon": self.epsilon}
