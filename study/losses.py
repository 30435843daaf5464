"""Measure errors the way the lectures write them."""

from typing import Any

import keras

__all__ = ["HalfSquaredError"]


@keras.saving.register_keras_serializable(package="study")
class HalfSquaredError(keras.losses.Loss):
    """Take half the sum of squared errors over an example's outputs.

    Formula: `loss = 1 / 2 * sum((y_true - y_pred)**2)` over the last axis, then the
    mean over the batch, so that an output's gradient is `y_pred - y_true` for each
    example. `keras.losses.MeanSquaredError` divides by the number of outputs instead of
    2: the two are equal for two outputs.

    Args:
        reduction: `"sum_over_batch_size"`, the default, `"sum"` (the summed error of a
            batch) or another of Keras's.
        name: String. Defaults to `"half_squared_error"`.
        dtype: Type in which it is computed. Defaults to `None`, Keras's `floatx`.

    Call arguments:
        y_true: Tensor, `(batch, ..., outputs)`, or `(batch, ...)` for one output.
        y_pred: Tensor, `(batch, ..., outputs)`.

    Output shape:
        A scalar; `(batch, ...)` without reduction. Axes between count as examples.

    Raises:
        ValueError: The shapes of `y_true` and `y_pred` differ otherwise.

    Example:

    >>> loss = HalfSquaredError()
    >>> float(loss([[0.0, 1.0, 0.0]], [[3.0, 1.0, 4.0]]))
    12.5
    """

    def __init__(
        self,
        reduction: str = "sum_over_batch_size",
        name: str = "half_squared_error",
        dtype: Any = None,
    ) -> None:
        super().__init__(name=name, reduction=reduction, dtype=dtype)

    def call(self, y_true, y_pred):
        y_true, y_pred = map(keras.ops.convert_to_tensor, (y_true, y_pred))
        if len(y_true.shape) == len(y_pred.shape) - 1 and y_pred.shape[-1] == 1:
            y_true = keras.ops.expand_dims(y_true, -1)
        # Other shapes might broadcast, (batch, 1) against (1, outputs), unseen.
        if not _equal(y_true.shape, y_pred.shape):
            raise ValueError(
                "`y_true` holds the targets of `y_pred`: expected equal shapes. "
                f"Received: {tuple(y_true.shape)} and {tuple(y_pred.shape)}"
            )
        return keras.ops.sum(keras.ops.square(y_true - y_pred), axis=-1) / 2

    def get_config(self):
        return {**super().get_config(), "dtype": self.dtype}


def _equal(one, other):
    return len(one) == len(other) and all(
        None in pair or pair[0] == pair[1] for pair in zip(one, other, strict=True)
    )
