"""Find the numbers of a network that runs of one compiled program may differ in."""

import contextlib
from dataclasses import dataclass
from typing import Any

import keras

from study import layers, regularizers

# Rates and strengths that formulas only multiply by or compare with. Keras's own layers
# pass rates to functions that refuse tensors. A constant learning rate needs no place
# here: it is a variable of the optimizer, of which each run has its own.
STACKABLE = {
    keras.Optimizer: ("weight_decay",),
    layers.Dropout: ("rate",),
    layers.DropConnect: ("rate",),
    regularizers.L1: ("strength",),
    regularizers.L2: ("strength",),
    regularizers.L1L2: ("l1", "l2"),
    regularizers.KLSparsity: ("strength",),
    keras.regularizers.L1: ("l1",),
    keras.regularizers.L2: ("l2",),
    keras.regularizers.L1L2: ("l1", "l2"),
}


@dataclass(frozen=True)
class Number:
    """Point at a number that an object of a network keeps as an attribute."""

    owner: Any
    name: str

    @property
    def value(self) -> float:
        return float(getattr(self.owner, self.name))


def find(model: keras.Model, optimizer: keras.Optimizer) -> dict[str, Number]:
    """Map a path to each number that may be stacked, by `STACKABLE`."""
    found = _numbers("optimizer", optimizer, keras.Optimizer)
    for i, layer in enumerate(model._flatten_layers()):
        found |= _numbers(f"{i}", layer)
        for name, part in vars(layer).items():
            if isinstance(part, keras.Regularizer):
                found |= _numbers(f"{i}.{name}", part)
    return found


def _numbers(path, owner, kind=None):
    return {
        f"{path}.{name}": Number(owner, name)
        for name in STACKABLE.get(kind or type(owner), ())
        if not _left_out(owner, name)
    }


def _left_out(owner, name):
    """Return whether there is no number, or one that adds nothing where Keras asks."""
    value = getattr(owner, name)
    asked = isinstance(owner, keras.regularizers.L1L2)
    return value is None or (asked and not float(value))


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
