"""Dropout: which units share a mask, how many are dropped, and what stays equal."""

import itertools

import keras
import numpy as np
import pytest
from layer_checks import SIGMAS, numpy, outputs_and_gradients

from study.layers import Dropout

MASKS = ("example", "batch", "epoch")
masks = pytest.mark.parametrize("mask", MASKS)
scales = pytest.mark.parametrize("scale", ["training", "inference"])
rates = pytest.mark.parametrize("rate", [0.1, 0.5, 0.93])


def drop(layer, x, training=True):
    return numpy(layer(x, training=training))


@masks
@rates
def test_the_share_dropped_is_the_rate(mask, rate):
    shape = (1, 40_013) if mask != "example" else (31, 1_291)  # as many draws
    dropped = drop(Dropout(rate, mask=mask, seed=1), np.ones(shape, "float32")) == 0
    error = np.sqrt(rate * (1 - rate) / dropped.size)
    assert abs(dropped.mean() - rate) < SIGMAS * error


def test_half_precision_drops_the_same_share_and_the_same_units():
    # Numbers of 11 bits would drop twice as many of these, or none.
    rate, x = 0.0003, np.ones((1, 400_000), "float16")
    half = drop(Dropout(rate, seed=2, dtype="mixed_float16"), x) == 0
    single = drop(Dropout(rate, seed=2), x.astype("float32")) == 0
    np.testing.assert_array_equal(half, single)
    assert abs(half.mean() - rate) < SIGMAS * np.sqrt(rate / half.size)


def test_a_mask_per_example_differs_between_examples_and_between_calls():
    layer = Dropout(0.5, seed=3)
    x = np.ones((7, 5, 67), "float32")
    first, second = drop(layer, x), drop(layer, x)
    everything = [*first, *second]
    for one, other in itertools.combinations(everything, 2):
        assert not np.array_equal(one, other)
    assert not np.array_equal(first[:, 0], first[:, 1])  # nor are time steps alike


def test_a_mask_per_batch_is_equal_in_a_batch_and_differs_between_calls():
    layer = Dropout(0.5, mask="batch", seed=3)
    x = np.ones((7, 5, 67), "float32")
    first, second = drop(layer, x), drop(layer, x)
    assert (first == first[0]).all()
    assert (second == second[0]).all()
    assert not np.array_equal(first[0], second[0])
    assert not np.array_equal(first[:, 0], first[:, 1])


def test_a_mask_per_epoch_stays_until_it_is_renewed():
    layer = Dropout(0.5, mask="epoch", seed=3)
    first = drop(layer, np.ones((7, 67), "float32"))
    assert (first == first[0]).all()
    again = drop(layer, np.ones((3, 67), "float32"))  # another batch
    np.testing.assert_array_equal(again, first[:3])
    layer.renew()
    renewed = drop(layer, np.ones((3, 67), "float32"))
    assert (renewed == renewed[0]).all()
    # Half of 67 units change their side.
    changed = (renewed[0] != first[0]).mean()
    assert abs(changed - 0.5) < SIGMAS * np.sqrt(0.25 / 67)


def test_renewal_in_a_stateless_scope_gives_the_same_draws_and_changes_nothing():
    layer = Dropout(0.5, mask="epoch", seed=3)
    layer.build((None, 9))
    before = [numpy(each) for each in layer.non_trainable_variables]
    with keras.StatelessScope() as scope:
        layer.renew()
    for variable, value in zip(layer.non_trainable_variables, before, strict=True):
        np.testing.assert_array_equal(numpy(variable), value)
    stateless = [
        numpy(scope.get_current_value(each)) for each in layer.non_trainable_variables
    ]
    layer.renew()
    for variable, value in zip(layer.non_trainable_variables, stateless, strict=True):
        np.testing.assert_array_equal(numpy(variable), value)
    assert not np.array_equal(before[0], stateless[0])


def test_renewal_leaves_masks_alone_that_are_new_at_every_call():
    layer, twin = (Dropout(0.5, mask="batch", seed=3) for _ in range(2))
    x = np.ones((3, 67), "float32")
    layer.build(x.shape)
    layer.renew()
    np.testing.assert_array_equal(drop(layer, x), drop(twin, x))


@masks
@rates
def test_training_scales_what_is_kept_and_inference_changes_nothing(mask, rate):
    x = np.random.default_rng(0).uniform(1, 2, (5, 67)).astype("float32")
    layer = Dropout(rate, mask=mask, seed=4)
    outputs = drop(layer, x)
    np.testing.assert_allclose(
        outputs, np.where(outputs == 0, 0, x / (1 - rate)), rtol=1e-6
    )
    assert drop(layer, x, training=False).tobytes() == x.tobytes()


