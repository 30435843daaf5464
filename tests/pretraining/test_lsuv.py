"""lsuv: unit variance, orthonormal kernels, what it leaves alone, refusals."""

import keras
import numpy as np
import pytest
from compiling import JITS

from study.pretraining import lsuv

X = np.random.default_rng(1).normal(2.0, 3.0, (157, 23)).astype("float32")
IMAGES = np.random.default_rng(2).random((33, 12, 10, 2)).astype("float32")
ACTIVATIONS = {"tanh": np.tanh, "relu": lambda inputs: np.maximum(inputs, 0)}


def dense(*units, activation="relu", **arguments):
    layers = [keras.layers.Dense(each, activation, **arguments) for each in units]
    return keras.Sequential([keras.Input((23,)), *layers])


def convolutional():
    layers = [
        keras.layers.Conv2D(7, (3, 2), activation="relu"),
        keras.layers.MaxPooling2D(2),
        keras.layers.Conv2D(5, 3, strides=2, padding="same", activation="tanh"),
        keras.layers.Flatten(),
        keras.layers.Dense(4, "softmax"),
    ]
    return keras.Sequential([keras.Input((12, 10, 2)), *layers])


def kernel(layer):
    return keras.ops.convert_to_numpy(layer.kernel)


def walked(model, x, activation):
    """The variance of each Dense layer before its activation, by NumPy."""
    variances = []
    for layer in model.layers:
        weights = [keras.ops.convert_to_numpy(each) for each in layer.weights]
        outputs = x @ weights[0] + (weights[1] if layer.use_bias else 0)
        variances.append(outputs.var())
        x = ACTIVATIONS[activation](outputs)
    return variances


@pytest.mark.parametrize("activation", ["tanh", "relu"])
@pytest.mark.parametrize("use_bias", [True, False])
@pytest.mark.usual("True-tanh", "False-relu")
def test_every_layer_of_a_deep_network_gets_unit_variance(activation, use_bias):
    model = dense(*[31] * 12, activation=activation, use_bias=use_bias)
    before = walked(model, X, activation)
    variances = lsuv(model, X, seed=1)
    assert list(variances) == [layer.name for layer in model.layers]
    np.testing.assert_allclose(
        list(variances.values()),
        np.transpose([before, walked(model, X, activation)]),
        rtol=1e-4,
    )
    now = [each for _, each in variances.values()]
    # Without biases outputs are linear in the kernel: one scaling is exact.
    np.testing.assert_allclose(now, 1, rtol=1e-4)


def test_convolutional_layers_get_unit_variance():
    model = convolutional()
    variances = lsuv(model, IMAGES, seed=1)
    names = [model.layers[index].name for index in (0, 2, 4)]
    assert list(variances) == names
    np.testing.assert_allclose([now for _, now in variances.values()], 1, rtol=1e-4)
    # The first layer again, by hand: a convolution is a product with each patch.
    patches = np.lib.stride_tricks.sliding_window_view(IMAGES, (3, 2), axis=(1, 2))
    outputs = np.einsum("bxychw,hwco->bxyo", patches, kernel(model.layers[0]))
    assert outputs.var() == pytest.approx(1, rel=1e-4)


@pytest.mark.parametrize("make", [lambda: dense(40, 17, 17), convolutional])
def test_kernels_are_orthonormal_up_to_their_scale(make):
    model = make()
    lsuv(model, IMAGES if len(model.input_shape) > 2 else X, seed=1)
    kernels = [kernel(layer) for layer in model.layers if hasattr(layer, "kernel")]
    assert len(kernels) == 3
    for each in kernels:
        flat = each.reshape(-1, each.shape[-1])
        flat = flat if flat.shape[0] >= flat.shape[1] else flat.T
        products = flat.T @ flat
        scale = products[0, 0]
        assert scale > 0
        wanted = scale * np.eye(len(products))
        np.testing.assert_allclose(products, wanted, atol=1e-5 * scale)


