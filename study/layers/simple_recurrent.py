"""A recurrent layer as plain as its equation."""

from numbers import Integral
from typing import Any

import keras

_KERAS_ONLY = (
    "dropout",
    "recurrent_dropout",
    "return_state",
    "stateful",
    "unroll",
    "seed",
)


@keras.saving.register_keras_serializable(package="study")
class SimpleRecurrent(keras.layers.Layer):
    """Carry a state from step to step of a sequence.

    Formula: from `h_0 = 0`, for the steps `t = 1 … steps`,

        h_t = activation(x_t @ kernel + h_{t-1} @ recurrent_kernel + bias)

    A step that the mask leaves out keeps the state: `h_t = h_{t-1}`. The loop over the
    steps is unrolled, so their number must be known; for sequences of unknown length,
    dropout or a state that is handed on take `keras.layers.SimpleRNN`, whose weights
    are the same.

    Args:
        units: Positive integer: the size of the state.
        activation: Name or function. Defaults to `"tanh"`.
        use_bias: Boolean. Defaults to `True`.
        kernel_initializer: Initializer. Defaults to `"glorot_uniform"`.
        recurrent_initializer: Initializer of the recurrent kernel. Defaults to
            `"orthogonal"`.
        bias_initializer: Initializer. Defaults to `"zeros"`.
        kernel_regularizer: Regularizer. Defaults to `None`.
        recurrent_regularizer: Regularizer of the recurrent kernel. Defaults to `None`.
        bias_regularizer: Regularizer. Defaults to `None`.
        activity_regularizer: Regularizer of the outputs. Defaults to `None`.
        kernel_constraint: Constraint. Defaults to `None`.
        recurrent_constraint: Constraint of the recurrent kernel. Defaults to `None`.
        bias_constraint: Constraint. Defaults to `None`.
        return_sequences: Boolean. `True` returns every `h_t`; `False`, the default, the
            last one.
        go_backwards: Boolean. `True` goes from the last step to the first, as one half
            of a `keras.layers.Bidirectional` does, and returns every `h_t` in that
            order. Defaults to `False`.

    Call arguments:
        inputs: Tensor, `(batch, steps, features)`.
        initial_state: `None`: the state starts from 0.
        mask: Boolean tensor, `(batch, steps)`: `False` leaves a step out. Defaults to
            `None`, all steps count.

    Output shape:
        `(batch, units)`, or `(batch, steps, units)` with `return_sequences=True`, along
        which the mask passes through.

    Raises:
        ValueError: `units` is not a positive integer, the number of steps is unknown,
            or an argument is one of `keras.layers.SimpleRNN` alone.

    Example:

    >>> half = keras.initializers.Constant(0.5)
    >>> layer = SimpleRecurrent(1, "linear", True, "ones", half, return_sequences=True)
    >>> outputs = layer(keras.ops.array([[[8.0], [0.0], [1.0]]]))
    >>> [float(each) for each in outputs[0, :, 0]]
    [8.0, 4.0, 3.0]

    Reference:
        Elman, 1990, Finding structure in time.
    """

    def __init__(
        self,
        units: int,
        activation: Any = "tanh",
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        recurrent_initializer: Any = "orthogonal",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        recurrent_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
        recurrent_constraint: Any = None,
        bias_constraint: Any = None,
        *,
        return_sequences: bool = False,
        go_backwards: bool = False,
        **kwargs: Any,
    ) -> None:
        for name in _KERAS_ONLY:
            if name in kwargs:
                raise ValueError(
                    f"`{name}` is not among what this layer can do: take "
                    "keras.layers.SimpleRNN for it, whose weights are the same. "
                    f"Received: {name}={kwargs[name]!r}"
                )
        super().__init__(activity_regularizer=activity_regularizer, **kwargs)
        if not isinstance(units, Integral) or units < 1:
            raise ValueError(
                "`units` is the size of the state: expected a positive integer. "
                f"Received: units={units!r}"
            )
        self.units = int(units)
        self.activation = keras.activations.get(activation)
        self.use_bias = bool(use_bias)
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self.recurrent_initializer = keras.initializers.get(recurrent_initializer)
        self.bias_initializer = keras.initializers.get(bias_initializer)
        self.kernel_regularizer = keras.regularizers.get(kernel_regularizer)
        self.recurrent_regularizer = keras.regularizers.get(recurrent_regularizer)
        self.bias_regularizer = keras.regularizers.get(bias_regularizer)
        self.kernel_constraint = keras.constraints.get(kernel_constraint)
        self.recurrent_constraint = keras.constraints.get(recurrent_constraint)
        self.bias_constraint = keras.constraints.get(bias_constraint)
        self.return_sequences = bool(return_sequences)
        self.go_backwards = bool(go_backwards)
        self.return_state = self.stateful = False  # what `Bidirectional` asks for
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
            regularizer=self.kernel_regularizer,
            constraint=self.kernel_constraint,
            name="kernel",
        )
        self.recurrent_kernel = self.add_weight(
            shape=(self.units, self.units),
            initializer=self._draw_recurrent,
            regularizer=self.recurrent_regularizer,
            constraint=self.recurrent_constraint,
            name="recurrent_kernel",
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
        self.input_spec = keras.layers.InputSpec(shape=(None, steps, features))

    def _draw_recurrent(self, shape, dtype):
        # Orthogonal matrices are found in single precision at least.
        precise = keras.backend.result_type(dtype, "float32")
        return keras.ops.cast(self.recurrent_initializer(shape, dtype=precise), dtype)

    def call(self, inputs, initial_state=None, mask=None):
        if initial_state is not None:
            raise ValueError(
                "The state starts from 0: expected no `initial_state`; for another "
                "start take keras.layers.SimpleRNN. Received: initial_state of shape "
                f"{tuple(initial_state.shape)}"
            )
        x = keras.ops.matmul(inputs, self.kernel)
        if self.bias is not None:
            x = x + self.bias
        h = keras.ops.zeros_like(x[:, 0])
        states = []
        steps = range(inputs.shape[1])
        for t in reversed(steps) if self.go_backwards else steps:
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
            "use_bias": self.use_bias,
            "kernel_initializer": keras.initializers.serialize(self.kernel_initializer),
            "recurrent_initializer": keras.initializers.serialize(
                self.recurrent_initializer
            ),
            "bias_initializer": keras.initializers.serialize(self.bias_initializer),
            "kernel_regularizer": keras.regularizers.serialize(self.kernel_regularizer),
            "recurrent_regularizer": keras.regularizers.serialize(
                self.recurrent_regularizer
            ),
            "bias_regularizer": keras.regularizers.serialize(self.bias_regularizer),
            "kernel_constraint": keras.constraints.serialize(self.kernel_constraint),
            "recurrent_constraint": keras.constraints.serialize(
                self.recurrent_constraint
            ),
            "bias_constraint": keras.constraints.serialize(self.bias_constraint),
            "return_sequences": self.return_sequences,
            "go_backwards": self.go_backwards,
        }