@masks
@rates
def test_the_papers_scaling_keeps_training_and_shrinks_inference(mask, rate):
    x = np.random.default_rng(0).uniform(1, 2, (5, 67)).astype("float32")
    layer = Dropout(rate, mask=mask, scale="inference", seed=4)
    outputs = drop(layer, x)
    np.testing.assert_array_equal(outputs, np.where(outputs == 0, 0, x))
    np.testing.assert_allclose(
        drop(layer, x, training=False), x * (1 - rate), rtol=1e-6
    )


@masks
@scales
@pytest.mark.usual("training-example", "inference-batch", "training-epoch")
def test_inference_is_the_mean_of_training(mask, scale):
    rate, draws = 0.3, 100
    x = np.random.default_rng(0).normal(size=(1, 41)).astype("float32")
    layer = Dropout(rate, mask=mask, scale=scale, seed=5)
    layer.build(x.shape)
    outputs = []
    for _ in range(draws):
        layer.renew()
        outputs.append(drop(layer, x))
    error = np.std(outputs, axis=0) / np.sqrt(draws)
    expected = drop(layer, x, training=False)
    assert (abs(np.mean(outputs, axis=0) - expected) < SIGMAS * error).all()


@masks
@scales
@pytest.mark.parametrize("training", [True, False])
def test_rate_0_is_the_identity_to_the_bit(mask, scale, training):
    x = np.random.default_rng(0).normal(size=(3, 41)).astype("float32")
    outputs = drop(Dropout(0, mask=mask, scale=scale, monte_carlo=True), x, training)
    assert outputs.tobytes() == x.tobytes()


@masks
def test_a_rate_just_below_1_keeps_almost_nothing(mask):
    x = np.ones((1, 5_000), "float32")
    outputs = drop(Dropout(0.999, mask=mask, seed=6), x)
    kept = outputs[outputs != 0]
    assert abs(kept.size - 5) < SIGMAS * np.sqrt(5)
    np.testing.assert_allclose(kept, 1_000, rtol=1e-4)


@masks
@scales
def test_monte_carlo_inference_drops_exactly_as_training_does(mask, scale):
    x = np.random.default_rng(0).normal(size=(3, 41)).astype("float32")
    trained = drop(Dropout(0.5, mask=mask, scale=scale, seed=7), x)
    layer = Dropout(0.5, mask=mask, scale=scale, monte_carlo=True, seed=7)
    np.testing.assert_array_equal(drop(layer, x, training=False), trained)
    again = drop(layer, x, training=False)
    assert np.array_equal(again, trained) == (mask == "epoch")


def test_monte_carlo_predictions_of_a_model_average_to_the_scaled_one():
    rate, draws = 0.5, 300
    inputs = keras.Input((23,))
    random = keras.Model(inputs, Dropout(rate, monte_carlo=True, seed=8)(inputs))
    x = np.ones((1, 23), "float32")
    outputs = random.predict(np.repeat(x, draws, axis=0), verbose=0)
    error = np.sqrt(rate / (1 - rate) / draws)  # the sd of keep / (1 - rate)
    assert (abs(outputs.mean(axis=0) - x[0]) < SIGMAS * error).all()
    assert not np.array_equal(
        outputs, random.predict(np.repeat(x, draws, 0), verbose=0)
    )


@masks
def test_a_seed_tells_the_masks_of_all_calls(mask):
    x = np.ones((3, 67), "float32")
    one, same, other, fresh, fresh_too = (
        Dropout(0.5, mask=mask, seed=seed) for seed in (9, 9, 10, None, None)
    )
    for _ in range(3):
        drawn = drop(one, x)
        np.testing.assert_array_equal(drawn, drop(same, x))
        assert not np.array_equal(drawn, drop(other, x))
    assert not np.array_equal(drop(fresh, x), drop(fresh_too, x))


def test_it_draws_as_its_keras_twin_does_over_100_steps():
    rate, steps, x = 0.3, 100, np.ones((11, 67), "float32")
    kept = []
    for layer in (Dropout(rate, seed=11), keras.layers.Dropout(rate, seed=12)):
        outputs = np.stack([drop(layer, x) for _ in range(steps)])
        np.testing.assert_allclose(np.unique(outputs), [0, 1 / (1 - rate)], rtol=1e-6)
        kept.append((outputs != 0).mean())
    error = np.sqrt(2 * rate * (1 - rate) / (x.size * steps))  # of a difference
    assert abs(kept[0] - kept[1]) < SIGMAS * error


