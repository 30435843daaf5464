"""Add a block's inputs to its outputs."""

from typing import Any

import keras


@keras.saving.register_keras_serializable(package="study")
class Residual(keras.layers.Layer):
    """Add a block's inputs to its outputs, so that the block learns the difference.

    Formula: `outputs = inputs + block(inputs)`, or, where the block changes the shape,
    `outputs = shortcut(inputs) + block(inputs)`.

    A block whose last layer starts at zero (`kernel_initializer="zeros"` and a bias of
    0, or a batch normalization with `gamma_initializer="zeros"`) makes the identity at
    first. An activation after the sum is a layer of its own.

    Args:
        block: Layer, or list of layers called one after the other.
        shortcut: Layer that brings the inputs to the block's output shape, such as
            `Dense(units, use_bias=False)` or a 1 by 1 convolution. Defaults to `None`,
            the identity.

    Call arguments:
        inputs: Tensor that the block takes.

    Output shape:
        The block's. A mask of time steps passes through. What is added is cast to the
        layer's own precision first, as `keras.layers.Add` does.

    Raises:
        ValueError: An argument is no layer, or the shapes to add differ.

    Example:

    >>> hidden = keras.layers.Dense(8, "relu")
    >>> layer = Residual([hidden, keras.layers.Dense(2, kernel_initializer="zeros")])
    >>> [float(each) for each in layer(keras.ops.array([[3.0, -4.0]]))[0]]
    [3.0, -4.0]

    Reference:
        He, Zhang, Ren and Sun, 2016, Deep residual learning for image recognition.
    """

    def __init__(self, block: Any, shortcut: Any = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.block = _layer("block", block)
        self.shortcut = None if shortcut is None else _layer("shortcut", shortcut)
        self.supports_masking = True

    def build(self, input_shape):
        for layer in (self.block, self.shortcut):
            if layer is not None and not layer.built:
                layer.build(input_shape)
        self.compute_output_shape(input_shape)

    def call(self, inputs):
        kept = inputs if self.shortcut is None else self.shortcut(inputs)
        return self._cast(kept) + self._cast(self.block(inputs))

    def _cast(self, x):
        return keras.ops.cast(x, self.compute_dtype)

    def compute_output_shape(self, input_shape):
        kept, learned = tuple(input_shape), self.block.compute_output_shape(input_shape)
        if self.shortcut is not None:
            kept = self.shortcut.compute_output_shape(input_shape)
        if tuple(kept) != tuple(learned):
            raise ValueError(
                "What is kept and what is learned are added: expected equal shapes. "
                f"Received: {tuple(kept)} and {tuple(learned)}. Give a layer as "
                "`shortcut` that makes the second shape of the inputs."
            )
        return tuple(learned)

    def get_config(self):
        return {
            **super().get_config(),
            "block": keras.saving.serialize_keras_object(self.block),
            "shortcut": keras.saving.serialize_keras_object(self.shortcut),
        }


def _layer(name, value):
    """Return a layer, from one, from its configuration or from a list of layers."""
    if isinstance(value, dict):
        value = keras.saving.deserialize_keras_object(value)
    if isinstance(value, (list, tuple)):
        value = keras.Sequential(value)
    if not isinstance(value, keras.layers.Layer):
        raise ValueError(
            f"`{name}` is part of the network: expected a layer or a list of layers. "
            f"Received: {name}={value!r}"
        )
    return value
