"""The promises that every layer keeps, with its options: saving, shapes, gradients."""

import json

import keras
import numpy as np
import pytest
from layer_checks import check_gradients, numpy

from study import layers


def dense(units=5, **options):
    return keras.layers.Dense(units, "tanh", **options)


# A way to make the layer, and the shape of an example that it takes.
# After a comma stands what sets a second case of a layer apart.
CASES = {
    "BatchNormalization": (
        lambda: layers.BatchNormalization(momentum=0.7, variance="unbiased"),
        (5,),
    ),
    "BatchNormalization, axis 1": (lambda: layers.BatchNormalization(1), (3, 4, 2)),
    "DropConnect": (lambda: layers.DropConnect(3, 0.4, "tanh", seed=1), (5,)),
    "DropConnect, batch": (
        lambda: layers.DropConnect(3, 0.4, "tanh", mask="batch", seed=1),
        (4, 5),
    ),
    "Dropout": (lambda: layers.Dropout(0.4, seed=1), (5,)),
    "Dropout, epoch": (
        lambda: layers.Dropout(0.4, mask="epoch", scale="inference", seed=1),
        (4, 5),
    ),
    "FastForward": (lambda: layers.FastForward([dense(4), dense(3)]), (5,)),
    "FastForward, of two axes": (lambda: layers.FastForward(dense(3)), (4, 5)),
    "Maxout": (lambda: layers.Maxout(3, 4), (2, 5)),
    "PolyInception": (lambda: layers.PolyInception("poly-2", dense()), (5,)),
    "PolyInception, mpoly-2": (
        lambda: layers.PolyInception("mpoly-2", dense(), [dense(3), dense()]),
        (5,),
    ),
    "PolyInception, 2-way": (
        lambda: layers.PolyInception("2-way", dense(), dense()),
        (4, 5),
    ),
    "Residual": (lambda: layers.Residual([dense(3), dense()]), (5,)),
    "Residual, shortcut": (
        lambda: layers.Residual(dense(3), keras.layers.Dense(3, use_bias=False)),
        (4, 5),
    ),
    "SimpleRecurrent": (lambda: layers.SimpleRecurrent(3), (4, 5)),
    "SimpleRecurrent, sequences": (
        lambda: layers.SimpleRecurrent(3, return_sequences=True, use_bias=False),
        (4, 5),
    ),
    "SplitAndMerge": (
        lambda: layers.SplitAndMerge([dense(2), [dense(4), dense(3)]]),
        (6,),
    ),
    "SplitAndMerge, add": (
        lambda: layers.SplitAndMerge([dense(3), dense(3)], merge="add"),
        (4, 6),
    ),
    "StochasticPooling2D": (
        lambda: layers.StochasticPooling2D(3, strides=2, seed=1),
        (7, 6, 2),
    ),
    "StochasticPooling2D, same": (
        lambda: layers.StochasticPooling2D((2, 3), padding="same", seed=1),
        (5, 7, 2),
    ),
}
cases = pytest.mark.parametrize(
    ("make", "shape"), [pytest.param(*case, id=name) for name, case in CASES.items()]
)


def examples(shape, batch=7, dtype="float32"):
    return np.random.default_rng(8).normal(size=(batch, *shape)).astype(dtype)


def test_every_public_layer_is_held_to_these_promises():
    assert {name.split(",")[0] for name in CASES} == set(layers.__all__)


@cases
def test_the_config_is_plain_data_and_brings_the_same_layer_back(make, shape):
    layer = make()
    config = json.loads(json.dumps(keras.saving.serialize_keras_object(layer)))
    assert config["registered_name"] == f"study>{type(layer).__name__}"
    again = keras.saving.deserialize_keras_object(config)
    assert type(again) is type(layer)
    assert again.get_config() == layer.get_config()
    for each in (layer, again):
        each.build((None, *shape))
    assert [each.path for each in again.weights] == [
        each.path for each in layer.weights
    ]
    again.set_weights(layer.get_weights())
    x = examples(shape)
    assert numpy(again(x)).tobytes() == numpy(layer(x)).tobytes()


@cases
def test_the_output_shape_is_told_before_there_are_outputs(make, shape):
    layer = make()
    symbolic = layer(keras.Input(shape))
    outputs = layer(examples(shape))
    assert symbolic.shape == (None, *outputs.shape[1:])
    assert layer.compute_output_shape((7, *shape)) == tuple(outputs.shape)


@cases
@pytest.mark.parametrize("training", [True, False], ids=["training", "inference"])
def test_gradients_equal_central_differences_in_float64(make, shape, training):
    keras.utils.set_random_seed(3)
    previous = keras.config.dtype_policy()
    keras.config.set_dtype_policy("float64")
    try:
        layer = make()
        layer.build((None, *shape))
        check_gradients(layer, examples(shape, 3, "float64"), training)
    finally:
        keras.config.set_dtype_policy(previous)


@cases
def test_half_precision_keeps_weights_in_single_and_outputs_close(make, shape):
    single = make()
    x = examples(shape)
    expected = numpy(single(x))
    previous = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_float16")
    try:
        half = make()
    finally:
        keras.config.set_dtype_policy(previous)
    half.build((None, *shape))
    half.set_weights(single.get_weights())
    kinds = {keras.backend.standardize_dtype(each.dtype) for each in half.weights}
    assert kinds <= {"float32"}
    outputs = half(x)
    assert keras.backend.standardize_dtype(outputs.dtype) == "float16"
    # A few roundings to 11 bits of numbers up to 4.
    np.testing.assert_allclose(numpy(outputs), expected, rtol=4e-3, atol=8e-3)
    if half._call_has_training_arg:
        outputs = half(x, training=True)
        assert keras.backend.standardize_dtype(outputs.dtype) == "float16"
        assert np.isfinite(numpy(outputs)).all()


@pytest.mark.parametrize(
    "name",
    [
        "DropConnect, batch",
        "Dropout, epoch",
        "FastForward, of two axes",
        "Maxout",
        "PolyInception, 2-way",
        "Residual, shortcut",
        "SimpleRecurrent, sequences",
    ],
)
def test_a_mask_of_time_steps_passes_through(name):
    make, shape = CASES[name]
    layer = make()
    x = examples(shape)
    x[:2, -1] = 0
    outputs = layer(keras.layers.Masking()(x))
    recurrent = keras.layers.SimpleRNN(2)
    masked = numpy(recurrent(outputs))
    shorter = numpy(recurrent(outputs[:2, :-1]))  # sliced, it has no mask
    np.testing.assert_allclose(masked[:2], shorter, rtol=1e-5, atol=1e-6)
    full = numpy(recurrent(outputs[2:]))
    np.testing.assert_allclose(masked[2:], full, rtol=1e-5, atol=1e-6)


def test_a_saved_model_is_loaded_with_every_option_and_computes_the_same(tmp_path):
    inputs, ends = [], []
    for make, shape in CASES.values():
        inputs.append(keras.Input(shape))
        flat = keras.layers.Flatten()(make()(inputs[-1]))
        ends.append(keras.layers.Dense(1)(flat))
    model = keras.Model(inputs, keras.layers.Concatenate()(ends))
    random = np.random.default_rng(9)
    weights = [random.uniform(0.1, 1, each.shape) for each in model.weights]
    model.set_weights(weights)
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras")
    x = [examples(shape, 5) for _, shape in CASES.values()]
    assert numpy(again(x)).tobytes() == numpy(model(x)).tobytes()
