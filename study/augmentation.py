"""Make new training images from old ones.

Shifts and rotations are Keras's: `keras.layers.RandomTranslation` and
`keras.layers.RandomRotation`, with `fill_mode="constant"` for images on a black ground.
Their factors are shares, of the size (2 pixels of 28: `2 / 28`) and of a turn.

Elastic distortion is here, since `keras.layers.RandomElasticTransform` of Keras 3.15
has faults: on TensorFlow it moves along one diagonal only and, in `fit` with batches of
unequal size, puts a batch's first image in the place of all others; on JAX it cannot be
compiled; and images of 28 pixels it hardly smooths.
"""

from numbers import Integral
from typing import Any

import keras

__all__ = ["RandomElasticDistortion"]

_KERAS_ONLY = (
    "factor",
    "scale",
    "interpolation",
    "fill_mode",
    "fill_value",
    "value_range",
    "data_format",
)


@keras.saving.register_keras_serializable(package="study")
class RandomElasticDistortion(keras.layers.Layer):
    """Bend images by random smooth displacements while training.

    Formula: `outputs[i, j] = inputs[i + rows[i, j], j + columns[i, j]]`, bilinear
    between pixels and 0 outside the image, with

        rows, columns = alpha * smooth(draws)

    where `draws ~ U[-1, 1)`, two a pixel, and `smooth` is a Gaussian filter of standard
    deviation `sigma` that sees 0 outside the image. Away from the edges a displacement
    has the standard deviation `alpha / (sigma * sqrt(12 * pi))`, 1.4 pixels by default.

    The state of the draws is saved with the weights, so that a model saved in the
    middle of training, loaded and trained on equals one that was left alone.

    Args:
        alpha: Non-negative float, pixels: how far. Defaults to 34, the paper's for
            MNIST. 0 changes nothing.
        sigma: Positive float, pixels: how smoothly. Defaults to 4, the paper's.
        seed: Integer. Equal seeds draw equal displacements. Defaults to `None`, a fresh
            one.

    Call arguments:
        inputs: Tensor, `(batch, height, width, channels)`. Every example has a
            displacement of its own, for all its channels.
        training: Boolean. Defaults to `False`, which returns the inputs.

    Output shape:
        The inputs' shape; integers come out as floats.

    Raises:
        ValueError: An argument is out of its range, or images are of unknown size.

    Example:

    >>> rows = keras.ops.reshape(keras.ops.arange(300, dtype="float32"), (1, 300, 1, 1))
    >>> images = keras.ops.tile(rows, (1, 1, 300, 1))
    >>> bent = RandomElasticDistortion(seed=1)(images, training=True)
    >>> moved = (bent - images)[:, 20:-20, 20:-20]
    >>> bool(1.2 < float(keras.ops.std(moved)) < 1.6)
    True

    Reference:
        Simard, Steinkraus and Platt, 2003, Best practices for convolutional neural
        networks applied to visual document analysis.
    """

    def __init__(
        self,
        *,
        alpha: float = 34.0,
        sigma: float = 4.0,
        seed: Any = None,
        **kwargs: Any,
    ) -> None:
        for name in _KERAS_ONLY:
            if name in kwargs:
                raise ValueError(
                    f"`{name}` is an argument of keras.layers.RandomElasticTransform: "
                    "expected `alpha` and `sigma`, in pixels. Received: "
                    f"{name}={kwargs[name]!r}"
                )
        super().__init__(**kwargs)
        if not 0 <= alpha < float("inf"):
            raise ValueError(
                "`alpha` scales displacements, in pixels: expected a finite number "
                f"from 0 up. Received: alpha={alpha}"
            )
        if not 0 < sigma < float("inf"):
            raise ValueError(
                "`sigma` is the width of the smoothing filter, in pixels: expected a "
                f"finite number above 0. Received: sigma={sigma}"
            )
        self.alpha = float(alpha)
        self.sigma = float(sigma)
        self.seed = int(seed) if isinstance(seed, Integral) else seed
        self.seed_generator = keras.random.SeedGenerator(self.seed)
        self.input_spec = keras.layers.InputSpec(ndim=4)

    def build(self, input_shape):
        if None in input_shape[1:]:
            raise ValueError(
                "Every pixel has a displacement: expected images of known height, "
                f"width and channels. Received: input_shape={input_shape}"
            )

    def call(self, inputs, training=False):
        inputs = keras.ops.cast(inputs, self.compute_dtype)  # bytes of pixels too
        if not training:
            return inputs
        batch, height, width, _ = keras.ops.shape(inputs)
        moves = self._displacements((2, batch, height, width))
        rows = moves[0] + keras.ops.arange(height, dtype=moves.dtype)[:, None]
        columns = moves[1] + keras.ops.arange(width, dtype=moves.dtype)
        images = keras.ops.cast(
            inputs, keras.backend.result_type(self.compute_dtype, rows.dtype)
        )
        return keras.ops.cast(_bilinear(images, rows, columns), self.compute_dtype)

    def _displacements(self, shape):
        # Half precision would round the positions of pixels.
        draws = keras.random.uniform(
            shape, -1, 1, dtype="float32", seed=self.seed_generator
        )
        down, across = (self._smoothing(length) for length in shape[2:])
        # `down` and `across` are symmetric. TensorFlow's `@` is not meant: it shares a
        # matrix among images by a product that not every processor gets through.
        return self.alpha * keras.ops.matmul(keras.ops.matmul(down, draws), across)

    def _smoothing(self, length):
        """Return the matrix, `(length, length)`, that smooths along one axis."""
        places = keras.ops.arange(length, dtype="float32")
        kernel = keras.ops.exp(
            -keras.ops.square((places[:, None] - places) / self.sigma) / 2
        )
        # All weights of the filter, on either side of its middle, sum to 1.
        return kernel / (2 * keras.ops.sum(kernel[0]) - 1)

    def compute_output_shape(self, input_shape):
        return input_shape

    def save_own_variables(self, store):
        super().save_own_variables(store)
        store["seed_generator"] = self.seed_generator.state  # in no file of Keras's

    def load_own_variables(self, store):
        weights = {**store}
        if "seed_generator" in weights:  # as it is not in files from before it was kept
            self.seed_generator.state.assign(weights.pop("seed_generator"))
        super().load_own_variables(weights)

    def get_config(self):
        return {
            **super().get_config(),
            "alpha": self.alpha,
            "sigma": self.sigma,
            "seed": self.seed,
        }


def _bilinear(images, rows, columns):
    """Read images at positions between the pixels."""
    batch, height, width, channels = keras.ops.shape(images)
    pixels = keras.ops.reshape(images, (batch, height * width, channels))
    top, left = keras.ops.floor(rows), keras.ops.floor(columns)
    outputs = 0
    for row, column in (
        (top, left),
        (top, left + 1),
        (top + 1, left),
        (top + 1, left + 1),
    ):
        inside = (row >= 0) & (row < height) & (column >= 0) & (column < width)
        place = keras.ops.where(inside, row * width + column, 0)
        place = keras.ops.reshape(keras.ops.cast(place, "int32"), (batch, -1, 1))
        values = keras.ops.take_along_axis(pixels, place, axis=1)
        values = keras.ops.reshape(values, (batch, height, width, channels))
        weight = (1 - keras.ops.abs(rows - row)) * (1 - keras.ops.abs(columns - column))
        weight = keras.ops.cast(keras.ops.where(inside, weight, 0), values.dtype)
        outputs = outputs + weight[..., None] * values
    return outputs
