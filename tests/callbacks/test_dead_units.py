"""DeadUnits: units killed on the way are counted, in Python and in TensorBoard."""

import keras
import numpy as np
import pytest
from compiling import JITS
from recorded import X, Y, again, events, fit, network, scalars

from study.callbacks import DeadUnits


class Kill(keras.callbacks.Callback):
    """Kill the first units of a layer, one more at the end of each epoch."""

    def on_epoch_end(self, epoch, logs=None):
        layer = self.model.get_layer("first")
        kernel, bias = layer.get_weights()
        bias[: epoch + 1] = -1000
        layer.set_weights([kernel, bias])


def test_it_records_how_many_of_the_units_are_dead():
    record = DeadUnits(X)
    fit(again(), Kill(), record)
    assert list(record.history) == ["epoch", "first", "second"]
    assert record.history["first"] == pytest.approx([1 / 6, 2 / 6, 3 / 6, 4 / 6, 5 / 6])
    assert record.history["second"] == [0] * 5  # tanh


@pytest.mark.parametrize(("x", "dead"), [(X[:1], 0.5), (X[:2], 0.0)])
def test_a_unit_that_is_silent_for_few_examples_is_not_dead_for_all(x, dead):
    model = network(keras.optimizers.SGD(0.0))
    # Three units are on for the first example alone, three for the second alone.
    apart = X[0] - X[1]
    middle = apart @ (X[0] + X[1]) / 2
    kernel = np.stack([apart] * 3 + [-apart] * 3, axis=1)
    bias = np.array([-middle] * 3 + [middle] * 3)
    model.get_layer("first").set_weights([kernel, bias])
    record = DeadUnits(x)
    fit(model, record, epochs=1)
    assert record.history["first"] == pytest.approx([dead])


def test_events_have_a_tag_a_layer_with_the_same_values(tmp_path):
    record = DeadUnits(X, log_dir=tmp_path)
    fit(again(), Kill(), record)
    folder = tmp_path / "dead_units"
    tags = ["dead_units/first", "dead_units/second"]
    assert events(folder).Tags()["scalars"] == tags
    steps, values = scalars(folder, "dead_units/first")
    assert steps == [0, 1, 2, 3, 4]
    assert values == pytest.approx(record.history["first"])


def test_a_model_without_a_graph_of_layers_is_refused():
    class Subclassed(keras.Model):
        def __init__(self):
            super().__init__()
            self.out = keras.layers.Dense(2)

        def call(self, x):
            return self.out(x)

    model = Subclassed()
    model.compile("sgd", "mse", jit_compile=JITS)
    with pytest.raises(ValueError, match=r"functional model.*a Subclassed"):
        model.fit(X, np.zeros_like(Y), verbose=0, callbacks=[DeadUnits(X)])
