"""RenewMasks: a new mask at each epoch of `fit`, and none in between."""

import keras
import numpy as np
import pytest
from compiling import JITS
from feeding import batches

from study.callbacks.renew_masks import RenewMasks
from study.layers import Dropout, Residual


class Watch(keras.callbacks.Callback):
    """Note the draws of a layer after every batch."""

    def __init__(self, layer):
        super().__init__()
        self.layer = layer
        self.seen = []

    def on_epoch_begin(self, epoch, logs=None):
        self.seen.append([])

    def on_train_batch_end(self, batch, logs=None):
        if keras.backend.backend() == "jax":  # whose trainer holds the weights
            self.model.jax_state_sync()
        self.seen[-1].append(keras.ops.convert_to_numpy(self.layer.draws))


def fit(layer, watched, callbacks, built=True, **options):
    start = [keras.Input((7,))] if built else []
    model = keras.Sequential([*start, layer, keras.layers.Dense(1)])
    model.compile("sgd", "mse", **{"jit_compile": JITS} | options)
    watch = Watch(watched)
    x, y = np.ones((11, 7), "float32"), np.ones((11, 1), "float32")
    callbacks = [*callbacks, watch]
    model.fit(**batches(x, y, 4), epochs=3, verbose=0, callbacks=callbacks)
    return watch.seen


slow = pytest.mark.skipif(
    keras.backend.backend() == "torch", reason="an external compiler takes minutes"
)


@pytest.mark.parametrize(
    "jit", [pytest.param(True, marks=slow), False], ids=["jit", "plain"]
)
def test_draws_are_new_in_each_epoch_and_stay_within_it(jit):
    layer = Dropout(0.5, mask="epoch", seed=1)
    epochs = fit(layer, layer, [RenewMasks()], jit_compile=jit)
    assert [len(epoch) for epoch in epochs] == [3, 3, 3]
    for epoch in epochs:
        assert all(np.array_equal(draws, epoch[0]) for draws in epoch)
    assert len({epoch[0].tobytes() for epoch in epochs}) == 3


def test_without_the_callback_the_first_draws_stay():
    layer = Dropout(0.5, mask="epoch", seed=1)
    epochs = fit(layer, layer, [])
    assert len({draws.tobytes() for epoch in epochs for draws in epoch}) == 1


def test_masks_inside_other_layers_are_renewed_too():
    inner = Dropout(0.5, mask="epoch", seed=1)
    epochs = fit(Residual([keras.layers.Dense(7), inner]), inner, [RenewMasks()])
    assert len({epoch[0].tobytes() for epoch in epochs}) == 3


def test_a_seed_tells_the_masks_of_all_epochs_also_where_fit_builds_the_model():
    runs = []
    for built in (True, False):
        layer = Dropout(0.5, mask="epoch", seed=1)
        runs.append(fit(layer, layer, [RenewMasks()], built))
    np.testing.assert_array_equal(*runs)


def test_layers_without_masks_per_epoch_are_left_alone():
    def weights(callbacks):
        keras.utils.set_random_seed(2)
        layers = [keras.Input((7,)), Dropout(0.5, seed=1), keras.layers.Dense(1)]
        model = keras.Sequential(layers)
        model.compile("sgd", "mse", jit_compile=JITS)
        x, y = np.ones((11, 7), "float32"), np.ones((11, 1), "float32")
        model.fit(**batches(x, y, 4), epochs=2, verbose=0, callbacks=callbacks)
        return model.get_weights()

    for ours, plain in zip(weights([RenewMasks()]), weights([]), strict=True):
        np.testing.assert_array_equal(ours, plain)
