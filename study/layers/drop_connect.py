"""A dense layer that drops weights instead of units."""

from numbers import Integral
from typing import Any

import keras

_MASKS = ("example", "batch")
_INFERENCES = ("mean", "gaussian")


@keras.saving.register_keras_serializable(package="study")
class DropConnect(keras.layers.Layer):
    """Multiply by a kernel of which a share is dropped at random while training.

    Formula: in training

        outputs = activation(inputs @ (keep * kernel) + bias)

    with `keep = draws >= rate`, `draws ~ U[0, 1)`, one a weight. Biases are never
    dropped. In inference, with `kept = 1 - rate`,

        mean = kept * (inputs @ kernel) + bias
        variance = kept * rate * (inputs**2 @ kernel**2)

    are the moments of the training's pre-activations; the outputs are
    `activation(mean)` (`inference="mean"`), or the average of `activation(z)` over
    `samples` draws of `z ~ N(mean, variance)` (`inference="gaussian"`, the paper's).
    For a linear activation the two agree but for the sampling; for a bent one
    `"gaussian"` comes nearer to the training's mean.

    The state of the draws is saved with the weights, so that a model saved in the
    middle of training, loaded and trained on equals one that was left alone.

    Args:
        units: Positive integer: the size of the last axis of the outputs.
        rate: Float from 0 to 1, 1 excluded: the share of weights dropped. 0 makes a
            `keras.layers.Dense`.
        activation: Name or function. Defaults to `None`, linear.
        mask: What shares one mask of the kernel's shape. `"example"`, the default, is
            the paper's and takes memory for `batch * features * units` numbers;
            `"batch"` draws one at every call, for all examples.
        inference: `"mean"`, the default, or `"gaussian"`.
        samples: Positive integer: draws averaged in Gaussian inference, which takes
            memory for `samples * batch * units` numbers. Defaults to 100; the paper
            takes 1000.
        seed: Integer. Equal seeds draw equal masks. Defaults to `None`, a fresh one.
        use_bias: Boolean. Defaults to `True`.
        kernel_initializer: Initializer. Defaults to `"glorot_uniform"`.
        bias_initializer: Initializer. Defaults to `"zeros"`.
        kernel_regularizer: Regularizer of the undropped kernel. Defaults to `None`.
        bias_regularizer: Regularizer. Defaults to `None`.
        kernel_constraint: Constraint. Defaults to `None`.
        bias_constraint: Constraint. Defaults to `None`.

    Call arguments:
        inputs: Tensor, `(batch, ..., features)`.
        training: Boolean. Defaults to `False`, inference.

    Output shape:
        `(batch, ..., units)`. A mask of time steps passes through.

    Raises:
        ValueError: An argument is out of its range.

    Example:

    >>> layer = DropConnect(1, rate=0.25, seed=1, kernel_initializer="ones")
    >>> ones = keras.ops.ones((5, 1000))
    >>> [float(each) for each in layer(ones)[:, 0]]
    [750.0, 750.0, 750.0, 750.0, 750.0]
    >>> len({float(each) for each in layer(ones, training=True)[:, 0]}) > 1
    True

    Reference:
        Wan, Zeiler, Zhang, LeCun and Fergus, 2013, Regularization of neural networks
        using DropConnect.
    """

    def __init__(
        self,
        units: int,
        rate: float,
        activation: Any = None,
        mask: str = "example",
        inference: str = "mean",
        samples: int = 100,
        seed: Any = None,
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
        for name, value in (("units", units), ("samples", samples)):
            if not isinstance(value, Integral) or value < 1:
                raise ValueError(
                    f"`{name}` is a count: expected a positive integer. "
                    f"Received: {name}={value!r}"
                )
        if not 0 <= rate < 1:
            raise ValueError(
                "`rate` is the share of weights dropped: expected a number from 0 to "
                f"1, 1 excluded. Received: rate={rate}"
            )
        if mask not in _MASKS:
            raise ValueError(
                "`mask` says what shares one mask: expected 'example' or 'batch'. "
                f"Received: mask={mask!r}"
            )
        if inference not in _INFERENCES:
            raise ValueError(
                "`inference` says what stands for the mean over masks: expected "
                f"'mean' or 'gaussian'. Received: inference={inference!r}"
            )
        self.units = int(units)
        self.rate = float(rate)
        self.activation = keras.activations.get(activation)
        self.mask = mask
        self.inference = inference
        self.samples = int(samples)
        self.seed = int(seed) if isinstance(seed, Integral) else seed
        self.seed_generator = keras.random.SeedGenerator(self.seed)
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
            shape=(input_shape[-1], self.units),
            initializer=self.kernel_initializer,
            regularizer=self.kernel_regularizer,
            constraint=self.kernel_constraint,
            name="kernel",
        )
        self.bias = None
        if self.use_bias:
            self.bias = self.add_weight(
                shape=(self.units,),
                initializer=self.bias_initializer,
                regularizer=self.bias_regularizer,
                constraint=self.bias_constraint,
                name="bias",
            )
        self.input_spec = keras.layers.InputSpec(min_ndim=2, axes={-1: input_shape[-1]})

    def call(self, inputs, training=False):
        if training:
            return self.activation(self._biased(self._dropped(inputs)))
        kept = keras.ops.cast(1 - self.rate, self.compute_dtype)
        mean = self._biased(kept * keras.ops.matmul(inputs, self.kernel))
        if self.inference == "mean":
            return self.activation(mean)
        return self._gaussian(inputs, mean)

    def _biased(self, z):
        return z if self.bias is None else z + self.bias

    def _dropped(self, inputs):
        features = self.kernel.shape[0]
        shape = keras.ops.shape(inputs)
        if self.mask == "batch":
            return keras.ops.matmul(inputs, self._masked((features, self.units)))
        kernels = self._masked((shape[0], features, self.units))
        rows = keras.ops.reshape(inputs, (shape[0], -1, features))
        z = keras.ops.matmul(rows, kernels)
        return keras.ops.reshape(z, (*shape[:-1], self.units))

    def _masked(self, shape):
        # Half precision would round the share dropped.
        draws = keras.random.uniform(shape, dtype="float32", seed=self.seed_generator)
        return self.kernel * keras.ops.cast(draws >= self.rate, self.compute_dtype)

    def _gaussian(self, inputs, mean):
        dtype = keras.backend.result_type(self.compute_dtype, "float32")
        inputs, mean, kernel, rate = (
            keras.ops.cast(each, dtype)
            for each in (inputs, mean, self.kernel, self.rate)
        )
        squares = keras.ops.matmul(keras.ops.square(inputs), keras.ops.square(kernel))
        variance = rate * (1 - rate) * squares
        # The square root has no gradient at 0, where nothing is there to drop.
        some = variance > 0
        stddev = keras.ops.where(
            some, keras.ops.sqrt(keras.ops.where(some, variance, 1)), 0
        )
        shape = (self.samples, *keras.ops.shape(mean))
        draws = keras.random.normal(shape, dtype=dtype, seed=self.seed_generator)
        outputs = keras.ops.mean(self.activation(mean + stddev * draws), axis=0)
        return keras.ops.cast(outputs, self.compute_dtype)

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], self.units)

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
            "units": self.units,
            "rate": self.rate,
            "activation": keras.activations.serialize(self.activation),
            "mask": self.mask,
            "inference": self.inference,
            "samples": self.samples,
            "seed": self.seed,
            "use_bias": self.use_bias,
            "kernel_initializer": keras.initializers.serialize(self.kernel_initializer),
            "bias_initializer": keras.initializers.serialize(self.bias_initializer),
            "kernel_regularizer": keras.regularizers.serialize(self.kernel_regularizer),
            "bias_regularizer": keras.regularizers.serialize(self.bias_regularizer),
            "kernel_constraint": keras.constraints.serialize(self.kernel_constraint),
            "bias_constraint": keras.constraints.serialize(self.bias_constraint),
        }
