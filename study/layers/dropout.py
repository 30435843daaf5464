"""Drop inputs at random, with the mask and the scaling that a text calls for."""

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

    Args:
        rate: Float from 0 to 1, 1 excluded: the share of inputs dropped. 0 drops none.
        mask: What shares one mask. `"example"`, the default, draws one for every
            example; `"batch"` one at every call, for all examples; `"epoch"` keeps one
            in the weight `draws` until `renew()` is called, which the callback
            `RenewMasks` does at the end of every epoch. A mask per epoch needs inputs
            whose axes, the batch aside, are known.
        scale: Where inputs are scaled: `"training"`, the default, or `"inference"`.
        monte_carlo: Boolean. `True` drops in inference too, exactly as in training, so
            that predictions are samples to average. Defaults to `False`.
        seed: Integer. Equal seeds draw equal masks. Defaults to `None`, a fresh one.

    Call arguments:
        inputs: Tensor, `(batch, ...)`.
        training: Boolean. Defaults to `False`, inference.

    Output shape:
        The inputs' shape. A mask of time steps passes through.

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
        rate,
        mask="example",
        scale="training",
        monte_carlo=False,
        seed=None,
        **kwargs,
    ):
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
        self.rate = rate
        self.mask = mask
        self.scale = scale
        self.monte_carlo = monte_carlo
        self.seed = seed
        self.seed_generator = keras.random.SeedGenerator(seed)
        self.draws_initializer = keras.initializers.RandomUniform(
            0.0, 1.0, seed=self.seed_generator
        )
        self.supports_masking = True

    def build(self, input_shape):
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
        # Half precision would round the share dropped.
        return keras.random.uniform(shape, dtype="float32", seed=self.seed_generator)

    def _kept(self):
        return keras.ops.cast(1 - self.rate, self.compute_dtype)

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {
            **super().get_config(),
            "rate": self.rate,
            "mask": self.mask,
            "scale": self.scale,
            "monte_carlo": self.monte_carlo,
            "seed": self.seed,
        }
