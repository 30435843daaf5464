"""RandomElasticDistortion: sampling, statistics of displacements, training, saving."""

import keras
import numpy as np
import pytest
from autodiff import BACKEND, numpy
from compiling import JITS
from scipy.ndimage import map_coordinates

from study.augmentation import RandomElasticDistortion

RNG = np.random.default_rng(7)
SIGMAS = 5  # a right layer strays so far with one seed in a million


class Shifted(RandomElasticDistortion):
    """Displace every pixel by the same rows and columns."""

    by = (0.0, 0.0)

    def _displacements(self, shape):
        by = keras.ops.reshape(keras.ops.convert_to_tensor(self.by), (2, 1, 1, 1))
        return by * keras.ops.ones(shape)


def displacements(layer, shape):
    """Draw displacements, (rows or columns, example, height, width), as float64."""
    return numpy(layer._displacements((2, *shape)))


@pytest.mark.parametrize("by", [(1.0, 0.0), (0.0, -2.0), (-1.5, 0.25), (40.0, 3.0)])
@pytest.mark.parametrize("channels", [1, 3])
def test_pixels_are_read_between_pixels_and_are_0_outside_as_in_scipy(by, channels):
    images = RNG.normal(size=(3, 9, 6, channels)).astype("float32")
    layer = Shifted()
    layer.by = by
    bent = numpy(layer(images, training=True))
    places = np.mgrid[:9, :6] + np.reshape(by, (2, 1, 1))
    for example in range(3):
        for channel in range(channels):
            wanted = map_coordinates(
                images[example, :, :, channel], places, order=1, mode="grid-constant"
            )
            found = bent[example, :, :, channel]
            np.testing.assert_allclose(found, wanted, atol=1e-5)


def test_each_example_is_bent_by_its_own_displacements():
    images = RNG.normal(size=(3, 11, 8, 2)).astype("float32")
    layer, again = (
        RandomElasticDistortion(alpha=8.0, sigma=2.0, seed=3) for _ in range(2)
    )
    bent = numpy(layer(images, training=True))
    moves = displacements(again, (3, 11, 8))
    for example in range(3):
        places = np.mgrid[:11, :8] + moves[:, example]
        for channel in range(2):
            wanted = map_coordinates(
                images[example, :, :, channel], places, order=1, mode="grid-constant"
            )
            found = bent[example, :, :, channel]
            np.testing.assert_allclose(found, wanted, atol=1e-4)
    assert abs(moves[:, 0] - moves[:, 1]).max() > 0.1


@pytest.mark.parametrize(("alpha", "sigma"), [(34.0, 4.0), (10.0, 1.5)])
def test_displacements_have_the_spread_and_the_smoothness_of_the_docstring(
    alpha, sigma
):
    layer = RandomElasticDistortion(alpha=alpha, sigma=sigma, seed=5)
    n = 600
    # The middle of 600 images: independent draws of both directions.
    moves = displacements(layer, (n, 41, 43))[:, :, 20, 18:24]
    stddev = alpha / (sigma * np.sqrt(12 * np.pi))
    here, there = moves[..., 0], moves[..., 3]
    # Of 2 n normal numbers the sd strays by sd / √(4 n), a correlation by 1 / √(2 n).
    assert here.std() == pytest.approx(stddev, rel=SIGMAS / np.sqrt(4 * n))
    assert abs(here.mean()) < SIGMAS * stddev / np.sqrt(2 * n)
    correlation = np.corrcoef(here.ravel(), there.ravel())[0, 1]
    wanted = np.exp(-(3**2) / (4 * sigma**2))
    assert correlation == pytest.approx(wanted, abs=SIGMAS / np.sqrt(2 * n))
    across = np.corrcoef(here[0], here[1])[0, 1]
    assert abs(across) < SIGMAS / np.sqrt(n)


def test_a_constant_image_stays_constant_where_no_edge_is_near():
    bent = numpy(
        RandomElasticDistortion(seed=1)(np.ones((5, 40, 44, 1)), training=True)
    )
    np.testing.assert_allclose(bent[:, 12:-12, 12:-12], 1, rtol=1e-5)
    assert bent.min() >= -1e-6
    assert bent.max() <= 1 + 1e-5


@pytest.mark.parametrize("training", [False, True])
def test_alpha_0_and_inference_change_nothing_to_the_bit(training):
    images = RNG.normal(size=(3, 9, 6, 2)).astype("float32")
    layer = RandomElasticDistortion(alpha=0.0 if training else 34.0, seed=1)
    bent = keras.ops.convert_to_numpy(layer(images, training=training))
    assert (bent == images).all()


def test_alpha_and_sigma_are_attributes_that_the_call_reads():
    images = RNG.normal(size=(2, 9, 6, 1)).astype("float32")
    layer = RandomElasticDistortion(alpha=5.0, sigma=1.5, seed=2)
    wanted = numpy(
        RandomElasticDistortion(alpha=8.0, sigma=3.0, seed=2)(images, training=True)
    )
    layer.alpha, layer.sigma = (
        keras.ops.convert_to_tensor(each) for each in (8.0, 3.0)
    )
    np.testing.assert_allclose(numpy(layer(images, training=True)), wanted, atol=1e-5)


