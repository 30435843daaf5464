"""Find the numbers of a network that runs of one compiled program may differ in."""

import contextlib
from dataclasses import dataclass
from typing import Any

import keras

# Rates and strengths that formulas only multiply by or compare with.
NAMES = ("l1", "l2", "rate", "strength", "weight_decay")


@dataclass(frozen=True)
class Number:
    """Point at a number that an object of a network keeps as an attribute."""

    owner: Any
    name: str

    @property
    def value(self) -> float:
        return float(getattr(self.owner, self.name))


def find(model: keras.Model, optimizer: keras.Optimizer) -> dict[str, Number]:
    """Map a path to each number that may be stacked.

    These are rates and strengths of our own layers, of regularizers and of the
    optimizer. Keras's own layers pass rates to functions that refuse tensors, and its
    L1L2 asks whether a strength is zero.
    """
    owners = {"optimizer": optimizer}
    for i, layer in enumerate(model._flatten_layers()):
        if type(layer).__module__.startswith("study."):
            owners[f"{i}"] = layer
        for name, part in vars(layer).items():
            if isinstance(part, keras.Regularizer):
                owners[f"{i}.{name}"] = part
    return {
        f"{path}.{name}": Number(owner, name)
        for path, owner in owners.items()
        for name in NAMES
        if _is_number(getattr(owner, name, None)) and not _left_out(owner, name)
    }


def _left_out(owner, name):
    asked = isinstance(owner, keras.regularizers.L1L2)
    return asked and not float(getattr(owner, name))


def _is_number(value):
    # Some of Keras's regularizers keep their strength as a tensor.
    plain = isinstance(value, int | float) and not isinstance(value, bool)
    return plain or keras.ops.is_tensor(value)


@contextlib.contextmanager
def replaced(numbers, values):
    """Put `values` in the place of `numbers` while a program is traced."""
    kept = [vars(each.owner)[each.name] for each in numbers]
    for each, value in zip(numbers, values, strict=True):
        vars(each.owner)[each.name] = value
    try:
        yield
    finally:
        for each, value in zip(numbers, kept, strict=True):
            vars(each.owner)[each.name] = value
