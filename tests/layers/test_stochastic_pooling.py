"""StochasticPooling2D: what is drawn, how often, and what inference gives instead."""

import keras
import numpy as np
import pytest
from layer_checks import SIGMAS, draw_inputs, numpy, outputs_and_gradients

from study.layers import StochasticPooling2D

settings = pytest.mark.parametrize(
    ("pool_size", "strides", "padding", "shape"),
    [
        (2, None, "valid", (5, 7)),  # a row and a column are left out
        (3, 2, "valid", (7, 9)),  # the paper's: regions overlap
        (3, 2, "same", (6, 9)),
        ((2, 3), (1, 4), "same", (5, 6)),
        ((3, 1), (2, 3), "valid", (6, 7)),  # columns are skipped
    ],
)


def images(*shape):
    """Images with zeros, ties excluded, as after a ReLU."""
    values = np.random.default_rng(0).normal(size=shape)
    return np.maximum(values, 0).astype("float32")


def regions(x, layer):
    """List ((row, column), entries) of one image's channel, by Keras's rules."""
    (height, width), (down, right) = layer.pool_size, layer.strides
    rows, columns = x.shape
    top = left = 0
    if layer.padding == "same":
        counts = -(-rows // down), -(-columns // right)
        top = max((counts[0] - 1) * down + height - rows, 0) // 2
        left = max((counts[1] - 1) * right + width - columns, 0) // 2
    else:
        counts = (rows - height) // down + 1, (columns - width) // right + 1
    for i in range(counts[0]):
        for j in range(counts[1]):
            a, b = i * down - top, j * right - left
            part = x[max(a, 0) : a + height, max(b, 0) : b + width]
            yield (i, j), part.ravel()


@settings
def test_inference_weighs_each_entry_by_its_share(pool_size, strides, padding, shape):
    x = images(3, *shape, 2)
    layer = StochasticPooling2D(pool_size, strides, padding)
    outputs = numpy(layer(x))
    for n in range(3):
        for c in range(2):
            for (i, j), a in regions(x[n, :, :, c], layer):
                expected = (a**2).sum() / a.sum() if a.any() else 0
                assert outputs[n, i, j, c] == pytest.approx(expected, rel=1e-5)


@settings
def test_training_draws_an_entry_of_the_region(pool_size, strides, padding, shape):
    x = images(3, *shape, 2)
    layer = StochasticPooling2D(pool_size, strides, padding, seed=1)
    outputs = numpy(layer(x, training=True))
    for n in range(3):
        for c in range(2):
            for (i, j), a in regions(x[n, :, :, c], layer):
                positive = a[a > 0]
                assert outputs[n, i, j, c] in (positive if a.any() else [0])


def test_each_entry_is_drawn_with_its_share_and_a_zero_never():
    entries = np.array([0, 4, 1, 0, 2, 3], "float32")
    n = 20_000
    x = np.tile(entries.reshape(1, 2, 3, 1), (n, 1, 1, 1))
    layer = StochasticPooling2D((2, 3), seed=2)
    drawn = numpy(layer(x, training=True)).ravel()
    for entry in entries:
        share = entry / entries.sum()
        error = np.sqrt(share * (1 - share) / n)
        assert abs((drawn == entry).mean() - share * (entry > 0)) <= SIGMAS * error


def test_inference_is_the_mean_of_training():
    n, x = 2_000, images(1, 5, 5, 3)
    layer = StochasticPooling2D(3, strides=2, seed=3)
    drawn = numpy(layer(np.repeat(x, n, axis=0), training=True))
    error = drawn.std(axis=0) / np.sqrt(n) + 1e-6  # where there is nothing to draw
    assert (abs(drawn.mean(axis=0) - numpy(layer(x))[0]) < SIGMAS * error).all()


def test_examples_channels_regions_and_calls_draw_on_their_own():
    x = np.tile(np.array([[1, 2], [3, 4]], "float32")[None, :, :, None], (31, 8, 8, 7))
    layer = StochasticPooling2D(seed=4)
    first, second = (numpy(layer(x, training=True)) for _ in range(2))
    for one, other in (
        (first, second),
        (first[0], first[1]),
        (first[..., 0], first[..., 1]),
        (first[:, 0], first[:, 1]),
    ):
        # Two draws agree with probability (1 + 4 + 9 + 16) / 100.
        agree, error = (one == other).mean(), np.sqrt(0.3 * 0.7 / one.size)
        assert abs(agree - 0.3) < SIGMAS * error


def test_a_seed_tells_the_draws_of_all_calls():
    x = images(3, 6, 6, 5)
    one, same, other = (StochasticPooling2D(seed=seed) for seed in (5, 5, 6))
    for _ in range(3):
        drawn = numpy(one(x, training=True))
        np.testing.assert_array_equal(drawn, numpy(same(x, training=True)))
        assert not np.array_equal(drawn, numpy(other(x, training=True)))


@pytest.mark.parametrize("training", [True, False])
def test_a_region_of_zeros_gives_zero_and_a_finite_gradient(training):
    x = np.zeros((2, 5, 5, 1), "float32")
    layer = StochasticPooling2D(3, strides=2)
    layer.build(x.shape)
    outputs, (gradient,) = outputs_and_gradients(layer, x, training)
    assert not outputs.any()
    assert not gradient.any()


def test_the_gradient_goes_to_the_entry_drawn_and_to_no_other():
    x = images(3, 6, 6, 2) + draw_inputs(3, 6, 6, 2) ** 2  # no zeros, no ties
    layer = StochasticPooling2D(seed=7)
    layer.build(x.shape)
    outputs, (gradient,) = outputs_and_gradients(layer, x, training=True)
    drawn = x == np.repeat(np.repeat(outputs, 2, axis=1), 2, axis=2)
    assert drawn.sum() == outputs.size
    np.testing.assert_array_equal(gradient, drawn)


@pytest.mark.parametrize("training", [True, False])
def test_negative_entries_count_as_zero(training):
    x = np.random.default_rng(0).normal(size=(3, 6, 6, 2)).astype("float32")
    one, other = (StochasticPooling2D(seed=8) for _ in range(2))
    np.testing.assert_array_equal(
        numpy(one(x, training=training)),
        numpy(other(np.maximum(x, 0), training=training)),
    )


@pytest.mark.parametrize("training", [True, False])
def test_one_entry_above_zero_makes_it_keras_max_pooling(training):
    x = np.zeros((3, 8, 8, 2), "float32")
    x[:, 1::4, ::3] = images(3, 2, 3, 2) + 1  # at most one in a region of 2 by 2
    layer = StochasticPooling2D(padding="same")
    expected = numpy(keras.layers.MaxPooling2D(padding="same")(x))
    np.testing.assert_allclose(numpy(layer(x, training=training)), expected, rtol=1e-6)


@pytest.mark.parametrize("training", [True, False])
def test_equal_entries_make_it_keras_average_pooling(training):
    x = np.repeat(np.repeat(images(3, 4, 3, 2), 2, axis=1), 2, axis=2)
    expected = numpy(keras.layers.AveragePooling2D(2)(x))
    outputs = numpy(StochasticPooling2D()(x, training=training))
    np.testing.assert_allclose(outputs, expected, rtol=1e-6)


@settings
def test_shapes_are_those_of_keras_max_pooling(pool_size, strides, padding, shape):
    x = images(3, *shape, 2)
    twin = keras.layers.MaxPooling2D(pool_size, strides, padding)
    layer = StochasticPooling2D(pool_size, strides, padding)
    assert layer(x).shape == twin(x).shape
    symbolic = (None, *shape, 2)
    assert layer.compute_output_shape(symbolic) == twin.compute_output_shape(symbolic)


@settings
def test_channels_first_is_the_same_pooling(pool_size, strides, padding, shape):
    x = images(3, *shape, 2)
    turned = np.moveaxis(x, -1, 1)
    last, first = (
        StochasticPooling2D(pool_size, strides, padding, data_format=data_format)
        for data_format in ("channels_last", "channels_first")
    )
    expected = np.moveaxis(numpy(last(x)), -1, 1)
    np.testing.assert_array_equal(numpy(first(turned)), expected)
    assert first.compute_output_shape(turned.shape) == expected.shape
    assert first(turned, training=True).shape == expected.shape


@pytest.mark.parametrize("training", [True, False])
def test_sums_beyond_half_precision_do_no_harm(training):
    x = np.full((2, 3, 3, 1), 60_000, "float16")
    outputs = StochasticPooling2D(3, dtype="mixed_float16")(x, training=training)
    assert (numpy(outputs) == np.float16(60_000)).all()


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_diverged_network_does_not_look_like_a_dead_one(training, value):
    x = np.ones((1, 2, 4, 1), "float32")
    x[0, 0, 0, 0] = value
    outputs = numpy(StochasticPooling2D()(x, training=training))[0, 0, :, 0]
    assert not np.isfinite(outputs[0])
    assert outputs[1] == 1


@pytest.mark.parametrize("name", ["pool_size", "strides"])
@pytest.mark.parametrize("value", [0, -1, (2, 0), (2, 2, 2), 2.5, (1.5, 2)])
def test_sizes_that_are_no_counts_are_refused(name, value):
    message = rf"`{name}` counts rows and columns: .*Received: {name}="
    with pytest.raises(ValueError, match=message):
        StochasticPooling2D(**{name: value})


def test_an_unknown_padding_is_refused():
    with pytest.raises(ValueError, match=r"'valid' or 'same'. .*padding='full'"):
        StochasticPooling2D(padding="full")


def test_an_unknown_data_format_is_refused():
    with pytest.raises(ValueError, match=r"'channels_first' or None.*'sideways'"):
        StochasticPooling2D(data_format="sideways")


def test_images_of_unknown_size_are_refused():
    with pytest.raises(ValueError, match=r"known rows and columns.*None, None, 3\)"):
        StochasticPooling2D()(keras.Input((None, None, 3)))


def test_images_smaller_than_a_region_are_refused():
    with pytest.raises(ValueError, match=r"No region fits: .*\(3, 3\).*2, 5, 1\)"):
        StochasticPooling2D(3)(keras.Input((2, 5, 1)))
