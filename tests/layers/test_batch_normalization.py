"""BatchNormalization: its formula, both variances, and its Keras twin."""

import keras
import numpy as np
import pytest
from compiling import JITS
from feeding import batches as fed
from layer_checks import numpy

from study.layers import BatchNormalization


def batches(*shape):
    return np.random.default_rng(0).normal(3, 2, size=shape).astype("float32")


@pytest.mark.parametrize(
    ("axis", "shape"),
    [
        (-1, (7, 5)),
        (1, (7, 5)),
        (1, (3, 5, 4, 2)),
        (-2, (3, 4, 5, 2)),
        (3, (3, 4, 2, 5)),
    ],
)
def test_training_normalizes_each_unit_over_all_other_axes(axis, shape):
    x = batches(*shape)
    layer = BatchNormalization(axis, epsilon=0.5)
    layer.build(x.shape)
    gamma, beta = np.arange(1, 6), np.arange(5) - 2
    layer.gamma.assign(gamma)
    layer.beta.assign(beta)
    outputs = np.moveaxis(numpy(layer(x, training=True)), axis, -1).reshape(-1, 5)
    values = np.moveaxis(x, axis, -1).reshape(-1, 5)
    deviations = values - values.mean(axis=0)
    expected = gamma * deviations / np.sqrt((deviations**2).mean(axis=0) + 0.5) + beta
    np.testing.assert_allclose(outputs, expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("variance", ["biased", "unbiased"])
@pytest.mark.parametrize("shape", [(7, 5), (3, 4, 2, 5)])
def test_moving_moments_keep_the_share_momentum_at_every_step(variance, shape):
    layer = BatchNormalization(momentum=0.8, variance=variance)
    mean, spread = np.zeros(5), np.ones(5)
    for x in batches(4, *shape):
        layer(x, training=True)
        values = x.reshape(-1, 5).astype("float64")
        mean = 0.8 * mean + 0.2 * values.mean(axis=0)
        ddof = int(variance == "unbiased")
        spread = 0.8 * spread + 0.2 * values.var(axis=0, ddof=ddof)
    np.testing.assert_allclose(numpy(layer.moving_mean), mean, rtol=1e-5)
    np.testing.assert_allclose(numpy(layer.moving_variance), spread, rtol=1e-5)


def test_inference_uses_the_moving_moments_and_leaves_them():
    x = batches(7, 2)
    layer = BatchNormalization(
        epsilon=0.0,
        gamma_initializer=keras.initializers.Constant(3.0),
        beta_initializer="ones",
        moving_mean_initializer=keras.initializers.Constant(2.0),
        moving_variance_initializer=keras.initializers.Constant(4.0),
    )
    outputs = numpy(layer(x))
    np.testing.assert_allclose(outputs, 3 * (x - 2) / 2 + 1, rtol=1e-5, atol=1e-5)
    np.testing.assert_array_equal(numpy(layer.moving_mean), [2, 2])
    np.testing.assert_array_equal(numpy(layer.moving_variance), [4, 4])


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"momentum": 0.9, "epsilon": 1e-6, "moving_variance_initializer": "zeros"},
    ],
    ids=["Keras's settings", "the textbook's"],
)
@pytest.mark.usual("Keras's settings")
def test_it_trains_as_its_keras_twin_does_over_100_steps(settings):
    x, y = batches(200, 5), batches(200, 3)
    models = []
    for normalization in (BatchNormalization, keras.layers.BatchNormalization):
        layers = [keras.Input((5,)), keras.layers.Dense(7), normalization(**settings)]
        models.append(keras.Sequential([*layers, keras.layers.Dense(3)]))
    models[1].set_weights(models[0].get_weights())
    for model in models:
        model.compile(keras.optimizers.SGD(0.01), "mse", jit_compile=JITS)
        model.fit(**fed(x, y, 10), epochs=5, verbose=0)
    names = [each.path.split("/")[-1] for each in models[0].weights]
    assert names == [each.path.split("/")[-1] for each in models[1].weights]
    for name, ours, twin in zip(names, *(m.get_weights() for m in models), strict=True):
        # The bias before a normalization has no gradient but rounding.
        np.testing.assert_allclose(ours, twin, rtol=2e-4, atol=2e-5, err_msg=name)
    np.testing.assert_allclose(
        *(model.predict(x, verbose=0) for model in models), rtol=1e-3, atol=1e-4
    )


