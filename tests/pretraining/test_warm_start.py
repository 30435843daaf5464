"""warm_start: what is copied, what is skipped, what is refused."""

import keras
import numpy as np
import pytest
from compiling import JITS

from study.pretraining import warm_start

X = np.random.default_rng(1).random((41, 6)).astype("float32")


def network(*units, kind=keras.layers.Dense):
    return keras.Sequential([keras.Input((6,)), *[kind(each) for each in units]])


def names(model, *indices):
    return [model.layers[index].name for index in indices]


def equal(one, other):
    pairs = zip(one.get_weights(), other.get_weights(), strict=True)
    return all(a.tobytes() == b.tobytes() for a, b in pairs)


def outputs(model):
    return keras.ops.convert_to_numpy(model(X))


def test_a_model_of_equal_layers_becomes_the_source():
    model, source = network(5, 4, 3), network(5, 4, 3)
    assert not equal(model, source)
    assert warm_start(model, source) == (names(model, 0, 1, 2), [])
    assert equal(model, source)
    np.testing.assert_array_equal(outputs(model), outputs(source))


def test_the_optimizer_of_a_compiled_model_stays_as_it_was(tmp_path):
    """Unlike under `load_weights`, which this shows too."""

    def trained(learning_rate, epochs):
        model = network(5, 1)
        model.compile(keras.optimizers.Adam(learning_rate), "mse", jit_compile=False)
        model.fit(X, X[:, :1], 20, epochs, verbose=0)
        return model

    model, source = trained(0.25, epochs=1), trained(0.5, epochs=2)
    kept = [keras.ops.convert_to_numpy(each) for each in model.optimizer.variables]
    source.save(tmp_path / "source.keras")
    warm_start(model, tmp_path / "source.keras")
    assert equal(model, source)
    for before, now in zip(kept, model.optimizer.variables, strict=True):
        np.testing.assert_array_equal(before, keras.ops.convert_to_numpy(now))
    assert float(model.optimizer.learning_rate) == 0.25
    source.save_weights(tmp_path / "source.weights.h5")
    model.load_weights(tmp_path / "source.weights.h5")
    assert float(model.optimizer.learning_rate) == 0.5


def test_the_source_stays_and_shares_nothing():
    model, source = network(5, 3), network(5, 3)
    before = outputs(source)
    warm_start(model, source)
    model.layers[0].kernel.assign(keras.ops.zeros((6, 5)))
    np.testing.assert_array_equal(outputs(source), before)


def test_a_deeper_model_skips_the_layers_that_the_source_lacks():
    model, source = network(5, 5, 5, 3), network(5, 5, 3)
    kept = model.layers[2].get_weights()
    assert warm_start(model, source) == (names(model, 0, 1, 3), names(model, 2))
    for index, other in ((0, 0), (1, 1), (3, 2)):
        assert equal(model.layers[index], source.layers[other])
    for one, other in zip(kept, model.layers[2].get_weights(), strict=True):
        assert one.tobytes() == other.tobytes()


def test_a_new_classifier_is_skipped():
    model, source = network(5, 4, 2), network(5, 4, 3)
    before = model.layers[2].get_weights()[0]
    assert warm_start(model, source) == (names(model, 0, 1), names(model, 2))
    np.testing.assert_array_equal(model.layers[2].get_weights()[0], before)


def test_each_layer_of_the_source_is_used_once_and_in_order():
    model, source = network(6, 6, 6), network(6, 6)
    assert warm_start(model, source) == (names(model, 0, 1), names(model, 2))
    assert equal(model.layers[0], source.layers[0])
    assert equal(model.layers[1], source.layers[1])


def test_layers_of_the_source_that_the_model_lacks_are_passed_over():
    model, source = network(5, 3), network(5, 7, 5, 3)
    assert warm_start(model, source) == (names(model, 0, 1), [])
    assert equal(model.layers[0], source.layers[0])
    assert equal(model.layers[1], source.layers[3])


def test_layers_without_weights_do_not_count():
    parts = [keras.layers.Dense(5), keras.layers.ReLU(), keras.layers.Dropout(0.5)]
    model = keras.Sequential([keras.Input((6,)), *parts, keras.layers.Dense(3)])
    source = network(5, 3)
    assert warm_start(model, source) == (names(model, 0, 3), [])


def test_equal_shapes_of_another_class_do_not_fit():
    class Other(keras.layers.Dense):
        pass

    model, source = network(5, 3, kind=Other), network(5, 3)
    with pytest.raises(ValueError, match="Nothing can be copied"):
        warm_start(model, source)


def test_moving_statistics_are_copied_too():
    def normalized():
        parts = [keras.layers.BatchNormalization(), keras.layers.Dense(3)]
        return keras.Sequential([keras.Input((6,)), *parts])

    model, source = normalized(), normalized()
    source.compile("sgd", "mse", jit_compile=JITS)
    source.fit(X, X[:, :3], epochs=2, verbose=0)
    warm_start(model, source)
    np.testing.assert_allclose(outputs(model), outputs(source), rtol=1e-6)


def test_functional_models_fit_sequential_ones():
    inputs = keras.Input((6,))
    hidden = keras.layers.Dense(5)(inputs)
    model = keras.Model(inputs, keras.layers.Dense(3)(hidden))
    source = network(5, 3)
    assert warm_start(model, source) == (names(model, 1, 2), [])
    np.testing.assert_allclose(outputs(model), outputs(source), rtol=1e-6)


@pytest.mark.parametrize("kind", [str, lambda path: path])
def test_the_source_may_be_a_saved_model(tmp_path, kind):
    model, source = network(5, 3), network(5, 3)
    source.compile("sgd", "mse", jit_compile=JITS)
    source.fit(X, X[:, :3], epochs=1, verbose=0)
    source.save(tmp_path / "source.keras")
    warm_start(model, kind(tmp_path / "source.keras"))
    assert equal(model, source)


def test_code_in_a_saved_model_does_not_run(tmp_path):
    source = keras.Sequential(
        [keras.Input((6,)), keras.layers.Lambda(lambda x: 2 * x), keras.layers.Dense(3)]
    )
    source.save(tmp_path / "source.keras")
    with pytest.raises(ValueError, match=r"Lambda|lambda"):
        warm_start(network(3), tmp_path / "source.keras")


def test_models_that_share_no_layer_are_refused_with_their_shapes():
    model, source = network(5), network(4, 3)
    first, second = names(source, 0, 1)
    message = (
        rf"Received: {model.layers[0].name} \[\(6, 5\), \(5,\)\] to start from "
        rf"{first} \[\(6, 4\), \(4,\)\], {second} \[\(4, 3\), \(3,\)\]"
    )
    with pytest.raises(ValueError, match=message):
        warm_start(model, source)


def test_a_model_that_is_not_built_is_refused():
    model = keras.Sequential([keras.layers.Dense(3)])
    with pytest.raises(ValueError, match=r"Received: no layer with weights to start"):
        warm_start(model, network(3))


@pytest.mark.parametrize("source", ["weights.h5", "model"])
def test_paths_of_another_kind_are_refused(source):
    message = rf"`source` .*path of a \.keras file\. Received: source={source}"
    with pytest.raises(ValueError, match=message):
        warm_start(network(3), source)
