"""L1, L2, L1L2, KLSparsity: values, gradients, Keras twins, precision, saving."""

import keras
import numpy as np
import pytest
from autodiff import BACKEND, numpy, value_and_gradient
from compiling import JITS
from twins import assert_equal_training, train

from study.regularizers import L1, L1L2, L2, KLSparsity

W = np.asarray([[3.0, -4.0, 0.0], [0.5, 0.0, -1.5]])
# The gradients of L1 and L2 with strength 1.
SIGNS = np.sign(W)
PENALTIES = [
    pytest.param(L1(0.3), 0.3 * 9, 0.3 * SIGNS, id="L1"),
    pytest.param(L2(0.3), 0.15 * 27.5, 0.3 * W, id="L2"),
    pytest.param(
        L1L2(0.2, 0.4), 0.2 * 9 + 0.2 * 27.5, 0.2 * SIGNS + 0.4 * W, id="L1L2"
    ),
]
TWINS = [
    pytest.param(L1(0.1), keras.regularizers.L1(0.1), id="L1"),
    pytest.param(L2(0.1), keras.regularizers.L2(0.1 / 2), id="L2"),
    pytest.param(L1L2(0.05, 0.1), keras.regularizers.L1L2(0.05, 0.1 / 2), id="L1L2"),
]
ALL = [L1(0.3), L2(0.3), L1L2(0.2, 0.4), KLSparsity(0.1, 0.3)]
each_of_them = pytest.mark.parametrize(
    "regularizer", ALL, ids=lambda r: type(r).__name__
)
ACTIVITY = np.random.default_rng(4).uniform(0.05, 0.9, (7, 3))


def divergence(rho, mean):
    return rho * np.log(rho / mean) + (1 - rho) * np.log((1 - rho) / (1 - mean))


@pytest.mark.parametrize(("regularizer", "loss", "gradient"), PENALTIES)
def test_loss_and_gradient_are_those_worked_by_hand(regularizer, loss, gradient):
    value, slope = value_and_gradient(regularizer, W)
    assert value == pytest.approx(loss, rel=1e-6)
    np.testing.assert_allclose(slope, gradient, rtol=1e-6)


@pytest.mark.parametrize(("ours", "theirs"), TWINS)
@pytest.mark.usual("L1L2")
def test_training_is_that_of_the_keras_twin(ours, theirs):
    assert_equal_training(
        train(kernel_regularizer=ours), train(kernel_regularizer=theirs)
    )


def test_l2_with_plain_sgd_is_keras_weight_decay_of_the_same_strength():
    x, y = np.random.default_rng(8).normal(size=(2, 7, 3))

    def train_alone(decay=None, penalty=None):
        layer = keras.layers.Dense(3, use_bias=False, kernel_regularizer=penalty)
        model = keras.Sequential([keras.Input((3,)), layer])
        model.set_weights([np.eye(3)])
        optimizer = keras.optimizers.SGD(0.1, weight_decay=decay)
        model.compile(optimizer, "mean_squared_error", jit_compile=JITS)
        for _ in range(100):
            model.train_on_batch(x, y)
        return model.get_weights()[0]

    decayed, penalized = train_alone(decay=0.3), train_alone(penalty=L2(0.3))
    np.testing.assert_allclose(penalized, decayed, rtol=1e-5)
    assert abs(penalized - train_alone()).max() > 0.05


def test_without_a_gradient_l2_shrinks_weights_by_the_same_share_at_every_step():
    layer = keras.layers.Dense(2, use_bias=False, kernel_regularizer=L2(0.5))
    model = keras.Sequential([keras.Input((3,)), layer])
    model.set_weights([W.T])
    model.compile(keras.optimizers.SGD(0.1), "mse", jit_compile=JITS)
    for _ in range(20):
        model.train_on_batch(np.zeros((5, 3)), np.zeros((5, 2)))
    shrunk = (1 - 0.1 * 0.5) ** 20 * W.T
    np.testing.assert_allclose(model.get_weights()[0], shrunk, rtol=1e-5)


@pytest.mark.parametrize("shape", [(7, 3), (7, 2, 5, 3)])
def test_kl_sparsity_is_the_divergence_of_unit_means_whatever_the_batch(shape):
    activity = np.random.default_rng(5).uniform(0.05, 0.9, shape)
    means = activity.reshape(-1, 3).mean(0)
    wanted = 0.3 * divergence(0.1, means).sum()
    layer = keras.layers.Activation("linear", activity_regularizer=KLSparsity(0.1, 0.3))
    layer(keras.ops.convert_to_tensor(activity, "float32"))
    assert float(layer.losses[0]) == pytest.approx(wanted, rel=1e-5)
    # Direct calls return it times the batch, which Keras divides out.
    direct = KLSparsity(0.1, 0.3)(keras.ops.convert_to_tensor(activity, "float32"))
    assert float(direct) == pytest.approx(7 * wanted, rel=1e-5)


