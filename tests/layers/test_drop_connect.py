"""DropConnect: masks of the kernel, and what inference makes of them."""

import itertools

import keras
import numpy as np
import pytest
import scipy.stats
from compiling import JITS
from feeding import batches
from layer_checks import SIGMAS, draw_inputs, numpy, outputs_and_gradients

from study.layers import DropConnect

masks = pytest.mark.parametrize("mask", ["example", "batch"])
inferences = pytest.mark.parametrize("inference", ["mean", "gaussian"])


def kernels(layer, examples, features):
    """Show the kernel that each example meets: feed it the unit vectors."""
    x = np.tile(np.eye(features, dtype="float32"), (examples, 1, 1))
    return numpy(layer(x, training=True))


@masks
@pytest.mark.parametrize("rate", [0.1, 0.5, 0.93])
def test_the_share_of_weights_dropped_is_the_rate(mask, rate):
    layer = DropConnect(101, rate, mask=mask, seed=1, kernel_initializer="ones")
    seen = kernels(layer, examples=1, features=103)
    assert set(np.unique(seen)) == {0, 1}  # a weight is dropped or left as it is
    error = np.sqrt(rate * (1 - rate) / seen.size)
    assert abs((seen == 0).mean() - rate) < SIGMAS * error


def test_a_mask_per_example_differs_between_examples_and_between_calls():
    layer = DropConnect(11, 0.5, seed=2, kernel_initializer="ones")
    seen = [*kernels(layer, 4, 13), *kernels(layer, 4, 13)]
    for one, other in itertools.combinations(seen, 2):
        assert not np.array_equal(one, other)


def test_a_mask_per_batch_is_equal_in_a_batch_and_differs_between_calls():
    layer = DropConnect(11, 0.5, mask="batch", seed=2, kernel_initializer="ones")
    first, second = kernels(layer, 4, 13), kernels(layer, 4, 13)
    assert (first == first[0]).all()
    assert (second == second[0]).all()
    assert not np.array_equal(first[0], second[0])


@masks
def test_flat_examples_meet_masks_as_examples_with_more_axes_do(mask):
    x = draw_inputs(7, 13)
    one, other = (DropConnect(5, 0.5, mask=mask, seed=3) for _ in range(2))
    outputs = numpy(one(x, training=True))
    other.build(x.shape)
    other.set_weights(one.get_weights())
    deep = kernels(other, 7, 13)  # the same draws: equal seeds, equal shapes
    np.testing.assert_allclose(
        outputs, np.einsum("bi,bij->bj", x, deep), rtol=1e-5, atol=1e-6
    )


@masks
@inferences
def test_biases_are_never_dropped(mask, inference):
    layer = DropConnect(
        17, 0.9, None, mask, inference, kernel_initializer="zeros", seed=4
    )
    layer.build((None, 3))
    bias = draw_inputs(17)
    layer.bias.assign(bias)
    for training in (True, False):
        outputs = numpy(layer(np.ones((5, 3), "float32"), training=training))
        np.testing.assert_allclose(outputs, np.tile(bias, (5, 1)), rtol=1e-5)


@masks
@inferences
@pytest.mark.usual("mean-example", "gaussian-batch")
def test_inference_is_the_mean_of_training_where_nothing_bends(mask, inference):
    draws, rate = 100, 0.3
    layer = DropConnect(5, rate, None, mask, inference, samples=4_000, seed=5)
    x = draw_inputs(1, 13)
    trained = np.stack([numpy(layer(x, training=True)) for _ in range(draws)])
    spread = trained.std(axis=0)
    error = spread * np.sqrt(1 / draws + 1 / 4_000)
    assert (abs(trained.mean(axis=0) - numpy(layer(x))) < SIGMAS * error).all()


def test_mean_inference_multiplies_the_kernel_by_the_share_kept():
    layer = DropConnect(5, 0.3, "tanh", bias_initializer="ones")
    x = draw_inputs(7, 13)
    layer.build(x.shape)
    expected = np.tanh(x @ (0.7 * numpy(layer.kernel)) + 1)
    np.testing.assert_allclose(numpy(layer(x)), expected, rtol=1e-5, atol=1e-6)


