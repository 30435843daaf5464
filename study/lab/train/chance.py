"""Say what a guess that knows nothing of the inputs costs, and how often it errs."""

import dataclasses

import numpy as np

from study.lab.data import Arrays
from study.lab.declare import losses
from study.lab.train.objective import Objective


def chance(arrays: Arrays, loss) -> tuple[float, float]:
    """Return the loss of an example and the error, a share, of such a guess.

    Of classes it knows the shares: the error is that of the commonest, NaN where
    nothing is classified. Of other targets it knows the mean.
    """
    y, kind = arrays.y, losses.labels(loss)
    if kind is None:
        return _of_mean(y.reshape(len(y), -1), loss), np.nan
    if kind == losses.BINARY:
        columns = y.reshape(len(y), -1).T
    elif kind == losses.SPARSE:
        counted = y != getattr(loss, "ignore_class", None)
        columns = [y[counted]]
    else:
        columns = [y.argmax(axis=-1)]
    known = [dataclasses.replace(arrays, y=each) for each in columns]
    error = np.mean([each.chance_error for each in known])
    if losses.is_entropy(loss):
        return float(np.mean([each.chance_loss for each in known])), float(error)
    return _of_mean(y, loss), float(error)


def _of_mean(y, loss):
    """Return the loss of naming the targets' mean; of classes, their shares."""
    targets = y
    if losses.labels(loss) == losses.SPARSE:
        y = y.reshape(-1)
        targets = np.eye(int(y.max()) + 1)[y.astype(int)]
    targets = targets.reshape(len(y), -1).astype("float32")
    guess = targets.mean(axis=0, keepdims=True)
    if losses.takes_logits(loss):
        guess = np.clip(guess, 1e-7, 1 - 1e-7)
        odds = 1 - guess if losses.labels(loss) == losses.BINARY else 1
        guess = np.log(guess / odds)
    each = Objective(loss).each(y, np.repeat(guess, len(y), axis=0))
    return float(np.mean(each))
