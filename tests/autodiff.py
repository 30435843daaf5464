"""Slopes by automatic differentiation on the backend that runs the tests."""

import keras
import numpy as np

BACKEND = keras.backend.backend()
# JAX computes in single precision unless it is told otherwise.
DOUBLE = "float32" if BACKEND == "jax" else "float64"


def value_and_gradient(function, x, dtype=DOUBLE):
    """Return `function(x)` and the gradient of its sum, as float64 arrays."""
    x = keras.ops.convert_to_tensor(np.asarray(x), dtype=dtype)
    if BACKEND == "tensorflow":
        import tensorflow as tf

        with tf.GradientTape() as tape:
            tape.watch(x)
            y = function(x)
        gradient = tape.gradient(y, x)
        assert gradient is not None, "nothing connects the outputs with the inputs"
    elif BACKEND == "jax":
        import jax

        y, pull = jax.vjp(function, x)
        (gradient,) = pull(keras.ops.ones_like(y))
    else:
        y = function(x.requires_grad_())
        y.sum().backward()
        gradient = x.grad
    return numpy(y), numpy(gradient)


def numpy(tensor):
    """Return a tensor as a float64 array."""
    return np.asarray(keras.ops.convert_to_numpy(tensor), "float64")