def test_kl_sparsity_is_0_and_flat_where_every_mean_is_the_target():
    activity = np.asarray([[0.0, 0.125], [0.25, 0.125]])
    value, gradient = value_and_gradient(KLSparsity(rho=0.125), activity)
    np.testing.assert_allclose(value, 0, atol=1e-8)
    np.testing.assert_allclose(gradient, 0, atol=1e-7)


def test_the_gradient_of_kl_sparsity_pulls_means_to_the_target():
    _, gradient = value_and_gradient(KLSparsity(0.1, 0.3), ACTIVITY)
    mean = ACTIVITY.mean(0)
    # d/d mean of the divergence, over n examples, times the batch n.
    wanted = 0.3 * (-0.1 / mean + 0.9 / (1 - mean))
    # On JAX and PyTorch Keras computes it in single precision.
    rtol = 1e-12 if BACKEND == "tensorflow" else 1e-5
    np.testing.assert_allclose(gradient, np.broadcast_to(wanted, (7, 3)), rtol=rtol)


@pytest.mark.skipif(BACKEND != "tensorflow", reason="others cast to single precision")
@each_of_them
def test_gradients_are_central_differences(regularizer):
    x, h = ACTIVITY + 0.01, 1e-6
    _, gradient = value_and_gradient(regularizer, x)
    for at in [(0, 0), (3, 1), (6, 2)]:
        shift = np.zeros_like(x)
        shift[at] = h
        up, down = (float(regularizer(x + sign * shift)) for sign in (1, -1))
        # Rounding, 1e-16 / h, and the third derivative, times h².
        assert gradient[at] == pytest.approx((up - down) / (2 * h), rel=1e-6)


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_kl_sparsity_is_finite_for_units_that_are_always_off_or_on(value):
    activity = np.full((5, 3), value)
    loss, gradient = value_and_gradient(KLSparsity(0.1, 0.3), activity, "float32")
    limit = keras.config.epsilon() if value == 0 else 1 - keras.config.epsilon()
    wanted = 5 * 3 * 0.3 * divergence(0.1, np.float32(limit).astype("float64"))
    # Single precision knows 1 - 1e-7 to a fifth of the distance from 1.
    assert loss == pytest.approx(wanted, rel=0.02)
    assert np.isfinite(gradient).all()


@each_of_them
def test_sums_of_half_precision_are_taken_in_single_precision(regularizer):
    half = np.full((300, 300), 0.75, "float16")  # 90,000 of them exceed 65,504
    penalty = regularizer(keras.ops.convert_to_tensor(half))
    assert keras.backend.standardize_dtype(penalty.dtype) == "float32"
    precise = regularizer(keras.ops.convert_to_tensor(half.astype("float32")))
    assert float(penalty) == pytest.approx(float(precise), rel=1e-5)
    assert np.isfinite(float(penalty))


@each_of_them
def test_the_strength_is_an_attribute_that_the_call_reads(regularizer):
    x = keras.ops.convert_to_tensor(ACTIVITY, "float32")
    again = type(regularizer).from_config(regularizer.get_config())
    before = float(again(x))
    for name in ("strength", "l1", "l2"):
        if hasattr(again, name):
            setattr(again, name, keras.ops.convert_to_tensor(2 * getattr(again, name)))
    assert float(again(x)) == pytest.approx(2 * before, rel=1e-5)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: L1(-0.1), r"`strength` .*number from 0 up.*Received: strength=-0\.1"),
        (lambda: L2(float("nan")), r"`strength` .*finite.*Received: strength=nan"),
        (lambda: L2(float("inf")), r"`strength` .*finite.*Received: strength=inf"),
        (lambda: L1L2(l1=-1), r"`l1` .*Received: l1=-1"),
        (lambda: L1L2(l2=-1), r"`l2` .*Received: l2=-1"),
        (lambda: KLSparsity(rho=0), r"`rho` .*between 0 and 1.*Received: rho=0"),
        (lambda: KLSparsity(rho=1), r"`rho` .*both excluded.*Received: rho=1"),
        (lambda: KLSparsity(strength=-1), r"`strength` .*Received: strength=-1"),
    ],
)
def test_arguments_out_of_range_are_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()


@pytest.mark.parametrize("kind", [L1, L2, lambda s: L1L2(s, s), KLSparsity])
def test_strength_0_penalizes_nothing(kind):
    regularizer = KLSparsity(0.1, 0.0) if kind is KLSparsity else kind(0.0)
    assert float(regularizer(ACTIVITY)) == 0


@each_of_them
def test_it_comes_back_from_its_config_as_an_identifier(regularizer):
    config = keras.regularizers.serialize(regularizer)
    again = keras.regularizers.get(config)
    assert type(again) is type(regularizer)
    assert again.get_config() == regularizer.get_config()
    assert numpy(again(ACTIVITY)) == numpy(regularizer(ACTIVITY))
