"""A dense layer whose activation is the maximum of linear pieces."""

from numbers import Integral
from typing import Any

import keras


@keras.saving.register_keras_serializable(package="study")
class Maxout(keras.layers.Layer):
    """Take the maximum of several linear functions for each unit.

    Formula: with `z = inputs @ kernel + bias` of `units * pieces` numbers,

        outputs[j] = max(z[j * pieces], …, z[j * pieces + pieces - 1])

    Each unit is a convex, piecewise linear function of its inputs that is learned: with
    two pieces it can become a ReLU or the absolute value.

    Args:
        units: Positive integer: the size of the last axis of the outputs.
        pieces: Positive integer: linear functions a unit. Defaults to 2; 1 makes a
            linear `keras.layers.Dense`.
        use_bias: Boolean. Defaults to `True`.
        kernel_initializer: Initializer of the `(features, units * pieces)` kernel.
            Defaults to `"glorot_uniform"`.
        bias_initializer: Initializer. Defaults to `"zeros"`.
        kernel_regularizer: Regularizer. Defaults to `None`.
        bias_regularizer: Regularizer. Defaults to `None`.
        kernel_constraint: Constraint. Defaults to `None`.
        bias_constraint: Constraint. Defaults to `None`.

    Call arguments:
        inputs: Tensor, `(batch, ..., features)`.

    Output shape:
        `(batch, ..., units)`. A mask of time steps passes through.

    Raises:
        ValueError: `units` or `pieces` is not a positive integer.

    Example:

    >>> layer = Maxout(1, pieces=2)
    >>> layer.build((None, 1))
    >>> _ = layer.kernel.assign([[1.0, -1.0]])  # max(x, -x) = |x|
    >>> outputs = layer(keras.ops.array([[-3.0], [0.0], [2.0]]))
    >>> [float(each) for each in outputs[:, 0]]
    [3.0, 0.0, 2.0]

    Reference:
        Goodfellow, Warde-Farley, Mirza, Courville and Bengio, 2013, Maxout networks.
    """

    def __init__(
        self,
        units: int,
        pieces: int = 2,
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        bias_regularizer: Any = None,
        kernel_constraint: Any = None,
        bias_constraint: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        for name, value in (("units", units), ("pieces", pieces)):
            if not isinstance(value, Integral) or value < 1:
                raise ValueError(
                    f"`{name}` is a count: expected a positive integer. "
                    f"Received: {name}={value!r}"
                )
        self.units = int(units)
        self.pieces = int(pieces)
        self.use_bias = bool(use_bias)
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self.bias_initializer = keras.initializers.get(bias_initializer)
        self.kernel_regularizer = keras.regularizers.get(kernel_regularizer)
        self.bias_regularizer = keras.regularizers.get(bias_regularizer)
        self.kernel_constraint = keras.constraints.get(kernel_constraint)
        self.bias_constraint = keras.constraints.get(bias_constraint)
        self.input_spec = keras.layers.InputSpec(min_ndim=2)
        self.supports_masking = True

    def build(self, input_shape):
        self.kernel = self.add_weight(
            shape=(input_shape[-1], self.units * self.pieces),
            initializer=self.kernel_initializer,
            regularizer=self.kernel_regularizer,
            constraint=self.kernel_constraint,
            name="kernel",
        )
        self.bias = None
        if self.use_bias:
            self.bias = self.add_weight(
                shape=(self.units * self.pieces,),
                initializer=self.bias_initializer,
                regularizer=self.bias_regularizer,
                constraint=self.bias_constraint,
                name="bias",
            )
        self.input_spec = keras.layers.InputSpec(min_ndim=2, axes={-1: input_shape[-1]})

    def call(self, inputs):
        z = keras.ops.matmul(inputs, self.kernel)
        if self.bias is not None:
            z = z + self.bias
        shape = keras.ops.shape(inputs)[:-1]
        z = keras.ops.reshape(z, (*shape, self.units, self.pieces))
        return keras.ops.max(z, axis=-1)

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], self.units)

    def get_config(self):
        return {
            **super().get_config(),
            "units": self.units,
            "pieces": self.pieces,
            "use_bias": self.use_bias,
            "kernel_initializer": keras.initializers.serialize(self.kernel_initializer),
            "bias_initializer": keras.initializers.serialize(self.bias_initializer),
            "kernel_regularizer": keras.regularizers.serialize(self.kernel_regularizer),
            "bias_regularizer": keras.regularizers.serialize(self.bias_regularizer),
            "kernel_constraint": keras.constraints.serialize(self.kernel_constraint),
            "bias_constraint": keras.constraints.serialize(self.bias_constraint),
        }