def test_gaussian_inference_has_the_moments_of_training():
    rate, n = 0.3, 20_000
    layer = DropConnect(
        1, rate, keras.ops.square, inference="gaussian", samples=n, seed=6
    )
    x = draw_inputs(1, 13)
    layer.build(x.shape)
    parts = x[0] * numpy(layer.kernel)[:, 0]
    mean, variance = 0.7 * parts.sum(), rate * 0.7 * (parts**2).sum()
    # For z of this mean and variance, E[z²] = mean² + variance; the sd of z² for a
    # normal z is sqrt(2 variance² + 4 mean² variance).
    error = np.sqrt((2 * variance**2 + 4 * mean**2 * variance) / n)
    assert abs(float(layer(x)[0, 0]) - (mean**2 + variance)) < SIGMAS * error
    many = np.repeat(x, n, axis=0)
    plain = DropConnect(1, rate, seed=7)
    plain.build(x.shape)
    plain.set_weights(layer.get_weights())
    z = numpy(plain(many, training=True))[:, 0]
    assert abs(z.mean() - mean) < SIGMAS * np.sqrt(variance / n)
    fourth = np.sqrt(((z - mean) ** 4).mean() / n)  # bounds the sd of the variance
    assert abs(((z - mean) ** 2).mean() - variance) < SIGMAS * fourth


def test_gaussian_inference_of_relu_averages_the_bent_half():
    n, rate = 20_000, 0.5
    layer = DropConnect(3, rate, "relu", inference="gaussian", samples=n, seed=8)
    x = draw_inputs(2, 13)
    layer.build(x.shape)
    kernel = numpy(layer.kernel)
    mean = 0.5 * x @ kernel
    stddev = np.sqrt(0.25 * x**2 @ kernel**2)
    a = mean / stddev
    expected = mean * scipy.stats.norm.cdf(a) + stddev * scipy.stats.norm.pdf(a)
    error = stddev / np.sqrt(n)  # a ReLU never widens a distribution
    assert (abs(numpy(layer(x)) - expected) < SIGMAS * error).all()


def test_gaussian_inference_is_nearer_to_the_mean_of_training_than_mean_inference():
    x = draw_inputs(5, 41)
    layers = [
        DropConnect(7, 0.5, "relu", inference=inference, samples=4_000, seed=9)
        for inference in ("mean", "gaussian")
    ]
    for layer in layers:
        layer.build(x.shape)
        layer.set_weights(layers[0].get_weights())
    many = layers[0](np.repeat(x, 2_000, axis=0), training=True)
    trained = numpy(many).reshape(5, 2_000, 7).mean(axis=1)
    far, near = (abs(numpy(layer(x)) - trained).mean() for layer in layers)
    assert near < far / 4


def test_gaussian_inference_draws_anew_at_every_call_and_follows_the_seed():
    x = draw_inputs(5, 13)
    layers = [
        DropConnect(3, 0.5, "tanh", inference="gaussian", samples=2, seed=seed)
        for seed in (10, 10, 11)
    ]
    for layer in layers:
        layer.build(x.shape)
        layer.set_weights(layers[0].get_weights())
    one, same, other = (numpy(layer(x)) for layer in layers)
    np.testing.assert_array_equal(one, same)
    assert not np.array_equal(one, other)
    assert not np.array_equal(one, numpy(layers[0](x)))


@inferences
def test_an_example_of_zeros_has_a_finite_gradient(inference):
    layer = DropConnect(3, 0.5, inference=inference, seed=12)
    x = np.zeros((2, 5), "float32")
    layer.build(x.shape)
    _, gradients = outputs_and_gradients(layer, x, training=False)
    assert all(np.isfinite(each).all() for each in gradients)


@pytest.mark.parametrize("inference", ["mean", "gaussian"])
def test_inference_in_half_precision_is_near_that_in_single(inference):
    x = 100 * draw_inputs(5, 300)  # the sum of squares is beyond half precision
    single = DropConnect(3, 0.5, "tanh", inference=inference, seed=13)
    half = DropConnect(
        3, 0.5, "tanh", inference=inference, seed=13, dtype="mixed_float16"
    )
    expected = numpy(single(x))
    half.build(x.shape)
    half.set_weights(single.get_weights())
    # Each product is rounded by up to 2**-11 of itself, on both sides of zero, and no
    # slope of tanh is above 1: five standard errors of the sum before it.
    kernel = single.get_weights()[0]
    limit = 5 * 2**-11 * 0.5 * np.sqrt(x**2 @ kernel**2)
    assert (abs(numpy(half(x)) - expected) < limit).all()