def test_the_default_settings_are_those_of_keras():
    ours, twin = BatchNormalization(), keras.layers.BatchNormalization()
    config = ours.get_config()
    for name in ("axis", "momentum", "epsilon"):
        assert config[name] == twin.get_config()[name]
    x = batches(7, 5)
    for training in (False, True, False):
        np.testing.assert_allclose(
            numpy(ours(x, training=training)),
            numpy(twin(x, training=training)),
            rtol=1e-5,
            atol=1e-5,
        )


@pytest.mark.parametrize("variance", ["biased", "unbiased"])
def test_a_batch_of_one_returns_beta_and_moves_towards_no_variance(variance):
    layer = BatchNormalization(
        momentum=0.75, variance=variance, beta_initializer="ones"
    )
    outputs = numpy(layer(np.array([[8.0, -4.0]], "float32"), training=True))
    np.testing.assert_array_equal(outputs, [[1, 1]])
    np.testing.assert_array_equal(numpy(layer.moving_mean), [2, -1])
    np.testing.assert_array_equal(numpy(layer.moving_variance), [0.75, 0.75])


def test_a_frozen_layer_trains_in_inference_as_in_keras():
    x = batches(7, 5)
    layer = BatchNormalization()
    layer.build(x.shape)
    layer.trainable = False
    outputs = numpy(layer(x, training=True))
    np.testing.assert_array_equal(outputs, numpy(layer(x)))
    np.testing.assert_array_equal(numpy(layer.moving_mean), np.zeros(5))


def test_moments_of_half_precision_inputs_are_taken_in_single():
    # The squares, up to 10**6, lie beyond half precision.
    x = (1_000 * batches(64, 3)).astype("float16")
    layer = BatchNormalization(momentum=0.0, dtype="mixed_float16")
    outputs = layer(x, training=True)
    assert keras.backend.standardize_dtype(outputs.dtype) == "float16"
    np.testing.assert_allclose(numpy(outputs).std(axis=0), 1, rtol=1e-2)
    expected = x.astype("float64").var(axis=0)
    np.testing.assert_allclose(numpy(layer.moving_variance), expected, rtol=1e-4)


@pytest.mark.parametrize("name", ["momentum", "epsilon"])
def test_swept_numbers_may_be_replaced_by_tensors(name):
    x = batches(7, 5)
    layer, swept = BatchNormalization(**{name: 0.3}), BatchNormalization(**{name: 0})
    setattr(swept, name, keras.ops.convert_to_tensor(0.3, "float32"))
    for training in (True, False):
        np.testing.assert_allclose(
            numpy(swept(x, training=training)),
            numpy(layer(x, training=training)),
            rtol=1e-5,
            atol=1e-6,
        )


def test_momentum_0_keeps_the_last_batch_alone():
    layer = BatchNormalization(momentum=0)
    for x in batches(2, 7, 5):
        layer(x, training=True)
    np.testing.assert_allclose(numpy(layer.moving_mean), x.mean(axis=0), rtol=1e-5)


@pytest.mark.parametrize("momentum", [-0.1, 1, float("nan")])
def test_a_momentum_that_is_no_share_is_refused(momentum):
    message = rf"share of the moving moments.*excluded. Received: momentum={momentum}$"
    with pytest.raises(ValueError, match=message):
        BatchNormalization(momentum=momentum)


@pytest.mark.parametrize("epsilon", [-1e-9, float("nan")])
def test_a_negative_epsilon_is_refused(epsilon):
    with pytest.raises(ValueError, match=f"at least 0. Received: epsilon={epsilon}"):
        BatchNormalization(epsilon=epsilon)


def test_an_unknown_variance_is_refused():
    with pytest.raises(ValueError, match=r"'unbiased'. Received: variance='exact'"):
        BatchNormalization(variance="exact")


@pytest.mark.parametrize("axis", [0, -2, 2, -3])
def test_an_axis_that_holds_no_units_is_refused(axis):
    with pytest.raises(ValueError, match=rf"one of 2 axes but the first.*axis={axis},"):
        BatchNormalization(axis).build((7, 5))


