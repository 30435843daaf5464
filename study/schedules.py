"""Change the learning rate from epoch to epoch.

Every schedule is a `keras.optimizers.schedules.LearningRateSchedule`: pass it as an
optimizer's `learning_rate`. Keras calls it with the number of steps taken so far; an
epoch is `steps_per_epoch` of them, `ceil(examples / batch_size)` in `fit`, and
`steps_per_epoch=1` makes a schedule of single steps. Epochs count from 0, and epoch 0
has the initial learning rate.

With an optimizer's `gradient_accumulation_steps` Keras goes on to count batches, of
which several make an update. `steps_per_epoch` stays `ceil(examples / batch_size)`, and
an update has the rate of the last of its batches; `steps_per_epoch=n *
gradient_accumulation_steps` makes a schedule of n updates.

A learning rate that waits for a plateau needs no schedule: it is the callback
`keras.callbacks.ReduceLROnPlateau(monitor, factor, patience)`. It reduces after
`patience` epochs without an improvement of more than `min_delta`, 1e-4; PyTorch's
waits one epoch longer and takes its `threshold`, 1e-4, as a share of the best value.
"""

import itertools
import operator
import types
from typing import Any

import keras
import numpy as np

__all__ = [
    "LambdaLR",
    "LinearDecay",
    "MultiplicativeLR",
    "ReciprocalDecay",
    "StepLR",
]


class _Epochwise(keras.optimizers.schedules.LearningRateSchedule):
    """Keep the learning rate `_of(epoch)` for the steps of an epoch."""

    def __init__(self, initial_learning_rate: float, steps_per_epoch: int) -> None:
        self.initial_learning_rate = _number(
            "initial_learning_rate",
            initial_learning_rate,
            "is the learning rate of epoch 0",
        )
        self.steps_per_epoch = _count("steps_per_epoch", steps_per_epoch)

    def __call__(self, step: Any) -> Any:
        # Whole numbers: single precision would miscount beyond 2**24 steps.
        step = keras.ops.cast(step, "int32")
        return self._of(keras.ops.floor_divide(step, self.steps_per_epoch))

    def get_config(self):
        return {
            "initial_learning_rate": self.initial_learning_rate,
            "steps_per_epoch": self.steps_per_epoch,
        }


class _Tabulated(_Epochwise):
    """Look the factors of a Python function up, which compiled steps cannot call."""

    def __init__(
        self,
        initial_learning_rate: float,
        lr_lambda: Any,
        steps_per_epoch: int,
        epochs: int,
    ) -> None:
        super().__init__(initial_learning_rate, steps_per_epoch)
        self.lr_lambda = lr_lambda
        self.epochs = _count("epochs", epochs)
        self._factors = self._tabulate()

    def _of(self, epoch):
        factors = keras.ops.convert_to_tensor(self._factors)
        last = keras.ops.minimum(epoch, self.epochs - 1)
        return self.initial_learning_rate * keras.ops.take(factors, last)

    def get_config(self):
        if not _is_registered(self.lr_lambda):
            raise ValueError(
                "`lr_lambda` is saved by its name: expected a function decorated with "
                "@keras.saving.register_keras_serializable(package=...). "
                f"Received: lr_lambda={self.lr_lambda}"
            )
        lr_lambda = keras.saving.serialize_keras_object(self.lr_lambda)
        return {**super().get_config(), "lr_lambda": lr_lambda, "epochs": self.epochs}

    @classmethod
    def from_config(cls, config):
        lr_lambda = keras.saving.deserialize_keras_object(config["lr_lambda"])
        return cls(**{**config, "lr_lambda": lr_lambda})


@keras.saving.register_keras_serializable(package="study")
class LambdaLR(_Tabulated):
    """Multiply the initial learning rate by a function of the epoch.

    Formula: `learning_rate = initial_learning_rate * lr_lambda(epoch)`, as PyTorch's
    `LambdaLR`.

    The function is called once for each of `epochs` epochs, when the schedule is made.
    Later epochs keep the last value.

    Args:
        initial_learning_rate: Non-negative float.
        lr_lambda: Function of the epoch, an integer from 0, that returns a float. To
            save the schedule, or an optimizer with it, register the function with
            `keras.saving.register_keras_serializable`.
        steps_per_epoch: Positive integer: `ceil(examples / batch_size)`, also where
            an optimizer accumulates the gradients of several batches.
        epochs: Positive integer: how many epochs the function is called for.

    Call arguments:
        step: Integer, the batches so far, as Keras counts them.

    Raises:
        ValueError: An argument is out of its range, or a schedule whose function is not
            registered is to be saved.

    Example:

    >>> halving = LambdaLR(0.8, lambda e: 0.5**e, steps_per_epoch=2, epochs=3)
    >>> [round(float(halving(step)), 4) for step in range(8)]
    [0.8, 0.8, 0.4, 0.4, 0.2, 0.2, 0.2, 0.2]
    """

    def _tabulate(self):
        return [float(self.lr_lambda(epoch)) for epoch in range(self.epochs)]


