"""Pool by drawing one entry of each region, with its share as probability."""

from numbers import Integral
from typing import Any

import keras


@keras.saving.register_keras_serializable(package="study")
class StochasticPooling2D(keras.layers.Layer):
    """Pool each region to one entry, drawn with its share of the region's sum.

    Formula: for the entries `a_1 … a_n >= 0` of a region, with `p_i = a_i / sum(a)`,

        training:   outputs = a_l,  l ~ Multinomial(p_1 … p_n)
        inference:  outputs = sum(p_i * a_i)

    so inference is the mean of training. A region whose entries are all 0 gives 0. In
    training the gradient goes to the entry drawn and to no other.

    Entries are probabilities up to scale, so inputs are expected not to be negative,
    as after a ReLU: a negative entry counts as 0, and so does padding.

    The state of the draws is saved with the weights, so that a model saved in the
    middle of training, loaded and trained on equals one that was left alone.

    Args:
        pool_size: Positive integer or pair of them: rows and columns of a region.
            Defaults to 2. The paper pools 3 by 3 with `strides=2`.
        strides: Positive integer or pair of them: the step from region to region.
            Defaults to `None`, the `pool_size`.
        padding: `"valid"`, the default, leaves out regions that do not fit; `"same"`
            pads them evenly, the odd row or column behind.
        seed: Integer. Equal seeds draw equal entries. Defaults to `None`, a fresh one.
        data_format: `"channels_last"` or `"channels_first"`. Defaults to `None`,
            `keras.config.image_data_format()`.

    Call arguments:
        inputs: Tensor, `(batch, rows, columns, channels)`, or `(batch, channels, rows,
            columns)` with channels first. Rows and columns must be known.
        training: Boolean. Defaults to `False`, inference.

    Output shape:
        The inputs' shape with `(rows - pool_size) // strides + 1` rows and likewise
        columns; with `padding="same"`, `rows / strides` rounded up.

    Raises:
        ValueError: An argument is out of its range, rows or columns are unknown, or no
            region fits.

    Example:

    >>> image = keras.ops.reshape(keras.ops.array([0.0, 1.0, 0.0, 3.0]), (1, 2, 2, 1))
    >>> pool = StochasticPooling2D(seed=1)
    >>> float(pool(image)[0, 0, 0, 0])  # 1/4 * 1 + 3/4 * 3
    2.5
    >>> drawn = [float(pool(image, training=True)[0, 0, 0, 0]) for _ in range(50)]
    >>> sorted(set(drawn))
    [1.0, 3.0]

    Reference:
        Zeiler and Fergus, 2013, Stochastic pooling for regularization of deep
        convolutional neural networks.
    """

    def __init__(
        self,
        pool_size: Any = 2,
        strides: Any = None,
        padding: str = "valid",
        seed: Any = None,
        data_format: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.pool_size = _pair("pool_size", pool_size)
        self.strides = _pair("strides", pool_size if strides is None else strides)
        if padding not in ("valid", "same"):
            raise ValueError(
                "`padding` says what happens at the edge: expected 'valid' or 'same'. "
                f"Received: padding={padding!r}"
            )
        if data_format not in (None, "channels_last", "channels_first"):
            raise ValueError(
                "`data_format` is the order of the axes: expected 'channels_last', "
                f"'channels_first' or None. Received: data_format={data_format!r}"
            )
        self.padding = padding
        self.seed = int(seed) if isinstance(seed, Integral) else seed
        self.seed_generator = keras.random.SeedGenerator(self.seed)
        self.data_format = data_format or keras.config.image_data_format()
        self.input_spec = keras.layers.InputSpec(ndim=4)

    def build(self, input_shape):
        rows, columns = self._spatial(input_shape)
        if None in (rows, columns):
            raise ValueError(
                "Regions are cut out of a known image: expected known rows and "
                f"columns. Received: input_shape={input_shape}. Resize the images, or "
                "name their size in `keras.Input`."
            )
        if min(self._spatial(self.compute_output_shape(input_shape))) < 1:
            raise ValueError(
                f"No region fits: expected at least {self.pool_size} rows and columns. "
                f"Received: input_shape={input_shape}. Lower `pool_size`, or take "
                "padding='same'."
            )

    def call(self, inputs, training=False):
        dtype = keras.backend.result_type(self.compute_dtype, "float32")
        entries = self._entries(keras.ops.cast(keras.ops.relu(inputs), dtype))
        total = sum(entries)
        outputs = self._draw(entries, total) if training else _mean(entries, total)
        return keras.ops.cast(outputs, self.compute_dtype)

    def _entries(self, inputs):
        """List the regions' first entries, their second ones, and so on."""
        rows, columns = self._spatial(self.compute_output_shape(inputs.shape))
        (down, right), (height, width) = self.strides, self.pool_size
        if self.padding == "same":
            have = self._spatial(inputs.shape)
            need = (rows - 1) * down + height, (columns - 1) * right + width
            missing = [max(n - h, 0) for n, h in zip(need, have, strict=True)]
            pads = [(each // 2, each - each // 2) for each in missing]
            inputs = keras.ops.pad(inputs, self._axes((0, 0), *pads, (0, 0)))
        every = slice(None)
        return [
            inputs[
                self._axes(
                    every,
                    slice(i, i + (rows - 1) * down + 1, down),
                    slice(j, j + (columns - 1) * right + 1, right),
                    every,
                )
            ]
            for i in range(height)
            for j in range(width)
        ]

    def _draw(self, entries, total):
        """Return the entry on whose stretch of [0, total) a uniform draw falls."""
        draws = keras.random.uniform(
            keras.ops.shape(total), dtype=total.dtype, seed=self.seed_generator
        )
        point = draws * total
        # Nothing is drawn where the total is infinite or NaN: show that, not a 0.
        finite = keras.ops.isfinite(total)
        outputs = keras.ops.where(finite, keras.ops.zeros_like(total), total)
        below = keras.ops.zeros_like(total)
        for entry in entries:
            above = below + entry
            drawn = keras.ops.logical_and(below <= point, point < above)
            outputs += keras.ops.where(drawn, entry, keras.ops.zeros_like(entry))
            below = above
        return outputs

    def _spatial(self, shape):
        first = self.data_format == "channels_first"
        return tuple(shape[2:] if first else shape[1:-1])

    def _axes(self, batch, rows, columns, channels):
        if self.data_format == "channels_first":
            return batch, channels, rows, columns
        return batch, rows, columns, channels

    def compute_output_shape(self, input_shape):
        sizes = []
        for size, pool, stride in zip(
            self._spatial(input_shape), self.pool_size, self.strides, strict=True
        ):
            if size is not None:
                whole = (
                    size + stride - 1
                    if self.padding == "same"
                    else size - pool + stride
                )
                size = whole // stride
            sizes.append(size)
        first = self.data_format == "channels_first"
        channels = input_shape[1] if first else input_shape[-1]
        return self._axes(input_shape[0], *sizes, channels)

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
            "pool_size": self.pool_size,
            "strides": self.strides,
            "padding": self.padding,
            "seed": self.seed,
            "data_format": self.data_format,
        }


def _pair(name, value):
    pair = tuple(value) if isinstance(value, (list, tuple)) else (value, value)
    counts = all(isinstance(each, Integral) and each > 0 for each in pair)
    if len(pair) != 2 or not counts:
        raise ValueError(
            f"`{name}` counts rows and columns: expected a positive integer or two of "
            f"them. Received: {name}={value}"
        )
    return tuple(map(int, pair))


def _mean(entries, total):
    """Return the mean of the entries, each weighted by its share of the total."""
    none = total == 0
    divisor = keras.ops.where(none, keras.ops.ones_like(total), total)
    return sum(entry * (entry / divisor) for entry in entries)
