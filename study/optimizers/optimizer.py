"""What all our optimizers share."""

import contextlib
from collections.abc import Callable
from typing import Any, NamedTuple

import keras
import numpy as np
from keras import ops


class Optimizer(keras.optimizers.Optimizer):
    """Take the arguments of every Keras optimizer, and constrain once an update.

    Numbers may be NumPy's: they are kept as Python's. With
    `gradient_accumulation_steps`, where Keras applies constraints after every batch,
    they are applied after the batches at which the weights move.

    A subclass names in `lacks` the arguments that its Keras twin has beside its own, as
    tuples (name, the value that it always has here, where else to find others).
    """

    lacks = ()

    def __init__(self, learning_rate: Any, **kwargs: Any) -> None:
        kind = type(self).__name__
        for name, always, elsewhere in self.lacks:
            value = kwargs.pop(name, always)
            if value != always:
                raise ValueError(
                    f"`{name}` is no argument of this {kind}: expected {name}={always} "
                    f"or none. Use {elsewhere}. Received: {name}={value}"
                )
        rate = plain(learning_rate)
        super().__init__(
            float(rate) if is_number(rate) else rate,
            **{name: plain(value) for name, value in kwargs.items()},
        )

    def add_state(self, variables, names, initializer="zeros"):
        """Add variables shaped as those trained; return a list of them for each name.

        They have single precision at least: in float16 squares of small gradients are
        0, and in bfloat16 0.999 is 1.
        """
        added = [[] for _ in names]
        for each in variables:
            dtype = keras.backend.result_type(each.dtype, "float32")
            for states, name in zip(added, names, strict=True):
                if dtype == each.dtype:
                    state = self.add_variable_from_reference(each, name, initializer)
                else:
                    path = each.path.replace("/", "_")
                    state = self.add_variable(
                        each.shape, initializer, dtype, name=f"{path}_{name}"
                    )
                states.append(state)
        return added

    def apply(self, grads, trainable_variables=None):
        steps = self.gradient_accumulation_steps
        if not steps:
            return super().apply(grads, trainable_variables)
        if trainable_variables is not None:
            trainable_variables = list(trainable_variables)
        due = (self._iterations + 1) % steps == 0
        with _constrained(trainable_variables or self._trainable_variables, due):
            return super().apply(grads, trainable_variables)


@contextlib.contextmanager
def _constrained(variables, due):
    """Let the variables' constraints act where `due` only."""
    kept = [(each, each.constraint) for each in variables]

    def held(constraint):
        def constrain(w):
            w = ops.convert_to_tensor(w)
            return ops.where(due, constraint(w), w)

        return constrain

    try:
        for each, constraint in kept:
            if constraint is not None:
                each.constraint = held(constraint)
        yield
    finally:
        for each, constraint in kept:
            if constraint is not None:
                each.constraint = constraint


def plain(value):
    """Return a NumPy scalar, or an array or tensor of no axes, as Python's."""
    if isinstance(value, keras.Variable) or callable(value):
        return value
    if isinstance(value, np.generic) or getattr(value, "shape", None) == ():
        return np.asarray(value).item()
    return value


def is_number(value):
    return isinstance(value, int | float) and not isinstance(value, bool)


class Range(NamedTuple):
    """Hold a test of numbers, and name those that pass it."""

    holds: Callable[[float], bool]
    words: str


SHARE = Range(lambda value: 0 <= value < 1, "a number from 0 to 1, 1 excluded")
POSITIVE = Range(lambda value: value > 0, "a number above 0")
NOT_NEGATIVE = Range(lambda value: value >= 0, "a number of at least 0")


def number(name, value, within, meaning):
    """Return a number as Python's float, or say which were expected."""
    kept = plain(value)
    if not (is_number(kept) and within.holds(kept)):
        raise ValueError(
            f"`{name}` {meaning}: expected {within.words}. Received: {name}={value}"
        )
    return float(kept)