@keras.saving.register_keras_serializable(package="study")
class MultiplicativeLR(_Tabulated):
    """Multiply the last epoch's learning rate by a function of the epoch.

    Formula: `learning_rate[epoch] = learning_rate[epoch - 1] * lr_lambda(epoch)` from
    epoch 1 on, and `learning_rate[0] = initial_learning_rate`, as PyTorch's
    `MultiplicativeLR`: the function is not asked about epoch 0.

    The function is called once for each of epochs 1 to `epochs - 1`, when the schedule
    is made. Later epochs keep the last value.

    Args:
        initial_learning_rate: Non-negative float.
        lr_lambda: Function of the epoch, an integer from 1, that returns a float. To
            save the schedule, or an optimizer with it, register the function with
            `keras.saving.register_keras_serializable`.
        steps_per_epoch: Positive integer: `ceil(examples / batch_size)`, also where
            an optimizer accumulates the gradients of several batches.
        epochs: Positive integer: how many epochs are declared, epoch 0 included.

    Call arguments:
        step: Integer, the batches so far, as Keras counts them.

    Raises:
        ValueError: An argument is out of its range, or a schedule whose function is not
            registered is to be saved.

    Example:

    >>> quotient = MultiplicativeLR(2.4, lambda e: 1 / e, steps_per_epoch=1, epochs=4)
    >>> [round(float(quotient(step)), 4) for step in range(5)]
    [2.4, 2.4, 1.2, 0.4, 0.4]
    """

    def _tabulate(self):
        factors = (float(self.lr_lambda(epoch)) for epoch in range(1, self.epochs))
        return list(itertools.accumulate(factors, operator.mul, initial=1.0))


@keras.saving.register_keras_serializable(package="study")
class StepLR(_Epochwise):
    """Multiply the learning rate by a factor every few epochs.

    Formula: `learning_rate = initial_learning_rate * gamma**(epoch // step_size)`, as
    PyTorch's `StepLR`: the first change is at epoch `step_size`, none at epoch 0. It is
    `keras.optimizers.schedules.ExponentialDecay(initial_learning_rate, step_size *
    steps_per_epoch, gamma, staircase=True)`.

    Args:
        initial_learning_rate: Non-negative float.
        step_size: Positive integer: epochs from one change to the next.
        steps_per_epoch: Positive integer: `ceil(examples / batch_size)`, also where
            an optimizer accumulates the gradients of several batches.
        gamma: Non-negative float, the factor. Defaults to 0.1, as in PyTorch.

    Call arguments:
        step: Integer, the batches so far, as Keras counts them.

    Raises:
        ValueError: An argument is out of its range.

    Example:

    >>> tenths = StepLR(0.05, step_size=30, steps_per_epoch=1)
    >>> [round(float(tenths(step)), 6) for step in (0, 29, 30, 59, 60)]
    [0.05, 0.05, 0.005, 0.005, 0.0005]
    """

    def __init__(
        self,
        initial_learning_rate: float,
        step_size: int,
        steps_per_epoch: int,
        *,
        gamma: float = 0.1,
    ) -> None:
        super().__init__(initial_learning_rate, steps_per_epoch)
        self.step_size = _count("step_size", step_size)
        self.gamma = _number("gamma", gamma, "is the factor of every change")

    def _of(self, epoch):
        changes = _float(keras.ops.floor_divide(epoch, self.step_size))
        factor = keras.ops.power(_float(self.gamma), changes)
        return self.initial_learning_rate * factor

    def get_config(self):
        return {
            **super().get_config(),
            "step_size": self.step_size,
            "gamma": self.gamma,
        }


