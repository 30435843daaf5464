"""Refuse labels that do not belong to a network's outputs, before it trains."""

import numpy as np

from study.lab.declare import losses
from study.lab.errors import DefinitionError


def check(arrays, loss, outputs: tuple) -> None:
    """Raise a DefinitionError where labels do not name the classes of the outputs.

    Args:
        arrays: The examples.
        loss: The loss that they are labels of.
        outputs: The shape of a network's outputs, (None, units).
    """
    kind = losses.labels(loss)
    if kind is None or len(outputs) != 2:
        return
    units = outputs[-1]
    for name, y in (("y", arrays.y), ("y_test", arrays.y_test)):
        column = y.shape[1:] in ((), (1,))
        if kind == losses.SPARSE:
            if not column or not _names(y, units, getattr(loss, "ignore_class", None)):
                raise _refused(name, y, f"classes from 0 to {units - 1} as (n,)", units)
        elif y.shape[1:] != (units,) and not (units == 1 and column):
            raise _refused(name, y, f"labels as (n, {units})", units)


def _names(y, units, ignored):
    found = np.unique(y)
    if ignored is not None:
        found = found[found != ignored]
    return bool(np.all((found == found.round()) & (found >= 0) & (found < units)))


def _refused(name, y, expected, units):
    shown = f"{y.dtype} of shape {y.shape}"
    if y.size and y.shape[1:] in ((), (1,)):
        shown += f", from {y.min()} to {y.max()}"
    return DefinitionError(
        f"data: expected {name} to hold {expected} for a loss of classes and {units} "
        f"outputs. Received: {shown}"
    )