def test_seeds_decide_the_displacements():
    images = RNG.normal(size=(2, 9, 6, 1)).astype("float32")
    one, same, other = (RandomElasticDistortion(seed=seed) for seed in (1, 1, 2))
    first = numpy(one(images, training=True))
    assert (first == numpy(same(images, training=True))).all()
    assert not (first == numpy(other(images, training=True))).all()
    assert not (first == numpy(one(images, training=True))).all()


@pytest.mark.slow
@pytest.mark.parametrize("jit", [False] if BACKEND == "torch" else [False, True])
def test_in_fit_every_image_stays_itself(jit):
    """Where Keras's own layer hands distortions of the first image on."""
    levels = np.arange(1.0, 14.0)
    images = np.zeros((13, 20, 22, 1))
    images[:, 5:15, 5:17] = levels[:, None, None, None]
    model = keras.Sequential(
        [
            keras.Input((20, 22, 1)),
            RandomElasticDistortion(alpha=10.0, sigma=3.0, seed=1),
            keras.layers.GlobalMaxPooling2D(),
            keras.layers.Dense(1, use_bias=False, kernel_initializer="ones"),
        ]
    )
    model.compile(keras.optimizers.SGD(0.0), "mean_squared_error", jit_compile=jit)
    history = model.fit(images, levels, batch_size=5, epochs=2, verbose=0)
    np.testing.assert_allclose(history.history["loss"], 0, atol=1e-6)


def test_half_precision_moves_pixels_as_single_precision_does():
    images = RNG.uniform(size=(2, 19, 16, 1)).astype("float32")
    layer = RandomElasticDistortion(seed=4, dtype="mixed_float16")
    bent = layer(images, training=True)
    assert keras.backend.standardize_dtype(bent.dtype) == "float16"
    wanted = numpy(RandomElasticDistortion(seed=4)(images, training=True))
    np.testing.assert_allclose(numpy(bent), wanted, atol=2**-9)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"alpha": -1}, r"`alpha` .*from 0 up\. Received: alpha=-1"),
        ({"alpha": float("inf")}, r"`alpha` .*finite.*alpha=inf"),
        ({"sigma": 0}, r"`sigma` .*above 0\. Received: sigma=0"),
        ({"sigma": float("nan")}, r"`sigma` .*Received: sigma=nan"),
    ],
)
def test_arguments_out_of_range_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        RandomElasticDistortion(**arguments)


def test_images_of_unknown_size_are_refused():
    message = r"known height, width.*Received: input_shape=\(None, None, 8, 1\)"
    with pytest.raises(ValueError, match=message):
        RandomElasticDistortion()(keras.Input((None, 8, 1)))


@pytest.mark.skipif(BACKEND != "tensorflow", reason="the fault is TensorFlow's alone")
def test_keras_own_elastic_layer_still_hands_the_first_image_on():
    """Why this layer exists. Should this fail, Keras's has been mended: use that."""
    levels = np.arange(1.0, 14.0)  # batches of 5, 5 and 3
    images = np.ones((13, 20, 22, 1)) * levels[:, None, None, None]
    elastic = keras.layers.RandomElasticTransform((1.0, 1.0), value_range=(0, 99))
    model = keras.Sequential(
        [
            keras.Input((20, 22, 1)),
            elastic,
            keras.layers.GlobalMaxPooling2D(),
            keras.layers.Dense(1, use_bias=False, kernel_initializer="ones"),
        ]
    )
    model.compile(keras.optimizers.SGD(0.0), "mse", jit_compile=JITS)
    loss = model.fit(images, levels, batch_size=5, shuffle=False, verbose=0)
    first = np.repeat([1, 6, 11], 5)[:13]
    assert loss.history["loss"][0] == pytest.approx(((levels - first) ** 2).mean())


@pytest.mark.parametrize("training", [True, False])
def test_bytes_of_pixels_are_cast_as_keras_layers_of_images_cast_them(training):
    images = np.random.default_rng(1).integers(256, size=(2, 8, 8, 1)).astype("uint8")
    bytes_, floats = (
        RandomElasticDistortion(alpha=4.0, sigma=2.0, seed=3) for _ in range(2)
    )
    outputs = bytes_(images, training=training)
    assert keras.backend.standardize_dtype(outputs.dtype) == "float32"
    wanted = numpy(floats(images.astype("float32"), training=training))
    np.testing.assert_array_equal(numpy(outputs), wanted)


def test_pixels_of_double_precision_keep_their_digits():
    if keras.backend.result_type("float64", "float64") != "float64":
        pytest.skip("Keras computes float64 in float32 on this backend")
    images = np.full((1, 9, 9, 1), 1 + 1e-10)
    layer = RandomElasticDistortion(alpha=0.0, sigma=2.0, seed=3, dtype="float64")
    np.testing.assert_array_equal(numpy(layer(images, training=True)), images)
