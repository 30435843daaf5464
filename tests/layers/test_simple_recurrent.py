"""SimpleRecurrent: its equation, masks, and its Keras twin."""

import keras
import numpy as np
import pytest
from compiling import JITS
from feeding import batches
from layer_checks import draw_inputs, numpy

from study.layers import SimpleRecurrent


def pair(units, features, steps, **options):
    """Our layer and Keras's with equal weights."""
    ours = SimpleRecurrent(units, bias_initializer="random_normal", **options)
    twin = keras.layers.SimpleRNN(units, **options)
    for layer in (ours, twin):
        layer.build((None, steps, features))
    twin.set_weights(ours.get_weights())
    return ours, twin


@pytest.mark.parametrize("steps", [1, 6])
def test_each_state_follows_from_the_step_and_the_state_before(steps):
    x = draw_inputs(3, steps, 5)
    layer = SimpleRecurrent(
        4, "sigmoid", return_sequences=True, bias_initializer="random_normal"
    )
    outputs = numpy(layer(x))
    kernel, recurrent_kernel, bias = (numpy(each) for each in layer.weights)
    h = np.zeros((3, 4))
    for t in range(steps):
        h = 1 / (1 + np.exp(-(x[:, t] @ kernel + h @ recurrent_kernel + bias)))
        np.testing.assert_allclose(outputs[:, t], h, rtol=1e-5)
    last = SimpleRecurrent(4, "sigmoid")
    last.build(x.shape)
    last.set_weights(layer.get_weights())
    np.testing.assert_allclose(numpy(last(x)), h, rtol=1e-5)


@pytest.mark.parametrize("return_sequences", [True, False])
@pytest.mark.parametrize("use_bias", [True, False])
def test_outputs_are_those_of_keras_simple_rnn(return_sequences, use_bias):
    x = draw_inputs(3, 6, 5)
    options = {"return_sequences": return_sequences, "use_bias": use_bias}
    ours, twin = pair(4, 5, 6, **options)
    np.testing.assert_allclose(numpy(ours(x)), numpy(twin(x)), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("return_sequences", [True, False])
def test_masked_steps_keep_the_state_as_in_keras(return_sequences):
    x = draw_inputs(4, 6, 5)
    mask = np.ones((4, 6), bool)
    mask[0, 4:] = mask[1, :2] = mask[2, 3] = False
    ours, twin = pair(4, 5, 6, return_sequences=return_sequences)
    np.testing.assert_allclose(
        numpy(ours(x, mask=mask)), numpy(twin(x, mask=mask)), rtol=1e-5, atol=1e-6
    )
    if return_sequences:
        outputs = numpy(ours(x, mask=mask))
        assert not outputs[1, :2].any()  # nothing came yet
        np.testing.assert_array_equal(outputs[2, 3], outputs[2, 2])


@pytest.mark.slow
def test_it_trains_as_keras_simple_rnn_does_over_100_steps():
    x, y = draw_inputs(50, 4, 5), draw_inputs(50, 3)
    models = [keras.Sequential([keras.Input((4, 5)), each]) for each in pair(3, 5, 4)]
    for model in models:
        model.compile(keras.optimizers.SGD(0.1), "mse", jit_compile=JITS)
        model.fit(**batches(x, y, 5), epochs=10, verbose=0)
    for ours, twin in zip(*(model.get_weights() for model in models), strict=True):
        np.testing.assert_allclose(ours, twin, rtol=1e-3, atol=1e-4)


def test_initializers_are_those_of_keras_simple_rnn():
    ours = SimpleRecurrent(3).get_config()
    twin = keras.layers.SimpleRNN(3).get_config()
    for name in ("kernel", "recurrent", "bias"):
        ours_class, twin_class = (
            config[f"{name}_initializer"]["class_name"] for config in (ours, twin)
        )
        assert ours_class == twin_class
    assert ours["activation"] == twin["activation"]


@pytest.mark.parametrize("units", [0, -1, 2.5])
def test_a_size_that_is_no_count_is_refused(units):
    with pytest.raises(ValueError, match=f"positive integer. Received: units={units}"):
        SimpleRecurrent(units)


def test_an_unknown_number_of_steps_is_refused():
    with pytest.raises(ValueError, match=r"known number of them.*None, None, 5\)"):
        SimpleRecurrent(3)(keras.Input((None, 5)))


@pytest.mark.parametrize("return_sequences", [True, False])
def test_going_backwards_gives_the_states_of_keras(return_sequences):
    options = {"return_sequences": return_sequences, "go_backwards": True}
    ours, twin = pair(4, 5, 6, **options)
    x = draw_inputs(3, 6, 5)
    np.testing.assert_allclose(numpy(ours(x)), numpy(twin(x)), rtol=1e-5, atol=1e-6)
    mask = np.arange(6) < np.array([[6], [4], [1]])
    np.testing.assert_allclose(
        numpy(ours(x, mask=mask)), numpy(twin(x, mask=mask)), rtol=1e-5, atol=1e-6
    )


@pytest.mark.parametrize("return_sequences", [True, False])
@pytest.mark.parametrize("merge_mode", ["concat", "sum"])
def test_it_goes_both_ways_as_keras_simple_rnn_does(merge_mode, return_sequences):
    ours, twin = (
        keras.layers.Bidirectional(
            kind(4, return_sequences=return_sequences), merge_mode=merge_mode
        )
        for kind in (SimpleRecurrent, keras.layers.SimpleRNN)
    )
    x = draw_inputs(3, 6, 5)
    for layer in (ours, twin):
        layer.build(x.shape)
    ours.set_weights(twin.get_weights())
    np.testing.assert_allclose(numpy(ours(x)), numpy(twin(x)), rtol=1e-5, atol=1e-6)
    again = keras.layers.Bidirectional.from_config(ours.get_config())
    assert again.backward_layer.go_backwards


def test_weights_are_regularized_and_constrained_as_in_keras():
    parts = ("kernel", "recurrent", "bias")
    options = {f"{part}_regularizer": keras.regularizers.L2(0.5) for part in parts}
    options |= {f"{part}_constraint": "non_neg" for part in parts}
    ours, twin = pair(4, 5, 6, **options)
    x = draw_inputs(3, 6, 5)
    for layer in (ours, twin):
        layer(x)
    theirs = [float(each) for each in twin.losses]
    assert sorted(map(float, ours.losses)) == pytest.approx(sorted(theirs), rel=1e-5)
    assert len(ours.losses) == 3
    assert all(type(each.constraint).__name__ == "NonNeg" for each in ours.weights)
    again = SimpleRecurrent.from_config(ours.get_config())
    assert again.get_config() == ours.get_config()


def test_outputs_are_regularized():
    """Keras's `SimpleRNN` takes the argument and forgets it (3.15.1)."""
    layer = SimpleRecurrent(4, activity_regularizer=keras.regularizers.L1(0.25))
    outputs = numpy(layer(draw_inputs(3, 6, 5)))
    assert float(layer.losses[0]) == pytest.approx(0.25 * abs(outputs).sum() / 3)
    assert "activity_regularizer" in layer.get_config()


def test_a_start_other_than_0_is_refused():
    layer = SimpleRecurrent(3)
    with pytest.raises(ValueError, match=r"no `initial_state`.*keras\.layers\.Simple"):
        layer(draw_inputs(2, 4, 5), initial_state=np.ones((2, 3), "float32"))
