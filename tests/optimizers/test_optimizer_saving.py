"""A compiled model is saved and loaded with its optimizer's state, and goes on."""

import keras
import numpy as np
import pytest
from feeding import batches
from walks import OURS, PAIRS

X = np.linspace(-1, 1, 28, dtype="float32").reshape(7, 4)
QUICK = OURS[:2]
Y = np.sin(3 * X[:, :2])


def compiled(kind, **base):
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)])
    model.layers[0].set_weights([np.linspace(-1, 1, 8).reshape(4, 2), np.ones(2)])
    model.compile(PAIRS[kind][0](**base), "mse", run_eagerly=True)
    return model


def train(model, epochs):
    fitted = model.fit(**batches(X, Y, 3), epochs=epochs, verbose=0)
    return fitted.history["loss"]


@pytest.mark.parametrize(
    "kind",
    [
        pytest.param(each, marks=() if each in QUICK else pytest.mark.slow)
        for each in OURS
    ],
    ids=lambda kind: kind.__name__,
)
def test_a_loaded_model_goes_on_as_if_it_had_never_stopped(kind, tmp_path):
    model = compiled(kind, weight_decay=0.01, use_ema=True)
    train(model, 2)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    assert type(loaded.optimizer) is kind
    assert loaded.optimizer.get_config() == model.optimizer.get_config()
    assert int(loaded.optimizer.iterations) == 6
    for ours, others in zip(
        loaded.optimizer.variables, model.optimizer.variables, strict=True
    ):
        assert (ours.numpy() == others.numpy()).all()
    loaded.run_eagerly = True
    assert train(loaded, 2) == train(model, 2)
    for ours, others in zip(loaded.get_weights(), model.get_weights(), strict=True):
        assert (ours == others).all()
