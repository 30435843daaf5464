"""A recurrent layer as plain as its equation."""

import keras


@keras.saving.register_keras_serializable(package="study")
class SimpleRecurrent(keras.layers.Layer):
    """Carry a state from step to step of a sequence.

    Formula: from `h_0 = 0`, for the steps `t = 1 … steps`,

        h_t = activation(x_t @ kernel + h_{t-1} @ recurrent_kernel + bias)

    A step that the mask leaves out keeps the state: `h_t = h_{t-1}`. The loop over the
    steps is unrolled, so their number must be known; for sequences of unknown length
    take `keras.layers.SimpleRNN`, whose weights are the same.

    Args:
        units: Positive integer: the size of the state.
        activation: Name or function. Defaults to `"tanh"`.
        return_sequences: Boolean. `True` returns every `h_t`; `False`, the default, the
            last one.
        use_bias: Boolean. Defaults to `True`.
        kernel_initializer: Initializer. Defaults to `"glorot_uniform"`.
        recurrent_initializer: Initializer of the recurrent kernel. Defaults to
            `"orthogonal"`.
        bias_initializer: Initializer. Defaults to `"zeros"`.

    Call arguments:
        inputs: Tensor, `(batch, steps, features)`.
        mask: Boolean tensor, `(batch, steps)`: `False` leaves a step out. Defaults to
            `None`, all steps count.

    Output shape:
        `(batch, units)`, or `(batch, steps, units)` with `return_sequences=True`, along
        which the mask passes through.

    Raises:
        ValueError: `units` is not a positive integer, or the number of steps is
            unknown.

    Example:

    >>> half = keras.initializers.Constant(0.5)
    >>> layer = SimpleRecurrent(1, "linear", True, True, "ones", half)
    >>> outputs = layer(keras.ops.array([[[8.0], [0.0], [1.0]]]))
    >>> [float(each) for each in outputs[0, :, 0]]
    [8.0, 4.0, 3.0]

    Reference:
        Elman, 1990, Finding structure in time.
    """

    def __init__(
        self,
        units,
        activation="tanh",
        return_sequences=False,
        use_bias=True,
        kernel_initializer="glorot_uniform",
        recurrent_initializer="orthogonal",
        bias_initializer="zeros",
        **kwargs,
    ):
        super().__init__(**kwargs)
        if not isinstance(units, int) or units < 1:
            raise ValueError(
                "`units` is the size of the state: expected a positive integer. "
                f"Received: units={units!r}"
            )
        self.units = units
        self.activation = keras.activations.get(activation)
        self.return_sequences = return_sequences
        self.use_bias = use_bias
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self.recurrent_initializer = keras.initializers.get(recurrent_initializer)
        self.bias_initializer = keras.initializers.get(bias_initializer)
        self.input_spec = keras.layers.InputSpec(ndim=3)
        self.supports_masking = True

    def build(self, input_shape):
        _, steps, features = input_shape
        if steps is None:
            raise ValueError(
                "The steps are unrolled: expected a known number of them. Received: "
                f"input_shape={input_shape}. Pad the sequences and mask the padding, "
                "or take keras.layers.SimpleRNN."
            )
        self.kernel = self.add_weight(
            shape=(features, self.units),
            initializer=self.kernel_initializer,
            name="kernel",
        )
        self.recurrent_kernel = self.add_weight(
            shape=(self.units, self.units),
            initializer=self.recurrent_initializer,
            name="recurrent_kernel",
        )
        self.bias = None
        if self.use_bias:
            self.bias = self.add_weight(
                shape=(self.units,), initializer=self.bias_initializer, name="bias"
            )
        self.input_spec = keras.layers.InputSpec(shape=(None, steps, features))

    def call(self, inputs, mask=None):
        x = keras.ops.matmul(inputs, self.kernel)
        if self.bias is not None:
            x = x + self.bias
        h = keras.ops.zeros_like(x[:, 0])
        states = []
        for t in range(inputs.shape[1]):
            after = self.activation(
                x[:, t] + keras.ops.matmul(h, self.recurrent_kernel)
            )
            h = after if mask is None else keras.ops.where(mask[:, t, None], after, h)
            states.append(h)
        return keras.ops.stack(states, axis=1) if self.return_sequences else h

    def compute_mask(self, inputs, previous_mask):
        return previous_mask if self.return_sequences else None

    def compute_output_shape(self, input_shape):
        batch, steps, _ = input_shape
        states = (steps,) if self.return_sequences else ()
        return (batch, *states, self.units)

    def get_config(self):
        return {
            **super().get_config(),
            "units": self.units,
            "activation": keras.activations.serialize(self.activation),
            "return_sequences": self.return_sequences,
            "use_bias": self.use_bias,
            "kernel_initializer": keras.initializers.serialize(self.kernel_initializer),
            "recurrent_initializer": keras.initializers.serialize(
                self.recurrent_initializer
            ),
            "bias_initializer": keras.initializers.serialize(self.bias_initializer),
        }
