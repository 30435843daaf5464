"""Drop inputs at random, with the mask and the scaling that a text calls for."""

from numbers import Integral
from typing import Any

import keras

_MASKS = ("example", "batch", "epoch")
_SCALES = ("training", "inference")


@keras.saving.register_keras_serializable(package="study")
class Dropout(keras.layers.Layer):
    """Drop a share of the inputs at random while training.

    Formula: `keep = draws >= rate` with `draws ~ U[0, 1)`, one a unit, and

    | `scale` | training | inference |
    |---|---|---|
    | `"training"` | `keep * inputs / (1 - rate)` | `inputs` |
    | `"inference"` | `keep * inputs` | `inputs * (1 - rate)` |

    Either way inference is the mean over the masks of training. The first row is
    inverted dropout, as in `keras.layers.Dropout`; the second is the paper's. The
    paper and some texts call the share kept the rate: theirs is `1 - rate`.

    The state of the draws is saved with the weights, so that a model saved in the
    middle of training, loaded and trained on equals one that was left alone.

    Args:
        rate: Float from 0 to 1, 1 excluded: the share of inputs dropped. 0 drops none.
        noise_shape: List with a positive integer for each axis of the inputs, 1 where
            all share a mask, or `None`, the inputs' own. Goes with `mask="example"`.
            Defaults to `None`, the inputs' shape.
        seed: Integer. Equal seeds draw equal masks. Defaults to `None`, a fresh one.
        mask: What shares one mask. `"example"`, the default, draws one for every
            example; `"batch"` one at every call, for all examples; `"epoch"` keeps one
            in the weight `draws` until `renew()` is called, which the callback
            `RenewMasks` does at the end of every epoch; list it before a
            `BackupAndRestore`. A mask per epoch needs inputs whose axes, the batch
            aside, are known.
        scale: Where inputs are scaled: `"training"`, the default, or `"inference"`.
        monte_carlo: Boolean. `True` drops in inference too, exactly as in training, so
            that predictions are samples to average. Defaults to `False`.

    Call arguments:
        inputs: Tensor, `(batch, ...)`.
        training: Boolean. Defaults to `False`, inference.

    Output shape:
        The inputs' shape; integers come out as floats. A mask of time steps passes
        through.

    Raises:
        ValueError: An argument is out of its range, `renew()` comes before the layer
            is built, or a mask per epoch meets an axis of unknown length.

    Example:

    >>> dropout = Dropout(0.5, mask="batch", seed=1)
    >>> outputs = dropout(keras.ops.ones((3, 1000)), training=True)
    >>> sorted({float(each) for each in keras.ops.convert_to_numpy(outputs)[0]})
    [0.0, 2.0]
    >>> bool(keras.ops.all(outputs[0] == outputs[1]))  # one mask for the batch
    True

    Reference:
        Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov, 2014, Dropout: a
        simple way to prevent neural networks from overfitting.
    """

    def __init__(
        self,
        rate: float,
        noise_shape: Any = None,
        seed: Any = None,
        *,
        mask: str = "example",
        scale: str = "training",
        monte_carlo: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        if not 0 <= rate < 1:
            raise ValueError(
                "`rate` is the share of inputs dropped: expected a number from 0 to 1, "
                f"1 excluded. Received: rate={rate}"
            )
        if mask not in _MASKS:
            raise ValueError(
                "`mask` says what shares one mask: expected 'example', 'batch' or "
                f"'epoch'. Received: mask={mask!r}"
            )
        if scale not in _SCALES:
            raise ValueError(
                "`scale` says where inputs are scaled: expected 'training' (inverted "
                f"dropout) or 'inference' (the paper's). Received: scale={scale!r}"
            )
        if noise_shape is not None and mask != "example":
            raise ValueError(
                "`noise_shape` and `mask` both say what shares one mask: expected one "
                f"of them. Received: noise_shape={noise_shape}, mask={mask!r}"
            )
        self.rate = float(rate)
        self.noise_shape = _checked_shape(noise_shape)
        self.mask = mask
        self.scale = scale
        self.monte_carlo = bool(monte_carlo)
        self.seed = int(seed) if isinstance(seed, Integral) else seed
        self.seed_generator = keras.random.SeedGenerator(self.seed)
        self.draws_initializer = keras.initializers.RandomUniform(
            0.0, 1.0, seed=self.seed_generator
        )
        self.supports_masking = True

    def build(self, input_shape):
        if self.noise_shape is not None and len(input_shape) != len(self.noise_shape):
            raise ValueError(
                "`noise_shape` has an entry for each axis of the inputs: expected "
                f"{len(input_shape)} of them. Received: noise_shape="
                f"{self.noise_shape}, input_shape={input_shape}"
            )
        if self.mask != "epoch":
            return
        if None in input_shape[1:]:
            raise ValueError(
                "A mask per epoch is a weight with one entry a unit: expected inputs "
                "whose axes are known, the batch aside. Received: "
                f"input_shape={input_shape}. Take mask='batch' or 'example' here."
            )
        # Draws instead of masks: the rate may then change under the same weight.
        self.draws = self.add_weight(
            shape=input_shape[1:],
            dtype="float32",
            initializer=self.draws_initializer,
            trainable=False,
            autocast=False,
            name="draws",
        )

    def renew(self):
        """Draw the next mask per epoch; masks of other kinds are new at every call.

        In a `keras.StatelessScope` the new `draws` and seed state are read from the
        scope, and no variable changes.
        """
        if not self.built:
            raise ValueError(
                "`renew` draws one number a unit: expected a layer that knows its "
                f"inputs. Received: {self.name}, not built. Call or build it first."
            )
        if self.mask == "epoch":
            self.draws.assign(self.draws_initializer(self.draws.shape))

    def call(self, inputs, training=False):
        inputs = keras.ops.cast(inputs, self.compute_dtype)  # integers too
        if training or self.monte_carlo:
            keep = self._draws(inputs) >= self.rate
            outputs = keras.ops.where(keep, inputs, keras.ops.zeros_like(inputs))
            return outputs / self._kept() if self.scale == "training" else outputs
        return inputs * self._kept() if self.scale == "inference" else inputs

    def _draws(self, inputs):
        if self.mask == "epoch":
            return self.draws
        shape = keras.ops.shape(inputs)
        if self.mask == "batch":
            shape = (1, *shape[1:])
        if self.noise_shape is not None:
            pairs = zip(shape, self.noise_shape, strict=True)
            shape = tuple(own if size is None else size for own, size in pairs)
        # Half precision would round the share dropped.
        return keras.random.uniform(shape, dtype="float32", seed=self.seed_generator)

    def _kept(self):
        return keras.ops.cast(1 - self.rate, self.compute_dtype)

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
            "rate": self.rate,
            "noise_shape": self.noise_shape,
            "mask": self.mask,
            "scale": self.scale,
            "monte_carlo": self.monte_carlo,
            "seed": self.seed,
        }


def _checked_shape(shape):
    if shape is None:
        return None
    if not isinstance(shape, (list, tuple)) or not all(
        each is None or (isinstance(each, Integral) and each > 0) for each in shape
    ):
        raise ValueError(
            "`noise_shape` is the shape of the masks: expected a list of positive "
            "integers and None; what shares a mask is said by name, mask='batch'. "
            f"Received: noise_shape={shape!r}"
        )
    return tuple(None if each is None else int(each) for each in shape)
