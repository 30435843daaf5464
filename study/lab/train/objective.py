"""What a network is trained for: the loss as `fit` takes it, and who is right."""

import copy

import keras
from keras import ops

from study.lab.declare import losses


class Objective:
    """Take a batch's loss, each example's, and mark those predicted correctly.

    Args:
        loss: Keras's name of a loss, or a `keras.losses.Loss`.
    """

    def __init__(self, loss):
        self.labels = losses.labels(loss)
        self.threshold = 0.0 if losses.takes_logits(loss) else 0.5
        found = keras.losses.get(loss)
        if not isinstance(found, keras.losses.Loss):
            self._function, self._loss = found, None
            return
        self._loss = found
        self._function = copy.copy(found)
        self._function.reduction = "none"

    def batch(self, y, outputs):
        """Return the loss of a batch, as `fit` does."""
        if self._loss is None:
            return ops.mean(self.each(y, outputs))
        loss = self._loss(self._aligned(y, outputs), outputs)
        return ops.cast(loss, "float32")

    def each(self, y, outputs):
        """Return the loss of each example, (batch,)."""
        outputs = _single(outputs)
        loss = _single(self._function(self._aligned(y, outputs), outputs))
        return loss if len(loss.shape) == 1 else _mean(loss)

    def hits(self, y, outputs):
        """Return the share of each example's outputs that is right, (batch,).

        It is counted as the matching one of Keras's accuracies does; NaN where nothing
        is classified.
        """
        y = self._aligned(y, outputs)
        if self.labels == losses.BINARY:
            right = ops.equal(ops.cast(outputs > self.threshold, y.dtype), y)
        elif self.labels == losses.SPARSE:
            right = ops.equal(_first_largest(outputs), ops.cast(y, "int32"))
        elif self.labels == losses.ONE_HOT:
            right = ops.equal(_first_largest(outputs), _first_largest(y))
        else:
            right = ops.full(ops.shape(y)[:1], float("nan"))
        right = ops.cast(right, "float32")
        return right if len(right.shape) == 1 else _mean(right)

    def _aligned(self, y, outputs):
        """Give labels the shape and the type that belong to the outputs."""
        if self.labels is None and self._loss is not None:
            return y  # of one's own, perhaps: it gets them as from `fit`
        if self.labels == losses.SPARSE:
            alike = len(y.shape) == len(outputs.shape)
            return ops.squeeze(y, axis=-1) if alike else y
        lacking = len(y.shape) == len(outputs.shape) - 1 and outputs.shape[-1] == 1
        return _single(ops.expand_dims(y, -1) if lacking else y)


def _mean(values):
    return ops.mean(values, axis=tuple(range(1, len(values.shape))))


def _single(values):
    """Return values in float32, as Keras's losses take outputs of half precision."""
    return values if values.dtype == "float32" else ops.cast(values, "float32")


def _first_largest(outputs):
    """Return what `argmax` does; Keras's own trains run after run on TensorFlow.

    It looks at the bits of zeros, of which TensorFlow has no stacked form.
    """
    classes = outputs.shape[-1]
    largest = outputs >= ops.max(outputs, axis=-1, keepdims=True)
    places = ops.arange(classes, dtype="int32")
    return ops.min(ops.where(largest, places, classes), axis=-1)
