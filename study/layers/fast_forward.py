"""Put a block's inputs beside its outputs."""

from typing import Any

import keras


@keras.saving.register_keras_serializable(package="study")
class FastForward(keras.layers.Layer):
    """Concatenate a block's inputs and outputs, so that later layers see both.

    Formula: `outputs = concatenate([inputs, block(inputs)], axis=-1)`.

    Args:
        block: Layer, or list of layers called one after the other. It may change the
            size of the last axis only.

    Call arguments:
        inputs: Tensor that the block takes, `(batch, ..., features)`.

    Output shape:
        The inputs' shape with the block's features added to theirs, in the layer's own
        precision. A mask of time steps passes through.

    Raises:
        ValueError: `block` is no layer, or changes another axis than the last.

    Example:

    >>> layer = FastForward(keras.layers.Rescaling(10.0))
    >>> [float(each) for each in layer(keras.ops.array([[1.0, 2.0]]))[0]]
    [1.0, 2.0, 10.0, 20.0]

    Reference:
        Huang, Liu, van der Maaten and Weinberger, 2017, Densely connected convolutional
        networks.
    """

    def __init__(self, block: Any, **kwargs: Any) -> None:
        if "axis" in kwargs:
            raise ValueError(
                "The last axis is the one joined: expected no `axis`. Received: "
                f"axis={kwargs['axis']}. Take keras.layers.Concatenate."
            )
        super().__init__(**kwargs)
        if isinstance(block, dict):
            block = keras.saving.deserialize_keras_object(block)
        if isinstance(block, (list, tuple)):
            block = keras.Sequential(block)
        if not isinstance(block, keras.layers.Layer):
            raise ValueError(
                "`block` is part of the network: expected a layer or a list of layers. "
                f"Received: block={block!r}"
            )
        self.block = block
        self.supports_masking = True

    def build(self, input_shape):
        if not self.block.built:
            self.block.build(input_shape)
        self.compute_output_shape(input_shape)

    def call(self, inputs):
        both = inputs, self.block(inputs)
        both = [keras.ops.cast(each, self.compute_dtype) for each in both]
        return keras.ops.concatenate(both, axis=-1)

    def compute_output_shape(self, input_shape):
        learned = self.block.compute_output_shape(input_shape)
        if tuple(learned[:-1]) != tuple(input_shape[:-1]):
            raise ValueError(
                "Inputs and outputs of the block stand side by side: expected shapes "
                "that differ in the last axis only. Received: "
                f"{tuple(input_shape)} and {tuple(learned)}. Let the block keep the "
                "other axes, a convolution by padding='same'."
            )
        return (*input_shape[:-1], input_shape[-1] + learned[-1])

    def get_config(self):
        return {
            **super().get_config(),
            "block": keras.saving.serialize_keras_object(self.block),
        }
