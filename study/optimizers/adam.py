"""Adam: momentum and a learning rate for each weight, without their slow start."""

from typing import Any

import keras
from keras import ops

from study.optimizers.optimizer import POSITIVE, SHARE, Optimizer, number


@keras.saving.register_keras_serializable(package="study")
class Adam(Optimizer):
    """Step by the mean of recent gradients over the root of their mean square.

    Formula, with `t` counting steps from 1 and `m` and `v` 0 at first:

        m = beta_1 * m + (1 - beta_1) * gradient
        v = beta_2 * v + (1 - beta_2) * gradient**2
        rate = learning_rate * sqrt(1 - beta_2**t) / (1 - beta_1**t)
        variable -= rate * m / (sqrt(v) + epsilon)

    This `epsilon` is the paper's "epsilon hat". With `epsilon_hat=False` it is the
    epsilon of the paper's Algorithm 1, added to the root of the corrected `v`: the
    divisor above becomes `sqrt(v) + epsilon * sqrt(1 - beta_2**t)`, which matters in
    the first thousand steps. The twin `keras.optimizers.Adam` has an epsilon hat of
    1e-7; `Adam(**keras_defaults(Adam))` is set like it.

    Args:
        learning_rate: Float above 0, a
            `keras.optimizers.schedules.LearningRateSchedule` or a callable without
            arguments. Steps are seldom longer. Defaults to `0.001`.
        beta_1: Share of `m` kept from step to step, from 0 to 1, 1 excluded. Defaults
            to `0.9`.
        beta_2: Share of `v` kept from step to step, from 0 to 1, 1 excluded. Defaults
            to `0.999`.
        epsilon: Number above 0 that keeps the divisor from 0. Defaults to `1e-8`.
        epsilon_hat: Boolean, whether `epsilon` is the paper's epsilon hat. Defaults
            to `True`.
        **kwargs: Arguments of every Keras optimizer, passed on: `weight_decay`,
            `clipnorm`, `clipvalue`, `global_clipnorm`, `use_ema`, `ema_momentum`,
            `ema_overwrite_frequency`, `loss_scale_factor`,
            `gradient_accumulation_steps`, `name`.

    Raises:
        ValueError: If `beta_1`, `beta_2` or `epsilon` is out of range.

    Example: Steps are as long for a small gradient as for a large one, from the first.

    >>> weight = keras.Variable([1.0, 1.0])
    >>> optimizer = Adam(learning_rate=0.1)
    >>> for _ in range(2):
    ...     optimizer.apply([keras.ops.array([0.01, 100.0])], [weight])
    ...     print(weight.numpy().round(3))
    [0.9 0.9]
    [0.8 0.8]

    Reference:
        Kingma and Ba, 2015, Adam: a method for stochastic optimization.
    """

    lacks = (("amsgrad", False, "keras.optimizers.Adam with amsgrad=True"),)

    def __init__(
        self,
        learning_rate: Any = 0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-8,
        *,
        epsilon_hat: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(learning_rate, **kwargs)
        kept = "is the share of a mean kept"
        self.beta_1 = number("beta_1", beta_1, SHARE, kept)
        self.beta_2 = number("beta_2", beta_2, SHARE, kept)
        self.epsilon = number("epsilon", epsilon, POSITIVE, "keeps the divisor from 0")
        self.epsilon_hat = bool(epsilon_hat)

    def build(self, variables):
        if self.built:
            return
        super().build(variables)
        self.ms, self.vs = self.add_state(variables, ["m", "v"])

    def update_step(self, gradient, variable, learning_rate):
        index = self._get_variable_index(variable)
        m, v = self.ms[index], self.vs[index]
        learning_rate = ops.cast(learning_rate, m.dtype)
        # A reshape makes a sparse gradient dense and adds up the rows it names twice.
        gradient = ops.reshape(ops.cast(gradient, m.dtype), variable.shape)
        t = ops.cast(self.iterations + 1, m.dtype)
        self.assign(m, self.beta_1 * m + (1 - self.beta_1) * gradient)
        self.assign(v, self.beta_2 * v + (1 - self.beta_2) * ops.square(gradient))
        correction = ops.sqrt(1 - self.beta_2**t)
        rate = learning_rate * correction / (1 - self.beta_1**t)
        epsilon = self.epsilon if self.epsilon_hat else self.epsilon * correction
        self.assign_sub(variable, rate * m / (ops.sqrt(v) + epsilon))

    def get_config(self):
        return super().get_config() | {
            "beta_1": self.beta_1,
            "beta_2": self.beta_2,
            "epsilon": self.epsilon,
            "epsilon_hat": self.epsilon_hat,
        }