@masks
def test_gradients_reach_what_is_kept_and_nothing_else(mask):
    x = np.random.default_rng(0).uniform(1, 2, (5, 67)).astype("float32")
    layer = Dropout(0.4, mask=mask, seed=13)
    layer.build(x.shape)
    outputs, (gradient,) = outputs_and_gradients(layer, x, training=True)
    expected = np.where(outputs == 0, 0, 1 / 0.6)
    np.testing.assert_allclose(gradient, expected, rtol=1e-6)


@masks
@scales
def test_the_rate_may_be_replaced_by_a_tensor(mask, scale):
    x = np.random.default_rng(0).normal(size=(3, 67)).astype("float32")
    layer, swept = (
        Dropout(0.3, mask=mask, scale=scale, seed=14),
        Dropout(0, mask=mask, scale=scale, seed=14),
    )
    swept.rate = keras.ops.convert_to_tensor(0.3, "float32")
    for training in (True, False):
        np.testing.assert_allclose(
            drop(swept, x, training), drop(layer, x, training), rtol=1e-6
        )


def test_the_mask_per_epoch_is_no_trainable_weight_and_is_saved(tmp_path):
    model = keras.Sequential([keras.Input((67,)), Dropout(0.5, mask="epoch")])
    assert model.trainable_weights == []
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    x = np.ones((2, 67), "float32")
    np.testing.assert_array_equal(drop(loaded, x), drop(model, x))


@pytest.mark.parametrize("rate", [-1e-9, 1, 1.5, float("nan")])
def test_a_rate_that_is_no_share_is_refused(rate):
    message = rf"share of inputs dropped: .* 0 to 1, 1 excluded. Received: rate={rate}$"
    with pytest.raises(ValueError, match=message):
        Dropout(rate)


def test_an_unknown_mask_is_refused():
    with pytest.raises(ValueError, match=r"'batch' or 'epoch'. Received: mask='step'"):
        Dropout(0.5, mask="step")


def test_an_unknown_scale_is_refused():
    with pytest.raises(ValueError, match=r"'training' .* Received: scale='test'"):
        Dropout(0.5, scale="test")


def test_renewal_before_the_units_are_known_is_refused():
    layer = Dropout(0.5, mask="epoch", name="early")
    with pytest.raises(ValueError, match=r"Received: early, not built. Call or build"):
        layer.renew()


def test_a_mask_per_epoch_for_an_unknown_number_of_units_is_refused():
    with pytest.raises(ValueError, match=r"axes are known.*None, None, 3\).*'batch'"):
        Dropout(0.5, mask="epoch")(keras.Input((None, 3)))


@pytest.mark.parametrize("dtype", ["int32", "uint8", "bool"])
@pytest.mark.parametrize("scale", ["training", "inference"])
@pytest.mark.parametrize("mask", MASKS)
def test_integers_are_dropped_like_the_floats_that_they_are_cast_to(dtype, scale, mask):
    x = np.arange(12).reshape(3, 4).astype(dtype)
    ours, floats = (Dropout(0.5, mask=mask, scale=scale, seed=3) for _ in range(2))
    for training in (True, False):
        outputs = drop(ours, x, training)
        assert outputs.dtype == "float32" == ours(keras.Input((4,), dtype=dtype)).dtype
        np.testing.assert_array_equal(
            outputs, drop(floats, x.astype("float32"), training)
        )


@pytest.mark.parametrize("noise_shape", [(None, 1, None), (3, 1, 50), [1, None, 1]])
def test_noise_shape_shares_masks_along_the_axes_of_size_1_as_in_keras(noise_shape):
    x = np.ones((3, 40, 50), "float32")
    for kind in (Dropout, keras.layers.Dropout):
        kept = drop(kind(0.5, noise_shape, 13), x)
        assert {*np.unique(kept)} == {0, 2}
        for axis, size in enumerate(noise_shape):
            assert (kept == kept.take([0], axis)).all() == (size == 1)
    again = Dropout.from_config(Dropout(0.5, noise_shape).get_config())
    assert again.noise_shape == (*noise_shape,)


def test_a_noise_shape_that_does_not_fit_is_refused():
    with pytest.raises(ValueError, match=r"`noise_shape` and `mask` both say.*'batch'"):
        Dropout(0.5, (1, None), mask="batch")
    for shape in ("batch", 3, (0, 2), (1.5, 2)):
        with pytest.raises(ValueError, match=r"`noise_shape` is the shape.*Received"):
            Dropout(0.5, shape)
    with pytest.raises(ValueError, match=r"an entry for each axis.*expected 3"):
        Dropout(0.5, (1, None))(keras.Input((4, 5)))
