"""Random numbers: TensorFlow's generator is named in a stack, and draws the same."""

import functools

import keras
import numpy as np
import pytest

if keras.backend.backend() != "tensorflow":
    pytest.skip("TensorFlow's adapter", allow_module_level=True)

import tensorflow as tf

from study.lab.train.tensorflow import RANDOM, _stacked

SHAPE = (7, 5, 3)
DRAWS = (
    functools.partial(keras.random.uniform, SHAPE),
    functools.partial(keras.random.normal, SHAPE),
    functools.partial(keras.random.truncated_normal, SHAPE),
    functools.partial(keras.random.dropout, np.ones(SHAPE, "float32"), 0.4),
)
OTHERS = functools.partial(keras.random.dropout, np.ones(SHAPE), 0.4)  # float64
NAMES = [name for _, name, _ in RANDOM]
GENERATOR = keras.random.SeedGenerator(0)
STATES = np.array([[1, 7], [1, 8]], "uint32")


def drawing(draw):
    """Return the draw as a function of the generator's state."""

    def drawn(state):
        with keras.StatelessScope([(GENERATOR.state, state)]):
            return draw(seed=GENERATOR)

    return drawn


@pytest.mark.parametrize("jit", [False, pytest.param(True, marks=pytest.mark.slow)])
@pytest.mark.parametrize("draw", [*DRAWS, OTHERS], ids=[*NAMES, "float64"])
def test_a_stack_draws_what_keras_draws(draw, jit):
    compiled = functools.partial(tf.function, jit_compile=jit, autograph=False)
    alone = [compiled(drawing(draw))(tf.constant(each)) for each in STATES]
    stack = compiled(lambda states: _stacked(drawing(draw), states, jit))
    np.testing.assert_array_equal(stack(tf.constant(STATES)), np.stack(alone))
    assert not np.array_equal(*alone)


@pytest.mark.parametrize(
    ("draw", "place"), [*zip(DRAWS, RANDOM, strict=True)], ids=NAMES
)
def test_in_a_stack_every_draw_names_its_generator(draw, place, monkeypatch):
    module, name, generator = place
    original, asked = getattr(module, name), []

    def recorded(*arguments, **named):
        asked.append(named.get(generator))
        return original(*arguments, **named)

    monkeypatch.setattr(module, name, recorded)
    _stacked(drawing(draw), tf.constant(STATES), False)
    assert {*asked} == {"philox"}
    drawing(draw)(tf.constant(STATES[0]))
    assert asked[-1] is None