@keras.saving.register_keras_serializable(package="study")
class LinearDecay(_Epochwise):
    """Lower the learning rate along a line, then hold it.

    Formula: with `alpha = min(epoch / decay_epochs, 1)`,

        learning_rate = (1 - alpha) * initial_learning_rate
                        + alpha * end_learning_rate

    Texts call `decay_epochs` τ, and some leave the `min` out, after which the formula
    would soon give negative rates. It is `keras.optimizers.schedules.PolynomialDecay`
    of power 1, but for a whole epoch at a time.

    Args:
        initial_learning_rate: Non-negative float.
        end_learning_rate: Non-negative float, held from epoch `decay_epochs` on; often
            about 1 % of the initial one.
        decay_epochs: Positive integer: epochs until the end is reached.
        steps_per_epoch: Positive integer; 1 counts batches, also where an optimizer
            accumulates the gradients of several.

    Call arguments:
        step: Integer, the batches so far, as Keras counts them.

    Raises:
        ValueError: An argument is out of its range.

    Example:

    >>> line = LinearDecay(1.0, 0.2, decay_epochs=4, steps_per_epoch=1)
    >>> [round(float(line(step)), 4) for step in range(7)]
    [1.0, 0.8, 0.6, 0.4, 0.2, 0.2, 0.2]

    Reference:
        Goodfellow, Bengio and Courville, 2016, Deep learning, chapter 8.
    """

    def __init__(
        self,
        initial_learning_rate: float,
        end_learning_rate: float,
        decay_epochs: int,
        steps_per_epoch: int,
    ) -> None:
        super().__init__(initial_learning_rate, steps_per_epoch)
        self.end_learning_rate = _number(
            "end_learning_rate",
            end_learning_rate,
            "is the learning rate that is held",
        )
        self.decay_epochs = _count("decay_epochs", decay_epochs)

    def _of(self, epoch):
        alpha = keras.ops.minimum(_float(epoch) / self.decay_epochs, 1)
        start = (1 - alpha) * self.initial_learning_rate
        return start + alpha * self.end_learning_rate

    def get_config(self):
        return {
            **super().get_config(),
            "end_learning_rate": self.end_learning_rate,
            "decay_epochs": self.decay_epochs,
        }


@keras.saving.register_keras_serializable(package="study")
class ReciprocalDecay(_Epochwise):
    """Divide the learning rate by the number of the epoch.

    Formula: `learning_rate = initial_learning_rate / (epoch + 1)`, that is `1 / k` for
    the k-th epoch. Its sum grows without bound and the sum of its squares does not,
    which is enough for stochastic gradient descent to converge. It is
    `keras.optimizers.schedules.InverseTimeDecay(initial_learning_rate,
    steps_per_epoch, 1.0, staircase=True)`.

    Args:
        initial_learning_rate: Non-negative float.
        steps_per_epoch: Positive integer; 1 counts batches, also where an optimizer
            accumulates the gradients of several.

    Call arguments:
        step: Integer, the batches so far, as Keras counts them.

    Raises:
        ValueError: An argument is out of its range.

    Example:

    >>> decay = ReciprocalDecay(0.6, steps_per_epoch=1)
    >>> [round(float(decay(step)), 4) for step in range(4)]
    [0.6, 0.3, 0.2, 0.15]

    Reference:
        Robbins and Monro, 1951, A stochastic approximation method.
    """

    def _of(self, epoch):
        return self.initial_learning_rate / _float(epoch + 1)


def _float(x):
    return keras.ops.cast(x, "float32")


def _is_registered(function):
    if not isinstance(function, types.FunctionType):
        return False
    name = keras.saving.get_registered_name(function)
    return keras.saving.get_registered_object(name) is function


def _number(name, value, meaning):
    """Return a number, NumPy's too, as Python's float."""
    array = np.asarray(value)
    if array.shape or array.dtype.kind not in "iuf" or not 0 <= array < np.inf:
        raise ValueError(
            f"`{name}` {meaning}: expected a finite number from 0 up. "
            f"Received: {name}={value}"
        )
    return float(array)


def _count(name, value):
    """Return a count, NumPy's too, as Python's integer."""
    array = np.asarray(value)
    if array.shape or array.dtype.kind not in "iu" or array < 1:
        raise ValueError(
            f"`{name}` is a count: expected a positive integer. "
            f"Received: {name}={value!r}"
        )
    return int(array)