@masks
@pytest.mark.usual("example")
def test_at_rate_0_it_trains_as_keras_dense_does_over_100_steps(mask):
    x, y = draw_inputs(100, 13), draw_inputs(100, 3)
    ours = DropConnect(3, 0, "tanh", mask=mask)
    models = [
        keras.Sequential([keras.Input((13,)), each])
        for each in (ours, keras.layers.Dense(3, "tanh"))
    ]
    models[1].set_weights(models[0].get_weights())
    before = models[0].get_weights()[0]
    for model in models:
        model.compile(keras.optimizers.SGD(0.1), "mse", jit_compile=JITS)
        model.fit(**batches(x, y, 5), epochs=5, verbose=0)
    ours, dense = (model.get_weights() for model in models)
    for one, other in zip(ours, dense, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-5)
    assert abs(ours[0] - before).max() > 0.1


@inferences
def test_at_rate_0_inference_is_that_of_keras_dense(inference):
    layer, dense = DropConnect(3, 0, "tanh", "batch", inference), keras.layers.Dense(3)
    x = draw_inputs(7, 13)
    dense.build(x.shape)
    layer.build(x.shape)
    layer.set_weights(dense.get_weights())
    expected = np.tanh(numpy(dense(x)))
    np.testing.assert_allclose(numpy(layer(x)), expected, rtol=1e-5, atol=1e-6)


@masks
def test_gradients_reach_the_weights_kept_and_no_other(mask):
    layer = DropConnect(5, 0.5, mask=mask, seed=14, kernel_initializer="ones")
    x = np.eye(13, dtype="float32")[None]  # one example: its kernel is its outputs
    layer.build(x.shape)
    outputs, (kernel, bias, _) = outputs_and_gradients(layer, x, training=True)
    np.testing.assert_array_equal(kernel, outputs[0])
    np.testing.assert_array_equal(bias, np.full(5, 13))


@masks
@inferences
def test_the_rate_may_be_replaced_by_a_tensor(mask, inference):
    x = draw_inputs(5, 13)
    layer, swept = (
        DropConnect(3, rate, "tanh", mask, inference, seed=15) for rate in (0.3, 0)
    )
    layer.build(x.shape)
    swept.build(x.shape)
    swept.set_weights(layer.get_weights())
    swept.rate = keras.ops.convert_to_tensor(0.3, "float32")
    for training in (True, False):
        np.testing.assert_allclose(
            numpy(swept(x, training=training)),
            numpy(layer(x, training=training)),
            rtol=1e-5,
            atol=1e-6,
        )


def test_regularizers_and_constraints_hold_the_undropped_weights():
    layer = DropConnect(
        3,
        0.5,
        kernel_regularizer=keras.regularizers.L1(0.1),
        bias_regularizer="l2",
        kernel_constraint="non_neg",
        bias_constraint="non_neg",
        kernel_initializer="ones",
    )
    layer(np.ones((2, 5), "float32"), training=True)
    assert float(sum(layer.losses)) == pytest.approx(1.5)  # 0.1 for each of 15
    assert isinstance(layer.kernel.constraint, keras.constraints.NonNeg)
    assert isinstance(layer.bias.constraint, keras.constraints.NonNeg)


def test_without_a_bias_there_is_none():
    layer = DropConnect(3, 0.5, use_bias=False)
    layer.build((None, 5))
    assert [each.name for each in layer.weights] == ["kernel"]


@pytest.mark.parametrize("rate", [-1e-9, 1, 1.5, float("nan")])
def test_a_rate_that_is_no_share_is_refused(rate):
    message = rf"share of weights dropped: .*1 excluded. Received: rate={rate}$"
    with pytest.raises(ValueError, match=message):
        DropConnect(3, rate)


@pytest.mark.parametrize("value", [0, -3, 2.5])
@pytest.mark.parametrize("name", ["units", "samples"])
def test_counts_that_are_not_positive_integers_are_refused(name, value):
    options = {"units": 3, "rate": 0.5, name: value}
    with pytest.raises(ValueError, match=f"positive integer. Received: {name}={value}"):
        DropConnect(**options)


def test_an_unknown_mask_is_refused():
    with pytest.raises(ValueError, match=r"'example' or 'batch'. .*mask='epoch'"):
        DropConnect(3, 0.5, mask="epoch")


def test_an_unknown_inference_is_refused():
    with pytest.raises(ValueError, match=r"'mean' or 'gaussian'. .*inference='none'"):
        DropConnect(3, 0.5, inference="none")
