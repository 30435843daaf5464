"""AdaGrad: a learning rate for each weight, from all its past gradients."""

from typing import Any

import keras
from keras import ops

from study.optimizers.optimizer import NOT_NEGATIVE, POSITIVE, Optimizer, number


@keras.saving.register_keras_serializable(package="study")
class AdaGrad(Optimizer):
    """Divide each weight's step by the root of the sum of its squared gradients.

    Formula, with `accumulator` at `initial_accumulator_value` at first:

        accumulator += gradient**2
        variable -= learning_rate * gradient / (sqrt(accumulator) + epsilon)

    With `epsilon_inside` the divisor is `sqrt(accumulator + epsilon)`. The twin
    `keras.optimizers.Adagrad` has it inside, starts at 0.1 and has a learning rate of
    0.001; `AdaGrad(**keras_defaults(AdaGrad))` is set like it.

    Args:
        learning_rate: Float above 0, a
            `keras.optimizers.schedules.LearningRateSchedule` or a callable without
            arguments. The first step of a weight is this long. Defaults to `0.01`; the
            paper leaves it open.
        initial_accumulator_value: Sum of squares to start from, at least 0. Defaults
            to `0.0`.
        epsilon: Number above 0 that keeps the divisor from 0. Defaults to `1e-7`; the
            paper leaves it open.
        epsilon_inside: Boolean, whether `epsilon` is added under the root. Defaults
            to `False`.
        **kwargs: Arguments of every Keras optimizer, passed on: `weight_decay`,
            `clipnorm`, `clipvalue`, `global_clipnorm`, `use_ema`, `ema_momentum`,
            `ema_overwrite_frequency`, `loss_scale_factor`,
            `gradient_accumulation_steps`, `name`.

    Raises:
        ValueError: If `initial_accumulator_value` or `epsilon` is out of range.

    Example: The first step is as long for a small gradient as for a large one.

    >>> weight = keras.Variable([1.0, 1.0])
    >>> optimizer = AdaGrad(learning_rate=0.1)
    >>> for _ in range(2):
    ...     optimizer.apply([keras.ops.array([0.01, 100.0])], [weight])
    ...     print(weight.numpy().round(3))
    [0.9 0.9]
    [0.829 0.829]

    Reference:
        Duchi, Hazan and Singer, 2011, Adaptive subgradient methods for online learning
        and stochastic optimization.
    """

    def __init__(
        self,
        learning_rate: Any = 0.01,
        initial_accumulator_value: float = 0.0,
        epsilon: float = 1e-7,
        *,
        epsilon_inside: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(learning_rate, **kwargs)
        self.initial_accumulator_value = number(
            "initial_accumulator_value",
            initial_accumulator_value,
            NOT_NEGATIVE,
            "is a sum of squares",
        )
        self.epsilon = number("epsilon", epsilon, POSITIVE, "keeps the divisor from 0")
        self.epsilon_inside = bool(epsilon_inside)

    def build(self, variables):
        if self.built:
            return
        super().build(variables)
        (self.accumulators,) = self.add_state(
            variables,
            ["accumulator"],
            keras.initializers.Constant(self.initial_accumulator_value),
        )

    def update_step(self, gradient, variable, learning_rate):
        accumulator = self.accumulators[self._get_variable_index(variable)]
        learning_rate = ops.cast(learning_rate, accumulator.dtype)
        # A reshape makes a sparse gradient dense and adds up the rows it names twice.
        gradient = ops.reshape(ops.cast(gradient, accumulator.dtype), variable.shape)
        self.assign_add(accumulator, ops.square(gradient))
        if self.epsilon_inside:
            divisor = ops.sqrt(accumulator + self.epsilon)
        else:
            divisor = ops.sqrt(accumulator) + self.epsilon
        self.assign_sub(variable, learning_rate * gradient / divisor)

    def get_config(self):
        return super().get_config() | {
            "initial_accumulator_value": self.initial_accumulator_value,
            "epsilon": self.epsilon,
            "epsilon_inside": self.epsilon_inside,
        }
