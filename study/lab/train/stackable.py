"""Find the numbers of a network that runs of one compiled program may differ in."""

import contextlib
from dataclasses import dataclass
from typing import Any

import keras

from study import layers, regularizers

# Rates and strengths that formulas only multiply by or compare with. Keras's own layers
# pass rates to functions that refuse tensors.
STACKABLE = {
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
    """Map a path to each number that may be stacked: `STACKABLE`, and weight decay."""
    found = {}
    if optimizer.weight_decay is not None:
        found["optimizer.weight_decay"] = Number(optimizer, "weight_decay")
    for i, layer in enumerate(model._flatten_layers()):
        found |= _numbers(f"{i}", layer)
        for name, part in vars(layer).items():
            if isinstance(part, keras.Regularizer):
                found |= _numbers(f"{i}.{name}", part)
    return found


def _numbers(path, owner):
    return {
        f"{path}.{name}": Number(owner, name)
        for name in STACKABLE.get(type(owner), ())
        if not _left_out(owner, name)
    }


def _left_out(owner, name):
    """Return whether a strength is 0 where Keras asks for that, and adds nothing."""
    asked = isinstance(owner, keras.regularizers.L1L2)
    return asked and not float(getattr(owner, name))


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