def test_activations_are_left_out_of_the_measure_and_come_back():
    inside = dense(9, 9, activation="relu")
    beside = keras.Sequential(
        [
            keras.Input((23,)),
            keras.layers.Dense(9),
            keras.layers.ReLU(),
            keras.layers.Dense(9),
            keras.layers.ReLU(),
        ]
    )
    layer = keras.layers.ReLU()
    as_layers = dense(9, 9, activation=layer)
    for model in (inside, beside, as_layers):
        lsuv(model, X, seed=1)
    for one, *others in zip(
        inside.get_weights(), beside.get_weights(), as_layers.get_weights(), strict=True
    ):
        np.testing.assert_allclose(others, [one, one], rtol=1e-5)
    assert inside.layers[0].activation is keras.activations.relu
    assert as_layers.layers[0].activation is layer
    for model in (inside, as_layers):
        outputs = keras.ops.convert_to_numpy(model(X))
        np.testing.assert_allclose(
            outputs, keras.ops.convert_to_numpy(beside(X)), rtol=1e-4, atol=1e-5
        )


def test_a_model_that_was_started_can_be_trained_and_saved(tmp_path):
    model = dense(9, 1, activation=keras.layers.ReLU())
    lsuv(model, X, seed=1)
    model.compile("sgd", "mse", jit_compile=JITS)
    model.fit(X, X[:, 0], epochs=1, verbose=0)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    outputs = [keras.ops.convert_to_numpy(each(X)) for each in (model, loaded)]
    np.testing.assert_allclose(*outputs, rtol=1e-6)


def test_biases_and_other_layers_stay_as_they_are():
    batch = keras.layers.BatchNormalization()
    model = keras.Sequential(
        [
            keras.Input((23,)),
            keras.layers.Dense(9, bias_initializer="random_normal"),
            batch,
            keras.layers.Dense(4),
        ]
    )
    before = [*model.layers[0].get_weights()[1:], *batch.get_weights()]
    lsuv(model, X, seed=1)
    now = [*model.layers[0].get_weights()[1:], *batch.get_weights()]
    assert len(now) == 5
    for one, other in zip(before, now, strict=True):
        assert one.tobytes() == other.tobytes()


def test_biases_that_vary_take_more_than_one_scaling_and_end_within_the_tolerance():
    def model():
        draw = keras.initializers.RandomNormal(stddev=0.8, seed=3)
        return dense(50, bias_initializer=draw)

    ((_, once),) = lsuv(model(), X, tolerance=1e-3, max_iterations=1, seed=1).values()
    ((_, now),) = lsuv(model(), X, tolerance=1e-3, max_iterations=50, seed=1).values()
    assert abs(once - 1) > 0.1
    assert abs(now - 1) < 1e-3


def test_a_variance_within_the_tolerance_is_left_alone():
    # An orthonormal square kernel keeps the variance of data whose mean is 0: 1.04.
    x = np.random.default_rng(4).normal(0.0, 1.02, (5000, 23)).astype("float32")
    x -= x.mean(axis=0)
    loose, strict = dense(23), dense(23)
    ((_, now),) = lsuv(loose, x, tolerance=0.1, seed=1).values()
    assert now == pytest.approx(x.var(), rel=1e-4)
    ((_, now),) = lsuv(strict, x, tolerance=0.01, seed=1).values()
    assert now == pytest.approx(1, rel=1e-4)
    norms = np.linalg.norm(kernel(loose.layers[0]), axis=0)
    np.testing.assert_allclose(norms, 1, rtol=1e-4)


def test_zero_weights_are_mended():
    model = dense(9, 9, kernel_initializer="zeros")
    assert [before for before, _ in lsuv(model, X, seed=1).values()] == [0, 0]
    np.testing.assert_allclose(walked(model, X, "relu"), 1, rtol=1e-4)


