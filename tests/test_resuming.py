"""A network saved in the middle, loaded and trained on equals one left alone."""

import keras
import numpy as np
import pytest
from feeding import batches

from study.augmentation import RandomElasticDistortion
from study.callbacks import RenewMasks
from study.layers import DropConnect, Dropout, StochasticPooling2D

X = np.random.default_rng(1).uniform(size=(8, 6, 6, 1)).astype("float32")
Y = X.reshape(8, -1)[:, :3]
DRAWING = {
    "Dropout": lambda: [keras.layers.Flatten(), Dropout(0.4)],
    "Dropout, batch": lambda: [keras.layers.Flatten(), Dropout(0.4, mask="batch")],
    "Dropout, epoch": lambda: [keras.layers.Flatten(), Dropout(0.4, mask="epoch")],
    "DropConnect": lambda: [keras.layers.Flatten(), DropConnect(5, 0.4)],
    "StochasticPooling2D": lambda: [StochasticPooling2D(2), keras.layers.Flatten()],
    "RandomElasticDistortion": lambda: [
        RandomElasticDistortion(alpha=4.0, sigma=2.0),
        keras.layers.Flatten(),
    ],
}
drawing = pytest.mark.parametrize("layers", DRAWING.values(), ids=DRAWING)


def network(layers, seed=1, eager=True):
    keras.utils.set_random_seed(seed)
    model = keras.Sequential([keras.Input((6, 6, 1)), *layers(), keras.layers.Dense(3)])
    model.compile(
        keras.optimizers.SGD(0.05, momentum=0.9),
        "mse",
        run_eagerly=eager,
        jit_compile=False,
    )
    return model


def train(model, epochs, callbacks=(), **options):
    callbacks = [RenewMasks(), *callbacks]  # renewed before it is backed up
    options |= batches(X, Y, 4)
    model.fit(epochs=epochs, verbose=0, callbacks=callbacks, **options)


def everything(model):
    """Return the weights, what the optimizer keeps and the layers' masks and seeds."""
    return [
        keras.ops.convert_to_numpy(each)
        for each in (*model.variables, *model.optimizer.variables)
    ]


def assert_equal_to_the_bit(one, other):
    for ours, theirs in zip(everything(one), everything(other), strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_every_layer_of_ours_that_draws_is_held_to_these_promises():
    import study

    kinds = [
        each
        for module in (study.layers, study.augmentation)
        for each in vars(module).values()
        if isinstance(each, type) and issubclass(each, keras.layers.Layer)
    ]
    drawing = {
        each.__name__ for each in kinds if "seed" in each.__init__.__code__.co_varnames
    }
    assert drawing == {name.split(",")[0] for name in DRAWING}


def assert_goes_on(path, *args, **options):
    model = network(*args, **options)
    train(model, 1)
    model.save(path)
    train(model, 1)
    again = keras.saving.load_model(path)
    train(again, 1)
    assert_equal_to_the_bit(model, again)


@drawing
@pytest.mark.usual("Dropout, epoch", "RandomElasticDistortion")
def test_a_model_in_a_file_goes_on_as_one_that_was_not_interrupted(layers, tmp_path):
    assert_goes_on(tmp_path / "model.keras", layers)


@drawing
@pytest.mark.usual("Dropout")
def test_a_model_whose_steps_are_traced_goes_on_likewise(layers, tmp_path):
    assert_goes_on(tmp_path / "model.keras", layers, eager=False)


@drawing
@pytest.mark.usual("Dropout, epoch", "RandomElasticDistortion")
def test_weights_in_a_file_bring_the_state_of_the_draws_with_them(layers, tmp_path):
    model, again = network(layers), network(layers, seed=2)
    train(model, 1)
    model.save_weights(tmp_path / "model.weights.h5")
    train(model, 1)
    train(again, 1)
    again.load_weights(tmp_path / "model.weights.h5")
    train(again, 1)
    assert_equal_to_the_bit(model, again)


class Interrupted(Exception):
    pass


class Interrupting(keras.callbacks.Callback):
    def on_epoch_begin(self, epoch, logs=None):
        if epoch == 2:
            raise Interrupted


@drawing
@pytest.mark.usual("Dropout, epoch")
def test_a_training_that_was_backed_up_goes_on_as_if_nothing_had_happened(
    layers, tmp_path
):
    model, broken, again = network(layers), network(layers), network(layers, seed=2)
    train(model, 4)
    backup = [keras.callbacks.BackupAndRestore(tmp_path / "backup")]
    with pytest.raises(Interrupted):
        train(broken, 4, [*backup, Interrupting()])
    train(again, 4, [keras.callbacks.BackupAndRestore(tmp_path / "backup")])
    assert_equal_to_the_bit(model, again)


@pytest.mark.parametrize("suffix", [".weights.h5", ".keras"])
@drawing
@pytest.mark.usual("Dropout-.weights.h5")
def test_files_from_before_the_counter_was_kept_still_load(
    layers, suffix, tmp_path, monkeypatch
):
    model, path = network(layers), tmp_path / f"model{suffix}"
    train(model, 1)
    for layer in model.layers:
        monkeypatch.setattr(
            type(layer), "save_own_variables", keras.layers.Layer.save_own_variables
        )
    if suffix == ".keras":
        model.save(path)
        again = keras.saving.load_model(path)
    else:
        model.save_weights(path)
        again = network(layers, seed=2)
        again.load_weights(path)
    for ours, theirs in zip(model.get_weights(), again.get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)
    train(again, 1)
