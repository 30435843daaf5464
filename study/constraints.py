"""Put weights back where they may be, after every update.

With `gradient_accumulation_steps=k` the optimizers of `study` apply a constraint after
the k batches of an update. Keras's own apply it after every batch: beside them
`ProximalL1(threshold / k)` shrinks weights by `threshold` an update.
"""

from typing import Any

import keras
import numpy as np

__all__ = ["MaxNorm", "ProximalL1"]


@keras.saving.register_keras_serializable(package="study")
class MaxNorm(keras.constraints.Constraint):
    """Project the incoming weights of every unit onto a ball.

    Formula: `w * max_value / norm where norm > max_value, else w`, with
    `norm = sqrt(sum(w**2))` over `axis`.

    `max_value` bounds the norm, as the paper's c does. A text that bounds the squared
    norm, `sum(w**2) < c`, means `max_value = sqrt(c)`.

    Weights inside the ball come back to the bit, zeros included.
    `keras.constraints.MaxNorm` divides by `norm + epsilon`, so that it shrinks them by
    about 1e-7 at every update.

    Args:
        max_value: Positive float, the largest norm. Defaults to 2, as in Keras; the
            paper found 3 to 4 to work well.
        axis: Integer or integers, the axes that one unit's incoming weights fill.
            Defaults to 0, a dense kernel's; `(0, 1, 2)` for a 2-D convolution.

    Raises:
        ValueError: `max_value` is not positive.

    Example:

    >>> weights = MaxNorm(1.0)(keras.ops.convert_to_tensor([[3.0, 0.3], [4.0, 0.4]]))
    >>> [[round(float(each), 3) for each in row] for row in weights]
    [[0.6, 0.3], [0.8, 0.4]]

    Reference:
        Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov, 2014, Dropout: a
        simple way to prevent neural networks from overfitting.
    """

    def __init__(self, max_value: float = 2.0, axis: Any = 0) -> None:
        largest = np.asarray(max_value)
        if largest.shape or largest.dtype.kind not in "iuf" or not largest > 0:
            raise ValueError(
                "`max_value` is the largest norm of a unit's incoming weights: "
                f"expected a positive number. Received: max_value={max_value}"
            )
        self.max_value = float(largest)
        self.axis = np.asarray(axis).tolist()

    def __call__(self, w: Any) -> Any:
        w = keras.ops.convert_to_tensor(w)
        precise = keras.ops.cast(w, keras.backend.result_type(w.dtype, "float32"))
        squares = keras.ops.sum(keras.ops.square(precise), self.axis, keepdims=True)
        norm = keras.ops.sqrt(squares)
        inside = keras.ops.cast(precise * (self.max_value / norm), w.dtype)
        return keras.ops.where(norm > self.max_value, inside, w)

    def get_config(self):
        return {"max_value": self.max_value, "axis": self.axis}


@keras.saving.register_keras_serializable(package="study")
class ProximalL1(keras.constraints.Constraint):
    """Move weights towards 0 by a fixed amount and stop them there.

    Formula: `sign(w) * max(abs(w) - threshold, 0)`, the soft threshold.

    After a step of plain gradient descent on the data's loss, a threshold of
    `learning_rate * strength` makes the proximal gradient method for the penalty
    `strength * sum(abs(w))`: it replaces `L1(strength)`, must not be added to it, and
    gives exact zeros where the penalty's gradient gives small numbers. The pairing
    holds for a constant learning rate; a schedule does not reach the threshold.

    Args:
        threshold: Non-negative float, the amount by which weights shrink at every
            update: `learning_rate * strength`.

    Raises:
        ValueError: `threshold` is negative or not finite.

    Example:

    >>> weights = ProximalL1(0.25)(keras.ops.convert_to_tensor([1.0, 0.25, -0.5]))
    >>> [float(each) for each in weights]
    [0.75, 0.0, -0.25]

    Reference:
        Parikh and Boyd, 2014, Proximal algorithms.
    """

    def __init__(self, threshold: float) -> None:
        amount = np.asarray(threshold)
        number = not amount.shape and amount.dtype.kind in "iuf"
        if not (number and 0 <= amount < np.inf):
            raise ValueError(
                "`threshold` is the amount by which weights shrink: expected a finite "
                f"number from 0 up. Received: threshold={threshold}"
            )
        self.threshold = float(amount)

    def __call__(self, w: Any) -> Any:
        w = keras.ops.convert_to_tensor(w)
        shrunk = w - self.threshold * keras.ops.sign(w)
        return keras.ops.where(keras.ops.abs(w) <= self.threshold, 0, shrunk)

    def get_config(self):
        return {"threshold": self.threshold}
