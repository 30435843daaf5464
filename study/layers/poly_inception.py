"""Add polynomials of blocks to the inputs."""

from typing import Any

import keras

_VARIANTS = ("poly-2", "mpoly-2", "2-way")


@keras.saving.register_keras_serializable(package="study")
class PolyInception(keras.layers.Layer):
    """Add two orders of one block, or two blocks, to the inputs.

    Formula: with `f` and `g` the blocks, `I` the identity,

    | `variant` | `outputs` | paths |
    |---|---|---|
    | `"poly-2"` | `(I + f + f∘f)(inputs)` | the same weights at both orders |
    | `"mpoly-2"` | `(I + f + g∘f)(inputs)` | other weights at the second order |
    | `"2-way"` | `(I + f + g)(inputs)` | two first orders side by side |

    `f(inputs)` is computed once and serves both orders. An activation after the sum is
    a layer of its own.

    Args:
        variant: `"poly-2"`, `"mpoly-2"` or `"2-way"`.
        f: Layer, or list of layers called one after the other, that keeps the shape.
        g: Likewise, for the variants that have it. Defaults to `None`.

    Call arguments:
        inputs: Tensor that the blocks take.

    Output shape:
        The inputs' shape, in the layer's own precision. A mask of time steps passes
        through.

    Raises:
        ValueError: The variant is unknown, it does not fit the blocks given, one of
            them is no layer, or one changes the shape.

    Example:

    >>> double = keras.layers.Rescaling(2.0)
    >>> float(PolyInception("poly-2", double)(keras.ops.array([1.0]))[0])  # 1 + 2 + 4
    7.0
    >>> triple = keras.layers.Rescaling(3.0)
    >>> outputs = PolyInception("mpoly-2", double, triple)(keras.ops.array([1.0]))
    >>> float(outputs[0])  # 1 + 2 + 6
    9.0

    Reference:
        Zhang, Li, Loy and Lin, 2017, PolyNet: a pursuit of structural diversity in very
        deep networks.
    """

    def __init__(self, variant: str, f: Any, g: Any = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if variant not in _VARIANTS:
            raise ValueError(
                "`variant` says which blocks are added: expected 'poly-2', "
                f"'mpoly-2' or '2-way'. Received: variant={variant!r}"
            )
        if (g is None) != (variant == "poly-2"):
            raise ValueError(
                "'poly-2' uses `f` twice, 'mpoly-2' and '2-way' need weights of their "
                "own in `g`: expected `g` with these two alone. Received: "
                f"variant={variant!r}, g={g!r}"
            )
        self.variant = variant
        self.f = _layer("f", f)
        self.g = None if g is None else _layer("g", g)
        self.supports_masking = True

    def build(self, input_shape):
        for layer in (self.f, self.g):
            if layer is not None and not layer.built:
                layer.build(input_shape)
        self.compute_output_shape(input_shape)

    def call(self, inputs):
        first = self.f(inputs)
        if self.variant == "2-way":
            second = self.g(inputs)
        else:
            second = (self.f if self.variant == "poly-2" else self.g)(first)
        inputs, first, second = (
            keras.ops.cast(each, self.compute_dtype) for each in (inputs, first, second)
        )
        return inputs + first + second

    def compute_output_shape(self, input_shape):
        for name, layer in (("f", self.f), ("g", self.g)):
            if layer is None:
                continue
            shape = tuple(layer.compute_output_shape(input_shape))
            if shape != tuple(input_shape):
                raise ValueError(
                    "The blocks are added to the inputs: expected them to keep the "
                    f"shape {tuple(input_shape)}. Received: {shape} from `{name}`. Let "
                    "its last layer have as many units as the inputs."
                )
        return tuple(input_shape)

    def get_config(self):
        return {
            **super().get_config(),
            "variant": self.variant,
            "f": keras.saving.serialize_keras_object(self.f),
            "g": keras.saving.serialize_keras_object(self.g),
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
