"""What is computed once: the 1 that XLA cannot know, and the programs made of it."""

import functools

import keras
import numpy as np
import pytest

if keras.backend.backend() != "tensorflow":
    pytest.skip("TensorFlow's adapter", allow_module_level=True)

import tensorflow as tf

from study.lab.train.once import one
from study.lab.train.tensorflow import Stack
from study.layers import Dropout

NUMBERS = (0.0, -0.0, 1.0, -3.5, 1e-45, 3e38, np.inf, -np.inf, np.nan)
BATCH, WIDTH = 8, 48


@pytest.mark.parametrize(
    "dtype", ["float16", "bfloat16", "float32", "float64", "int64", "int32"]
)
@pytest.mark.usual("float16", "int32")
def test_one_is_1_whatever_it_seems_to_follow_from(dtype):
    numbers = NUMBERS if "float" in dtype else (0, 1, -1, 2**31 - 1, -(2**31))
    for number in numbers:
        tensor = tf.cast(tf.constant([[number, 7]], "float64"), dtype)
        assert one(tensor).numpy() == 1.0
        assert tf.function(one, jit_compile=True)(tensor).numpy() == 1.0


@functools.cache
def body(momentum):
    """Return the lines of the compiled loop in which one run is trained."""
    model = keras.Sequential(
        [
            keras.Input((WIDTH,)),
            keras.layers.Dense(WIDTH, "relu"),
            keras.layers.Dense(WIDTH, "relu"),
            Dropout(0.5, seed=1),
            keras.layers.Dense(10, "softmax"),
        ]
    )
    optimizer = keras.optimizers.SGD(0.1, momentum=momentum)
    optimizer.build(model.trainable_variables)
    stack = Stack(model, optimizer, "sparse_categorical_crossentropy", jit=True)
    values = (
        model.trainable_variables,
        model.non_trainable_variables,
        optimizer.variables,
        [],
    )
    state = tuple([np.asarray(each)[None] for each in part] for part in values)
    numbers = [np.float32([each.value]) for each in stack.network.numbers]
    state = stack.place((*state[:3], numbers))
    x, y = tf.zeros((20, WIDTH)), tf.zeros((20,), tf.int32)
    batches = tf.zeros((4, 1, BATCH), tf.int32)
    text = stack._steps.experimental_get_compiler_ir(
        state, x, y, batches, tf.constant(4)
    )(stage="optimized_hlo")
    whole = text.split("\n\n")
    return max((each for each in whole if "while_body" in each), key=len).splitlines()


@pytest.mark.parametrize("momentum", [0.0, 0.9])
@pytest.mark.usual("0.9")
def test_no_step_of_one_run_copies_weights_or_velocities(momentum):
    lines = body(momentum)
    made = [each for each in lines if f"= f32[{WIDTH},{WIDTH}]" in each]
    assert any(" fusion(" in each for each in made)
    assert [each for each in made if " copy(" in each] == []


def test_a_mask_is_drawn_once_and_read_on_the_way_back():
    lines = body(0.0)
    # What of a block each number takes is known beforehand.
    place = next(each for each in lines if f"= pred[{BATCH * WIDTH}]" in each).split()[
        0
    ]
    assert sum(f"{place})" in each or f"{place}," in each for each in lines) == 1
