"""Nadam: Adam with Nesterov's momentum."""

from typing import Any

import keras
from keras import ops

from study.optimizers.optimizer import NOT_NEGATIVE, POSITIVE, SHARE, Optimizer, number


@keras.saving.register_keras_serializable(package="study")
class Nadam(Optimizer):
    """Step like Adam, with the momentum of the step ahead.

    Formula, with `t` counting steps from 1, `product` 1 and `m` and `v` 0 at first:

        mu = beta_1 * (1 - 0.5 * 0.96 ** (momentum_decay * t))
        next_mu = beta_1 * (1 - 0.5 * 0.96 ** (momentum_decay * (t + 1)))
        product *= mu
        m = beta_1 * m + (1 - beta_1) * gradient
        v = beta_2 * v + (1 - beta_2) * gradient**2
        ahead = next_mu * m / (1 - product * next_mu)
        ahead += (1 - mu) * gradient / (1 - product)
        variable -= learning_rate * ahead / (sqrt(v / (1 - beta_2**t)) + epsilon)

    The momentum `mu` rises from half of `beta_1` to all of it, and is halfway after
    about `17 / momentum_decay` steps: 4,250 by default, 17 in the twin
    `keras.optimizers.Nadam`, which has `momentum_decay=1.0`, an `epsilon` of 1e-7 and a
    learning rate of 0.001; `Nadam(**keras_defaults(Nadam))` is set like it.

    Args:
        learning_rate: Float above 0, a
            `keras.optimizers.schedules.LearningRateSchedule` or a callable without
            arguments. Defaults to `0.002`.
        beta_1: Share of `m` kept from step to step, from 0 to 1, 1 excluded. Defaults
            to `0.9`.
        beta_2: Share of `v` kept from step to step, from 0 to 1, 1 excluded. Defaults
            to `0.999`.
        epsilon: Number above 0 that keeps the divisor from 0. Defaults to `1e-8`.
        momentum_decay: Speed, per step and at least 0, at which `mu` rises. Defaults to
            `0.004`.
        **kwargs: Arguments of every Keras optimizer, passed on: `weight_decay`,
            `clipnorm`, `clipvalue`, `global_clipnorm`, `use_ema`, `ema_momentum`,
            `ema_overwrite_frequency`, `loss_scale_factor`,
            `gradient_accumulation_steps`, `name`.

    Raises:
        ValueError: If `beta_1`, `beta_2`, `epsilon` or `momentum_decay` is out of
            range.

    Example: Steps are as long for a small gradient as for a large one.

    >>> weight = keras.Variable([1.0, 1.0])
    >>> optimizer = Nadam(learning_rate=0.1)
    >>> for _ in range(2):
    ...     optimizer.apply([keras.ops.array([0.01, 100.0])], [weight])
    ...     print(weight.numpy().round(3))
    [0.894 0.894]
    [0.816 0.816]

    Reference:
        Dozat, 2015, Incorporating Nesterov momentum into Adam.
    """

    def __init__(
        self,
        learning_rate: Any = 0.002,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-8,
        *,
        momentum_decay: float = 0.004,
        **kwargs: Any,
    ) -> None:
        super().__init__(learning_rate, **kwargs)
        kept = "is the share of a mean kept"
        self.beta_1 = number("beta_1", beta_1, SHARE, kept)
        self.beta_2 = number("beta_2", beta_2, SHARE, kept)
        self.epsilon = number("epsilon", epsilon, POSITIVE, "keeps the divisor from 0")
        self.momentum_decay = number(
            "momentum_decay",
            momentum_decay,
            NOT_NEGATIVE,
            "is the speed at which the momentum rises",
        )

    def build(self, variables):
        if self.built:
            return
        super().build(variables)
        self.ms, self.vs = self.add_state(variables, ["m", "v"])
        self.products = [
            self.add_variable((), "ones", each.dtype, name="product")
            for each in self.ms
        ]

    def update_step(self, gradient, variable, learning_rate):
        index = self._get_variable_index(variable)
        m, v, product = self.ms[index], self.vs[index], self.products[index]
        learning_rate = ops.cast(learning_rate, m.dtype)
        # A reshape makes a sparse gradient dense and adds up the rows it names twice.
        gradient = ops.reshape(ops.cast(gradient, m.dtype), variable.shape)
        t = ops.cast(self.iterations + 1, m.dtype)
        mu = self.beta_1 * (1 - 0.5 * 0.96 ** (self.momentum_decay * t))
        next_mu = self.beta_1 * (1 - 0.5 * 0.96 ** (self.momentum_decay * (t + 1)))
        self.assign(product, product * mu)
        self.assign(m, self.beta_1 * m + (1 - self.beta_1) * gradient)
        self.assign(v, self.beta_2 * v + (1 - self.beta_2) * ops.square(gradient))
        ahead = next_mu * m / (1 - product * next_mu)
        ahead += (1 - mu) * gradient / (1 - product)
        divisor = ops.sqrt(v / (1 - self.beta_2**t)) + self.epsilon
        self.assign_sub(variable, learning_rate * ahead / divisor)

    def get_config(self):
        return super().get_config() | {
            "beta_1": self.beta_1,
            "beta_2": self.beta_2,
            "epsilon": self.epsilon,
            "momentum_decay": self.momentum_decay,
        }
