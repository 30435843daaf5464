"""Reshuffled: every example once an epoch, in an order of its own each time."""

import keras
import numpy as np
import pytest

from study.datasets import Reshuffled

X = np.arange(11, dtype="float32")[:, None]
Y = 10 * X


class Orders(keras.callbacks.Callback):
    """Read the order of an epoch off a data set at the epoch's beginning."""

    def __init__(self, dataset):
        super().__init__()
        self.dataset, self.seen = dataset, []

    def on_epoch_begin(self, epoch, logs=None):
        batches = [self.dataset[i][0] for i in range(self.dataset.num_batches)]
        self.seen.append(np.concatenate(batches).ravel().astype(int).tolist())


class Watched(keras.Model):
    """Tell what comes by, step by step."""

    def __init__(self, tell):
        super().__init__()
        self.tell, self.layer = tell, keras.layers.Dense(1)

    def call(self, x):
        self.tell(keras.ops.convert_to_numpy(x).ravel().astype(int).tolist())
        return self.layer(x)


def watched():
    """Return a network and the list of the batches that it has seen."""
    batches = []
    model = Watched(batches.append)
    model(X)
    model.compile(keras.optimizers.SGD(1e-6), "mse", run_eagerly=True)
    batches.clear()
    return model, batches


@pytest.mark.parametrize("seeded", [True, False], ids=["seeded", "not"])
@pytest.mark.usual("seeded")
def test_every_epoch_of_every_fit_has_an_order_of_its_own(seeded):
    if seeded:
        keras.utils.set_random_seed(1)
    dataset = Reshuffled(X, Y, batch_size=4)
    model, orders = keras.Sequential([keras.layers.Dense(1)]), Orders(dataset)
    model.compile("sgd", "mse", run_eagerly=True)
    for _ in range(2):
        model.fit(dataset, epochs=3, verbose=0, callbacks=[orders])
    assert all(sorted(each) == [*range(11)] for each in orders.seen)
    assert len({tuple(each) for each in orders.seen}) == 6


@pytest.mark.skipif(
    keras.backend.backend() != "tensorflow" or not keras.version().startswith("3.15."),
    reason="what this version of Keras does on TensorFlow",
)
def test_keras_itself_repeats_one_order_once_it_is_seeded():
    keras.utils.set_random_seed(1)
    model, batches = watched()
    for _ in range(2):
        model.fit(X, Y, batch_size=11, epochs=2, verbose=0)
    assert sorted(batches[0]) == [*range(11)]
    assert batches[0] != [*range(11)]
    assert batches == batches[:1] * 4


@pytest.mark.skipif(
    keras.backend.backend() == "jax", reason="JAX traces what it runs eagerly too"
)
def test_a_model_sees_the_order_that_is_handed_out():
    dataset = Reshuffled(X, Y, batch_size=4, seed=1)
    orders, (model, batches) = Orders(dataset), watched()
    for _ in range(3):
        batches.clear()
        model.fit(dataset, shuffle=False, verbose=0, callbacks=[orders])
        assert [each for batch in batches for each in batch] == orders.seen[-1]


def test_a_seed_repeats_the_orders_and_another_does_not():
    def orders(seed):
        dataset = Reshuffled(X, batch_size=11, seed=seed)
        seen = []
        for _ in range(4):
            seen.append(dataset[0][0].ravel().tolist())
            dataset.on_epoch_end()
        return seen

    assert orders(1) == orders(1) != orders(2)
    unseeded = []
    for _ in range(2):
        keras.utils.set_random_seed(5)
        unseeded.append(orders(None))
    assert unseeded[0] == unseeded[1] != orders(None)


def test_examples_outputs_and_weights_stay_together_in_any_structure():
    inputs = {"a": X, "b": [X + 100, keras.ops.convert_to_tensor(X)]}
    dataset = Reshuffled(inputs, Y, X[:, 0], batch_size=4, seed=1)
    assert dataset.num_batches == 3
    assert [len(dataset[i][1]) for i in range(3)] == [4, 4, 3]
    x, y, weights = dataset[2]
    for each in (x["b"][0] - 100, x["b"][1], y / 10, weights[:, None]):
        np.testing.assert_array_equal(each, x["a"])


def test_arrays_of_different_lengths_are_refused():
    with pytest.raises(ValueError, match=r"as many examples in each.*\[10, 11\]"):
        Reshuffled(X, Y[:10])
