"""What tests of several layers share: values, gradients, and their comparison."""

import keras
import numpy as np
import pytest

SIGMAS = 5  # a right layer strays so far with one seed in a million


def numpy(tensor):
    return keras.ops.convert_to_numpy(tensor)


def draw_inputs(*shape):
    return np.random.default_rng(0).normal(size=shape).astype("float32")


def outputs_and_gradients(layer, x, training, direction=None):
    """Call a built layer without changing it, and differentiate a sum of its outputs.

    Returns the outputs, and the gradients of `sum(direction * outputs)` by the
    trainable weights and, last, by the inputs. The seed stays, and so do the masks.
    """
    arrays = [numpy(each) for each in (*layer.trainable_variables, x)]
    state = [numpy(each) for each in layer.non_trainable_variables]
    outputs = _outputs(layer, arrays, state, training)
    if direction is None:
        direction = np.ones(outputs.shape)
    direction = keras.ops.cast(direction, outputs.dtype)

    def loss(tensors):
        return keras.ops.sum(direction * _outputs(layer, tensors, state, training))

    return numpy(outputs), [numpy(each) for each in _gradients(loss, arrays)]


def check_gradients(layer, x, training, step=1e-6):
    """Compare gradients with central differences, masks frozen, in float64.

    Each weight, and the inputs, are moved along a random direction, across which no
    error lies but by chance.
    """
    if keras.backend.result_type("float64", "float64") != "float64":
        pytest.skip("Keras computes float64 in float32 on this backend")
    random = np.random.default_rng(0)
    arrays = [numpy(each) for each in (*layer.trainable_variables, x)]
    state = [numpy(each) for each in layer.non_trainable_variables]
    shape = _outputs(layer, arrays, state, training).shape
    direction = random.normal(size=shape)
    _, gradients = outputs_and_gradients(layer, x, training, direction)
    for place, gradient in enumerate(gradients):
        way, values = random.normal(size=gradient.shape), []
        for sign in (1, -1):
            moved = list(arrays)
            moved[place] = arrays[place] + sign * step * way
            outputs = numpy(_outputs(layer, moved, state, training))
            values.append((direction * outputs).sum())
        slope = (values[0] - values[1]) / (2 * step)
        # Values of up to 100, rounded to 1e-16 of that, divided by the step.
        assert (gradient * way).sum() == pytest.approx(slope, rel=1e-6, abs=1e-7)


def _outputs(layer, tensors, state, training):
    *trainable, x = map(keras.ops.convert_to_tensor, tensors)
    state = [keras.ops.convert_to_tensor(each) for each in state]
    options = {"training": training} if layer._call_has_training_arg else {}
    return layer.stateless_call(trainable, state, x, **options)[0]


def _gradients(loss, arrays):
    """Differentiate with the means of the backend at hand."""
    tensors = [keras.ops.convert_to_tensor(each) for each in arrays]
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        with tf.GradientTape() as tape:
            tape.watch(tensors)
            value = loss(tensors)
        return tape.gradient(value, tensors, unconnected_gradients="zero")
    if keras.backend.backend() == "jax":
        import jax

        return jax.grad(loss)(tensors)
    import torch

    tensors = [each.detach().requires_grad_() for each in tensors]
    return torch.autograd.grad(
        loss(tensors), tensors, allow_unused=True, materialize_grads=True
    )
