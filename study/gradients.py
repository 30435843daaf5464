"""Differentiate a scalar function on whichever backend Keras runs.

This is the one component module that names backends: Keras has no gradient of its own.
The function takes one backend tensor and returns one number; write it with `keras.ops`.
`gradients` takes and returns lists of tensors, inside compiled and vectorized programs
too. The others take and return NumPy arrays, in the precision of `x`, float64 on JAX
too. On JAX and PyTorch, though, some of Keras's operations compute in float32 whatever
they are given, such as `matmul` (PyTorch), `sin` and `tanh` (JAX); sums, products and
powers keep float64.
"""

import contextlib
from typing import Any

import keras
import numpy as np

__all__ = ["gradient", "gradients", "hessian", "value"]


def value(function: Any, x: Any) -> Any:
    """Evaluate a scalar function at `x`.

    Args:
        function: Function from a tensor of the shape of `x` to one number.
        x: NumPy array or nested list of floats, of any shape.

    Returns:
        NumPy array without axes, in the precision of `x`.

    Raises:
        ValueError: If `x` does not hold floats or `function` returns more than one
            number.

    Example:

    >>> print(value(lambda x: keras.ops.sum(x**2), [1.0, 2.0, 3.0]))
    14.0
    """
    return _run(_checked(function), x)


def gradient(function: Any, x: Any) -> Any:
    """Return the gradient of a scalar function at `x`.

    Args:
        function: Function from a tensor of the shape of `x` to one number.
        x: NumPy array or nested list of floats, of any shape.

    Returns:
        NumPy array with the shape and precision of `x`.

    Raises:
        ValueError: If `x` does not hold floats or `function` returns more than one
            number.

    Example:

    >>> print(gradient(lambda x: keras.ops.sum(x**2), [1.0, 2.0, 3.0]))
    [2. 4. 6.]
    """
    return _run(_gradient(_checked(function)), x)


def gradients(function: Any, tensors: Any) -> Any:
    """Return the gradients of a scalar function by several tensors, as tensors.

    It can be called while a program is traced, such as in `tf.vectorized_map` or
    `jax.vmap`.

    Args:
        function: Function from a list of tensors to one number.
        tensors: List of float tensors, where the gradients are taken.

    Returns:
        List of tensors with the shapes and types of `tensors`; 0 where `function` does
        not depend on one.

    Raises:
        ValueError: If `function` returns more than one number.

    Example:

    >>> x, y = keras.ops.array([1.0, 2.0]), keras.ops.array(3.0)
    >>> by_x, by_y = gradients(lambda t: keras.ops.sum(t[0]) * t[1], [x, y])
    >>> [float(each) for each in by_x], float(by_y)
    ([3.0, 3.0], 3.0)
    """
    return _gradients(_checked(function), list(tensors))


def hessian(function: Any, x: Any) -> Any:
    """Return the matrix of second derivatives of a scalar function at `x`.

    Args:
        function: Function from a tensor of the shape of `x` to one number.
        x: NumPy array or nested list of floats, of any shape.

    Returns:
        NumPy array in the precision of `x`; its shape is that of `x` twice, so that
        `hessian(function, x)[i, j]` is the derivative by `x[i]` and `x[j]`.

    Raises:
        ValueError: If `x` does not hold floats or `function` returns more than one
            number.

    Example:

    >>> print(hessian(lambda x: x[0] * x[1] ** 2, [1.0, 3.0]))
    [[0. 6.]
     [6. 2.]]
    """
    return _run(_hessian(_checked(function)), x)


def _checked(function):
    """Return `function` with its result as a tensor without axes, or say why not."""

    def scalar(x):
        result = keras.ops.convert_to_tensor(function(x))
        if len(result.shape):
            raise ValueError(
                "`function` must return one number: sum or average what it returns. "
                f"Received: shape {tuple(result.shape)}"
            )
        return result

    return scalar


def _gradient(function):
    return lambda x: _gradients(lambda tensors: function(tensors[0]), [x])[0]


def _gradients(function, tensors):
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        with tf.GradientTape() as tape:
            tape.watch(tensors)
            result = function(tensors)
        return tape.gradient(result, tensors, unconnected_gradients="zero")
    if keras.backend.backend() == "jax":
        import jax

        return jax.grad(function)(tensors)
    import torch

    # Unlike `torch.autograd.grad`, it takes functions that are constant, too.
    jacobian = torch.autograd.functional.jacobian
    return list(jacobian(lambda *each: function([*each]), tuple(tensors)))


def _hessian(function):
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        def hessian(x):
            with tf.GradientTape(persistent=True) as tape:
                tape.watch(x)
                first = _gradient(function)(x)
            # Not `tape.jacobian`, which traces itself anew, and warns, at every call.
            size = tf.size(x)
            unit_vectors = tf.reshape(tf.eye(size, dtype=x.dtype), (size, *x.shape))
            rows = [
                tape.gradient(first, x, unit, unconnected_gradients="zero")
                for unit in unit_vectors
            ]
            return tf.reshape(rows, (*x.shape, *x.shape))

        return hessian
    if keras.backend.backend() == "jax":
        import jax

        return jax.hessian(function)
    import torch

    return lambda x: torch.autograd.functional.hessian(function, x)


def _run(function, x):
    x = np.asarray(x)
    if not np.issubdtype(x.dtype, np.floating):
        raise ValueError(
            "`x` must hold floats: expected, for example, np.array([1.0, 2.0]). "
            f"Received: dtype {x.dtype}"
        )
    if keras.backend.backend() == "jax":
        import jax

        precision = jax.enable_x64(True)  # else JAX cuts float64 down to float32
    else:
        precision = contextlib.nullcontext()
    with precision:
        return keras.ops.convert_to_numpy(function(keras.ops.convert_to_tensor(x)))