def test_branches_are_each_scaled():
    inputs = keras.Input((23,))
    sides = [keras.layers.Dense(5, each)(inputs) for each in ("tanh", "relu")]
    model = keras.Model(inputs, keras.layers.Dense(3)(keras.layers.add(sides)))
    variances = lsuv(model, X, seed=1)
    np.testing.assert_allclose([now for _, now in variances.values()], 1, rtol=1e-4)
    assert len(variances) == 3


def test_dropout_is_off_while_variances_are_measured():
    layers = [keras.layers.Dense(9), keras.layers.Dropout(0.9), keras.layers.Dense(9)]
    model = keras.Sequential([keras.Input((23,)), *layers])
    plain = dense(9, 9, activation=None)
    lsuv(model, X, seed=1)
    lsuv(plain, X, seed=1)
    for one, other in zip(model.get_weights(), plain.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5)


def test_half_precision_reaches_the_tolerance():
    model = dense(31, 31, 31, dtype="mixed_float16")
    variances = lsuv(model, X, seed=1)
    assert model.layers[0].kernel.dtype == "float32"
    # Half precision rounds each output to 1 in 2,000.
    np.testing.assert_allclose([now for _, now in variances.values()], 1, rtol=1e-2)


def test_a_seed_brings_the_same_kernels_and_another_seed_others():
    models = [dense(23, 23) for _ in range(3)]
    for model, seed in zip(models, (4, 4, 5), strict=True):
        lsuv(model, X, seed=seed)
    one, same, other = ([kernel(each) for each in model.layers] for model in models)
    assert one[0].tobytes() == same[0].tobytes()
    assert one[1].tobytes() == same[1].tobytes()
    assert not np.isin(one[0], other[0]).any()
    cosines = abs(one[0] * one[1]).sum() / abs(one[0] * one[0]).sum()
    assert cosines != pytest.approx(1, rel=0.1)  # layers of equal shape differ


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"tolerance": 0.0}, r"`tolerance` .*above 0\. Received: tolerance=0\.0"),
        ({"tolerance": np.inf}, r"`tolerance` .*finite.*Received: tolerance=inf"),
        ({"tolerance": np.nan}, r"`tolerance` .*Received: tolerance=nan"),
        ({"max_iterations": 0}, r"`max_iterations` .*from 1 up\. Received: .*=0"),
        ({"max_iterations": 1.5}, r"`max_iterations` .*Received: .*=1\.5"),
    ],
)
def test_arguments_out_of_range_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        lsuv(dense(3), X, **arguments)


@pytest.mark.parametrize("x", [np.zeros((7, 23)), np.ones((7, 23)), X[:1], X[:0]])
def test_examples_that_do_not_differ_are_refused(x):
    message = rf"`x`: expected examples that differ\. Received: shape=\({len(x)}, 23\)"
    with pytest.raises(ValueError, match=message):
        lsuv(dense(3), x)


@pytest.mark.parametrize(
    "model",
    [
        lambda: keras.Sequential([keras.Input((23,)), keras.layers.ReLU()]),
        lambda: keras.Sequential([keras.layers.Dense(3)]),
    ],
)
def test_models_without_layers_to_scale_are_refused(model):
    with pytest.raises(ValueError, match=r"a built model with such layers\. Received"):
        lsuv(model(), X)


def test_a_layer_without_variance_is_named_and_the_weights_stay():
    dead = keras.layers.Lambda(keras.ops.zeros_like)
    layers = [keras.layers.Dense(5), dead, keras.layers.Dense(4, name="starved")]
    model = keras.Sequential([keras.Input((23,)), *layers])
    before = model.get_weights()
    message = r"outputs of starved .*inputs all 0.*Received: variance=0\.0"
    with pytest.raises(ValueError, match=message):
        lsuv(model, X)
    for one, other in zip(before, model.get_weights(), strict=True):
        assert one.tobytes() == other.tobytes()


def test_data_that_are_not_finite_are_refused():
    x = X.copy()
    x[3, 4] = np.nan
    with pytest.raises(ValueError, match=r"not finite\? Received: variance=nan"):
        lsuv(dense(3), x)
