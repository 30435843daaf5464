"""GradientNorms: norms and histograms after each epoch, here and in events."""

import keras
import numpy as np
import pytest
from compiling import JITS
from recorded import X, Y, again, by_hand, events, fit, network, scalars

from study import probes
from study.callbacks import GradientNorms


def test_it_records_what_the_probe_says_after_each_epoch():
    record = GradientNorms(X[:7], Y[:7])
    fit(again(), record)
    wanted = by_hand(
        again(),
        lambda model: probes.gradient_norms(model, "mse", X[:7], Y[:7]),
    )
    assert list(record.history) == ["epoch", "first", "second", "out"]
    for name in ("first", "second", "out"):
        values = [float(each[name]) for each in wanted]
        assert record.history[name] == pytest.approx(values, rel=1e-4)
        assert len(set(values)) == 5


def test_events_have_a_tag_a_layer_with_the_same_values(tmp_path):
    record = GradientNorms(X, Y, log_dir=tmp_path)
    fit(again(), record)
    folder = tmp_path / "gradient_norms"
    tags = [f"gradient_norms/{name}" for name in ("first", "second", "out")]
    assert events(folder).Tags()["scalars"] == tags
    for tag in tags:
        steps, values = scalars(folder, tag)
        assert steps == [0, 1, 2, 3, 4]
        assert values == pytest.approx(record.history[tag.split("/")[1]])


def test_histograms_are_arrays_of_counts_in_events_too(tmp_path):
    record = GradientNorms(X, Y, bins=6, range=(-0.3, 0.3), log_dir=tmp_path)
    model = again()
    fit(model, record, epochs=3)
    names = ["first/histogram", "second/histogram", "out/histogram"]
    assert list(record.history) == ["epoch", "first", "second", "out", *names]
    np.testing.assert_allclose(record.edges, np.linspace(-0.3, 0.3, 7))
    last = probes.gradient_histograms(model, "mse", X, Y, 6, (-0.3, 0.3))
    for name in names:
        layer = name.removesuffix("/histogram")
        np.testing.assert_array_equal(record.history[name][-1], last[layer])
    found = events(tmp_path / "gradient_norms")
    assert found.Tags()["scalars"] == [
        *("gradient_norms/first", "gradient_norms/second", "gradient_norms/out")
    ]
    assert found.Tags()["histograms"] == [f"gradient_norms/{name}" for name in names]
    for name in names:
        kept = found.Histograms(f"gradient_norms/{name}")
        assert [each.step for each in kept] == [0, 1, 2]
        counts = [each.histogram_value.bucket for each in kept]
        np.testing.assert_array_equal(counts, record.history[name])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"bins": 0}, r"`bins` .*positive integer.*bins=0"),
        ({"bins": 3, "range": (1, 0)}, r"`range` .*first below the second"),
        ({"every": 0}, r"`every` .*positive integer.*every=0"),
    ],
)
def test_arguments_out_of_range_are_refused_at_once(options, message):
    with pytest.raises(ValueError, match=message):
        GradientNorms(X, Y, **options)


def test_another_loss_than_the_compiled_one_can_be_given():
    record = GradientNorms(X, Y, loss="mean_absolute_error")
    model = again()
    fit(model, record, epochs=1)
    wanted = probes.gradient_norms(model, "mae", X, Y)
    for name, norm in wanted.items():
        assert record.history[name] == pytest.approx([float(norm)], rel=1e-5)


@pytest.mark.slow
def test_watching_leaves_training_as_it_is():
    plain, watched = network("adam"), network("adam")
    fit(plain)
    fit(watched, GradientNorms(X, Y, bins=3))
    for one, other in zip(plain.get_weights(), watched.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_model_with_several_losses_needs_one_named():
    inputs = keras.Input((5,))
    outputs = [keras.layers.Dense(2)(inputs), keras.layers.Dense(2)(inputs)]
    model = keras.Model(inputs, outputs)
    model.compile("sgd", ["mse", "mse"], jit_compile=JITS)
    with pytest.raises(ValueError, match=r"`loss` .*compiled with loss=.*'mse', 'mse'"):
        model.fit(X, [Y, Y], verbose=0, callbacks=[GradientNorms(X, [Y, Y])])
    both = GradientNorms(X, [Y, Y], lambda y, out: (y[0] - out[1]) ** 2)
    model.fit(X, [Y, Y], verbose=0, callbacks=[both])
    # The first layer leads to the first output, which this loss leaves out.
    first, second = (layer.name for layer in model.layers[1:])
    assert both.history[first] == [0]
    assert both.history[second][0] > 0


def test_the_weight_of_the_compiled_loss_counts():
    plain, weighted = network(), network()
    weighted.compile("sgd", "mse", loss_weights=3.0, jit_compile=False)
    weighted.optimizer.learning_rate.assign(0.0)
    record = GradientNorms(X, Y)
    fit(weighted, record, epochs=1)
    for name, norm in probes.gradient_norms(plain, "mse", X, Y).items():
        assert record.history[name] == pytest.approx([3 * float(norm)], rel=1e-5)


@pytest.mark.parametrize("loss", ["crossentropy", "binary_crossentropy", "hinge"])
def test_flat_labels_are_taken_as_fit_takes_them(loss):
    layers = [keras.Input((5,)), keras.layers.Dense(1, "sigmoid", name="out")]
    model = keras.Sequential(layers)
    model.compile(keras.optimizers.SGD(0.0), loss, jit_compile=False)
    y = (Y[:, 0] > Y[:, 0].mean()).astype("float32")
    flat, column = GradientNorms(X, y), GradientNorms(X, y[:, None])
    model.fit(X, y, verbose=0, callbacks=[flat, column])
    assert flat.history["out"] == column.history["out"]
    assert flat.history["out"][0] > 0