def test_an_unknown_number_of_units_is_refused():
    with pytest.raises(ValueError, match=r"known number of units.*\(None, 5, None\)"):
        BatchNormalization().build((None, 5, None))


@pytest.mark.parametrize("scale", [True, False])
@pytest.mark.parametrize("center", [True, False])
def test_without_a_shift_or_a_scale_it_has_no_weight_for_it_as_in_keras(center, scale):
    options = {"center": center, "scale": scale}
    ours = BatchNormalization(**options)
    twin = keras.layers.BatchNormalization(**options)
    x = batches(7, 5)
    for training in (True, False):
        np.testing.assert_allclose(
            numpy(ours(x, training=training)),
            numpy(twin(x, training=training)),
            rtol=1e-5,
            atol=1e-5,
        )
    names = [each.name for each in twin.weights]
    assert [each.name for each in ours.weights] == names
    again = BatchNormalization.from_config(ours.get_config())
    again.build(x.shape)
    assert [each.name for each in again.weights] == names


def test_shift_and_scale_are_regularized_and_constrained_as_in_keras():
    options = {
        "beta_initializer": "ones",
        "beta_regularizer": keras.regularizers.L2(0.5),
        "gamma_regularizer": keras.regularizers.L1(0.25),
        "beta_constraint": keras.constraints.MaxNorm(0.1),
        "gamma_constraint": "non_neg",
    }
    ours = BatchNormalization(**options)
    twin = keras.layers.BatchNormalization(**options)
    for layer in (ours, twin):
        layer.build((None, 3))
    assert [float(each) for each in ours.losses] == [
        float(each) for each in twin.losses
    ]
    for one, other in zip(ours.weights, twin.weights, strict=True):
        assert type(one.constraint) is type(other.constraint)
    again = BatchNormalization.from_config(ours.get_config())
    assert again.get_config() == ours.get_config()


@pytest.mark.parametrize("policy", ["float16", "bfloat16"])
def test_moments_of_half_precision_move_as_those_of_keras(policy):
    ours = BatchNormalization(momentum=0.5, dtype=policy)
    twin = keras.layers.BatchNormalization(momentum=0.5, dtype=policy)
    for x in batches(3, 7, 5):
        for layer in (ours, twin):
            layer(x, training=True)
    for one, other in zip(ours.weights, twin.weights, strict=True):
        one, other = (numpy(each).astype("float64") for each in (one, other))
        # A rounding each of three steps, to 8 bits at the least.
        np.testing.assert_allclose(one, other, rtol=3 * 2**-8)


@pytest.mark.parametrize("training", [True, False])
def test_positions_that_are_masked_do_not_count_as_in_keras(training):
    x = batches(3, 4, 5)
    mask = np.arange(4) < np.array([[4], [2], [1]])
    ours = BatchNormalization(momentum=0.5)
    twin = keras.layers.BatchNormalization(momentum=0.5)
    np.testing.assert_allclose(
        numpy(ours(x, training=training, mask=mask)),
        numpy(twin(x, training=training, mask=mask)),
        rtol=1e-5,
        atol=1e-5,
    )
    for mine, theirs in zip(ours.weights, twin.weights, strict=True):
        np.testing.assert_allclose(numpy(mine), numpy(theirs), rtol=1e-5, atol=1e-6)


def test_an_unbiased_variance_counts_what_is_not_masked():
    x = batches(3, 4, 5)
    mask = np.arange(4) < np.array([[4], [2], [1]])
    layer = BatchNormalization(momentum=0, variance="unbiased")
    layer(x, training=True, mask=mask)
    expected = x[mask].var(axis=0, ddof=1)
    np.testing.assert_allclose(numpy(layer.moving_variance), expected, rtol=1e-4)


def test_where_all_is_masked_the_moments_are_finite():
    layer = BatchNormalization()
    outputs = layer(batches(3, 5), training=True, mask=np.zeros(3, bool))
    assert np.isfinite(numpy(outputs)).all()
    assert all(np.isfinite(numpy(each)).all() for each in layer.weights)


def test_a_mask_of_another_shape_is_refused():
    message = r"without the last axis. Received: mask of shape \(3, 5\)"
    with pytest.raises(ValueError, match=message):
        BatchNormalization()(batches(3, 5), mask=np.ones((3, 5), bool))
