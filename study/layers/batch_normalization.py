"""Normalize a batch, with the moving variance of Keras or of the paper."""

from typing import Any

import keras

_VARIANCES = ("biased", "unbiased")
_KERAS_ONLY = ("renorm", "renorm_clipping", "renorm_momentum", "synchronized")


@keras.saving.register_keras_serializable(package="study")
class BatchNormalization(keras.layers.Layer):
    """Normalize each unit over the batch, then scale and shift it.

    Formula: over the `m` values of a unit in the batch,

        mean = sum(inputs) / m
        variance = sum((inputs - mean)**2) / m
        outputs = gamma * (inputs - mean) / sqrt(variance + epsilon) + beta

    and in training, with `n = m` for `"biased"` and `n = m - 1` for `"unbiased"`,

        moving_mean = momentum * moving_mean + (1 - momentum) * mean
        moving_variance = momentum * moving_variance + (1 - momentum) * variance * m / n

    Inference normalizes with the moving moments. So does training when the layer is
    frozen (`trainable=False`), as in Keras, and the moving moments then stay.

    Three conventions, by arguments:

    | | `momentum` | `epsilon` | `variance` | `moving_variance_initializer` |
    |---|---|---|---|---|
    | Keras, our defaults | 0.99 | 1e-3 | `"biased"` | `"ones"` |
    | the paper's inference | not given | not given | `"unbiased"` | not given |
    | from-scratch textbook code | 0.9 | 1e-6 | `"biased"` | `"zeros"` |

    One value a unit (`m = 1`) has no spread: training then returns `beta` (if `epsilon`
    is above 0), and the variance that enters the moving one is 0, also if `"unbiased"`.

    For masks of time steps, synchronized devices or renormalization take
    `keras.layers.BatchNormalization`; the weights have the same names and order.

    Args:
        axis: Integer: the axis of the units, which keep moments of their own. Defaults
            to -1, the last.
        momentum: Float from 0 to 1, 1 excluded: the share of the old moving moments
            that a step keeps. Defaults to 0.99.
        epsilon: Float of at least 0, added to the variance. Defaults to 1e-3.
        center: Boolean: whether `beta` is added. Defaults to `True`.
        scale: Boolean: whether `gamma` multiplies. Defaults to `True`.
        beta_initializer: Initializer. Defaults to `"zeros"`.
        gamma_initializer: Initializer. Defaults to `"ones"`.
        moving_mean_initializer: Initializer. Defaults to `"zeros"`.
        moving_variance_initializer: Initializer. Defaults to `"ones"`.
        beta_regularizer: Regularizer. Defaults to `None`.
        gamma_regularizer: Regularizer. Defaults to `None`.
        beta_constraint: Constraint. Defaults to `None`.
        gamma_constraint: Constraint. Defaults to `None`.
        variance: `"biased"`, the default, or `"unbiased"`: which estimate enters the
            moving variance. The batch itself is always normalized by the biased one.

    Call arguments:
        inputs: Tensor, at least `(batch, units)`.
        training: Boolean. Defaults to `False`, inference.
        mask: Boolean tensor, the inputs' shape without the last axis: which positions
            the moments are of. Defaults to `None`, all, or what a layer before found.

    Output shape:
        The inputs' shape. Moments are taken in float32 even of half precision.

    Raises:
        ValueError: An argument is out of its range, the axis of the units is not there
            or of unknown length, or the mask has another number of axes.

    Example:

    >>> layer = BatchNormalization(momentum=0.0, epsilon=0.0, variance="unbiased")
    >>> outputs = layer(keras.ops.array([[1.0], [3.0]]), training=True)
    >>> [float(each) for each in outputs[:, 0]]
    [-1.0, 1.0]
    >>> float(layer.moving_mean[0]), float(layer.moving_variance[0])
    (2.0, 2.0)

    Reference:
        Ioffe and Szegedy, 2015, Batch normalization: accelerating deep network training
        by reducing internal covariate shift.
    """

    def __init__(
        self,
        axis: Any = -1,
        momentum: float = 0.99,
        epsilon: float = 1e-3,
        center: bool = True,
        scale: bool = True,
        beta_initializer: Any = "zeros",
        gamma_initializer: Any = "ones",
        moving_mean_initializer: Any = "zeros",
        moving_variance_initializer: Any = "ones",
        beta_regularizer: Any = None,
        gamma_regularizer: Any = None,
        beta_constraint: Any = None,
        gamma_constraint: Any = None,
        *,
        variance: str = "biased",
        **kwargs: Any,
    ) -> None:
        for name in _KERAS_ONLY:
            if name in kwargs:
                raise ValueError(
                    f"`{name}` is not among what this layer can do: take "
                    "keras.layers.BatchNormalization for it, whose weights are the "
                    f"same. Received: {name}={kwargs[name]!r}"
                )
        super().__init__(**kwargs)
        if not 0 <= momentum < 1:
            raise ValueError(
                "`momentum` is the share of the moving moments that a step keeps: "
                "expected a number from 0 to 1, 1 excluded. "
                f"Received: momentum={momentum}"
            )
        if not epsilon >= 0:
            raise ValueError(
                "`epsilon` is added to a variance: expected a number of at least 0. "
                f"Received: epsilon={epsilon}"
            )
        if variance not in _VARIANCES:
            raise ValueError(
                "`variance` says which estimate enters the moving variance: expected "
                f"'biased' or 'unbiased'. Received: variance={variance!r}"
            )
        self.supports_masking = True
        self.axis = int(axis)
        self.momentum = float(momentum)
        self.epsilon = float(epsilon)
        self.center = bool(center)
        self.scale = bool(scale)
        self.variance = variance
        self.beta_initializer = keras.initializers.get(beta_initializer)
        self.gamma_initializer = keras.initializers.get(gamma_initializer)
        self.moving_mean_initializer = keras.initializers.get(moving_mean_initializer)
        self.moving_variance_initializer = keras.initializers.get(
            moving_variance_initializer
        )
        self.beta_regularizer = keras.regularizers.get(beta_regularizer)
        self.gamma_regularizer = keras.regularizers.get(gamma_regularizer)
        self.beta_constraint = keras.constraints.get(beta_constraint)
        self.gamma_constraint = keras.constraints.get(gamma_constraint)

    def build(self, input_shape):
        rank = len(input_shape)
        if not -rank <= self.axis < rank or self.axis % rank == 0:
            raise ValueError(
                "`axis` is the axis of the units, not the batch's: expected one of "
                f"{rank} axes but the first. Received: axis={self.axis}, "
                f"input_shape={input_shape}"
            )
        units = input_shape[self.axis]
        if units is None:
            raise ValueError(
                "Moments are kept for each unit: expected a known number of units. "
                f"Received: axis={self.axis}, input_shape={input_shape}"
            )
        self.gamma = self._weight("gamma", units) if self.scale else None
        self.beta = self._weight("beta", units) if self.center else None
        self.moving_mean = self._weight("moving_mean", units, trainable=False)
        self.moving_variance = self._weight("moving_variance", units, trainable=False)
        self.input_spec = keras.layers.InputSpec(ndim=rank, axes={self.axis: units})

    def _weight(self, name, units, trainable=True):
        return self.add_weight(
            shape=(units,),
            initializer=getattr(self, f"{name}_initializer"),
            regularizer=getattr(self, f"{name}_regularizer", None),
            constraint=getattr(self, f"{name}_constraint", None),
            trainable=trainable,
            autocast=False,
            name=name,
        )

    def call(self, inputs, training=False, mask=None):
        if mask is not None and len(mask.shape) != len(inputs.shape) - 1:
            raise ValueError(
                "`mask` says which positions count: expected the inputs' shape without "
                f"the last axis. Received: mask of shape {tuple(mask.shape)}, inputs "
                f"of shape {tuple(inputs.shape)}"
            )
        dtype = keras.backend.result_type(self.compute_dtype, "float32")
        inputs = keras.ops.cast(inputs, dtype)
        axes = [i for i in range(inputs.ndim) if i != self.axis % inputs.ndim]
        if training and self.trainable:
            mean, variance, count = self._moments(inputs, axes, mask)
            self._move(mean, variance, count)
        else:
            mean, variance = self.moving_mean, self.moving_variance

        def of_units(values):
            return keras.ops.expand_dims(keras.ops.cast(values, dtype), axes)

        spread = keras.ops.sqrt(of_units(variance) + self.epsilon)
        outputs = (inputs - of_units(mean)) / spread
        if self.gamma is not None:
            outputs = of_units(self.gamma) * outputs
        if self.beta is not None:
            outputs = outputs + of_units(self.beta)
        return keras.ops.cast(outputs, self.compute_dtype)

    def _moments(self, inputs, axes, mask):
        """Return each unit's mean and variance, and of how many numbers they are."""
        if mask is None:
            size = keras.ops.cast(keras.ops.size(inputs), inputs.dtype)
            count, each = size / self.moving_variance.shape[0], keras.ops.mean
        else:
            there = keras.ops.expand_dims(keras.ops.cast(mask, "bool"), -1)
            there = keras.ops.broadcast_to(there, keras.ops.shape(inputs))
            count = keras.ops.sum(keras.ops.cast(there, inputs.dtype), axis=axes)

            def each(values, axis):
                total = keras.ops.sum(keras.ops.where(there, values, 0), axis=axis)
                return total / keras.ops.maximum(count, 1)

        mean = each(inputs, axis=axes)
        deviations = inputs - keras.ops.expand_dims(mean, axes)
        return mean, each(keras.ops.square(deviations), axis=axes), count

    def _move(self, mean, variance, m):
        if self.variance == "unbiased":
            variance = variance * (m / keras.ops.maximum(m - 1, 1))
        for moving, batch in (
            (self.moving_mean, mean),
            (self.moving_variance, variance),
        ):
            kept = self.momentum * keras.ops.cast(moving, batch.dtype)
            moving.assign(kept + (1 - self.momentum) * batch)

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {
            **super().get_config(),
            "axis": self.axis,
            "momentum": self.momentum,
            "epsilon": self.epsilon,
            "center": self.center,
            "scale": self.scale,
            "variance": self.variance,
            "beta_initializer": keras.initializers.serialize(self.beta_initializer),
            "gamma_initializer": keras.initializers.serialize(self.gamma_initializer),
            "moving_mean_initializer": keras.initializers.serialize(
                self.moving_mean_initializer
            ),
            "moving_variance_initializer": keras.initializers.serialize(
                self.moving_variance_initializer
            ),
            "beta_regularizer": keras.regularizers.serialize(self.beta_regularizer),
            "gamma_regularizer": keras.regularizers.serialize(self.gamma_regularizer),
            "beta_constraint": keras.constraints.serialize(self.beta_constraint),
            "gamma_constraint": keras.constraints.serialize(self.gamma_constraint),
        }
