"""A small model to train under a callback, and its events read back."""

import functools

import keras
import numpy as np
import pytest
from compiling import JITS
from feeding import batches, held_out

X = np.random.default_rng(1).normal(size=(11, 5)).astype("float32")
Y = np.random.default_rng(2).normal(size=(11, 2)).astype("float32")


def network(optimizer="sgd", **options):
    keras.utils.set_random_seed(3)
    layers = [
        keras.Input((5,)),
        keras.layers.Dense(6, "relu", name="first"),
        keras.layers.Dense(4, "tanh", name="second"),
        keras.layers.Dense(2, name="out"),
    ]
    model = keras.Sequential(layers)
    options = {"jit_compile": JITS} | options
    model.compile(optimizer, "mse", **options)
    return model


@functools.cache
def _compiled():
    model = network()
    return model, model.get_weights(), float(model.optimizer.learning_rate)


def again():
    """Return what `network()` does, the same one each time: compiling it takes longest.

    Its weights and its rate are the first ones.
    """
    model, weights, rate = _compiled()
    model.set_weights(weights)
    model.optimizer.learning_rate = rate
    return model


def fit(model, *callbacks, epochs=5, validation_data=None, **options):
    if validation_data is not None:
        options["validation_data"] = held_out(*validation_data)
    options |= batches(X, Y, 4)
    return model.fit(epochs=epochs, verbose=0, callbacks=list(callbacks), **options)


def by_hand(model, probe, epochs=5):
    """Train one epoch at a time; return what `probe(model)` says after each."""
    found = []
    for _ in range(epochs):
        fit(model, epochs=1)
        found.append(probe(model))
    return found


def events(folder):
    """Return an accumulator that has read a folder of TensorBoard's events."""
    reading = pytest.importorskip(
        "tensorboard.backend.event_processing.event_accumulator",
        reason="TENSORBOARD IS NOT INSTALLED: nothing here shows that events are right",
    )
    everything = {"scalars": 0, "histograms": 0}  # else it keeps one histogram a tag
    return reading.EventAccumulator(str(folder), size_guidance=everything).Reload()


def scalars(folder, tag):
    """Return steps and values of one tag."""
    found = events(folder).Scalars(tag)
    return [each.step for each in found], [each.value for each in found]
