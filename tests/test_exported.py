"""Without Python, an exported layer computes what it computed before."""

import importlib

import keras
import numpy as np
import pytest
import test_contract_of_layers as contract

LAYERS = contract.TestLayers()
EXAMPLES = 4
BACKEND = keras.backend.backend()


def saved_model(path, x):
    loaded = importlib.import_module("tensorflow").saved_model.load(path)
    return loaded.serve(x).numpy()


def litert(path, x):
    read = importlib.import_module("tensorflow").lite.Interpreter(path)
    served = read.get_signature_runner()
    (name,) = served.get_input_details()
    (outputs,) = served(**{name: x}).values()
    return outputs


def onnx(path, x):
    session = importlib.import_module("onnxruntime").InferenceSession(path)
    (inputs,) = session.get_inputs()
    (outputs,) = session.run(None, {inputs.name: x})
    return outputs


# What Keras writes ONNX by, which no lock has.
ONNX_WRITERS = {"tensorflow": "tf2onnx", "jax": "jax2onnx"}
# How a format is read, how its files end, and the backends that write it.
FORMATS = {
    "tf_saved_model": (saved_model, "", ("tensorflow", "jax")),
    "litert": (litert, ".tflite", ("tensorflow",)),
    "onnx": (onnx, ".onnx", (*ONNX_WRITERS,)),
}


def pairs():
    """Give every pair of a layer, a format and a batch that is free or fixed."""
    for i, name in enumerate(LAYERS.names()):
        for form in FORMATS:
            free = (i + (form == "tf_saved_model")) % 2
            batch, told = (None, "free") if free else (EXAMPLES, "fixed")
            yield pytest.param(name, form, batch, id=f"{name} {form} {told} batch")


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:.*tf.lite.Interpreter is deprecated")
@pytest.mark.parametrize(("name", "form", "batch"), [*pairs()])
def test_an_exported_layer_is_read_back_and_computes_the_same(
    name, form, batch, tmp_path
):
    read, suffix, backends = FORMATS[form]
    if BACKEND not in backends:
        pytest.skip(f"{form} is written on {' and '.join(backends)}")
    if form == "onnx":
        pytest.importorskip(ONNX_WRITERS[BACKEND])
        pytest.importorskip("onnxruntime")
    keras.utils.set_random_seed(1)
    shape = LAYERS.shapes.get(name, LAYERS.shape)
    inputs = keras.Input(shape)
    model = keras.Model(inputs, LAYERS.make(name)(inputs))
    x = np.random.default_rng(2).uniform(-1, 1, (EXAMPLES, *shape)).astype("float32")
    told = keras.ops.convert_to_numpy(model(x, training=False))
    path = str(tmp_path / f"model{suffix}")
    # Without a signature Keras exports a free batch, whatever the inputs say.
    signature = [keras.InputSpec("float32", (batch, *shape))] if batch else None
    model.export(path, format=form, input_signature=signature, verbose=False)
    # Sums of at most a few dozen float32 terms, in another order.
    np.testing.assert_allclose(read(path, x), told, rtol=1e-5, atol=1e-5)
