"""Activations: formulas, slopes, Keras twins, extremes, and saving."""

import keras
import numpy as np
import pytest
from autodiff import BACKEND, DOUBLE, numpy, value_and_gradient
from scipy.special import expit

from study import activations
from study.activations import Configured

EPSILON = float(np.finfo(DOUBLE).eps)
RNG = np.random.default_rng(1)
X = np.concatenate([RNG.uniform(-10, 10, 97), [-1, 1, -1.2785, -1.1925], [0] * 4])
X = X.reshape(7, 3, 5)


def step_value(x):
    return np.where(x >= 0, 1.0, 0.0)


def sinc_slope(x):
    safe = np.where(x == 0, 1, x)
    return np.where(x == 0, 0, np.cos(safe) / safe - np.sin(safe) / safe**2)


def mish_slope(x):
    t = np.tanh(np.logaddexp(x, 0))
    return t + x * (1 - t**2) * expit(x)


# The lectures' formulas and slopes, and Keras's twin.
FORMULAS = {
    "step": (step_value, np.zeros_like, None),
    "sigmoid": (expit, lambda x: expit(x) * (1 - expit(x)), "sigmoid"),
    "tanh": (np.tanh, lambda x: 4 / (np.exp(x) + np.exp(-x)) ** 2, "tanh"),
    "softplus": (lambda x: np.logaddexp(x, 0), expit, "softplus"),
    "relu": (lambda x: np.maximum(0, x), lambda x: 1.0 * (x > 0), "relu"),
    "softsign": (
        lambda x: x / (1 + abs(x)),
        lambda x: 1 / (1 + abs(x)) ** 2,
        "softsign",
    ),
    "elu": (
        lambda x: np.where(x > 0, x, np.expm1(np.minimum(x, 0))),
        lambda x: np.where(x > 0, 1, np.exp(np.minimum(x, 0))),
        "elu",
    ),
    "log_sigmoid": (
        lambda x: -np.logaddexp(-x, 0),
        lambda x: 1 - expit(x),
        "log_sigmoid",
    ),
    "swish": (
        lambda x: x * expit(x),
        lambda x: expit(x) * (1 + x * (1 - expit(x))),
        "silu",
    ),
    "sinc": (lambda x: np.sinc(x / np.pi), sinc_slope, None),
    "leaky_relu": (
        lambda x: np.maximum(0.01 * x, x),
        lambda x: np.where(x > 0, 1, 0.01),
        "leaky_relu",
    ),
    "mish": (lambda x: x * np.tanh(np.logaddexp(x, 0)), mish_slope, "mish"),
}
names = pytest.mark.parametrize("name", FORMULAS)
twins = pytest.mark.parametrize(
    "name", [name for name in FORMULAS if FORMULAS[name][2]]
)


def ours(name):
    return getattr(activations, name)


def twin(name):
    function = getattr(keras.activations, FORMULAS[name][2])
    if name == "leaky_relu":
        return lambda x: function(x, negative_slope=0.01)
    return function


def test_every_activation_stands_in_the_tables_of_these_tests():
    functions = {*activations.__all__} - {"Configured"}
    assert functions == {*FORMULAS, "softmax"}


@names
def test_values_and_slopes_are_the_lectures_formulas(name):
    value, slope, _ = FORMULAS[name]
    y, gradient = value_and_gradient(ours(name), X)
    x = X.astype(DOUBLE).astype("float64")
    # Some roundings each, of numbers of the size of |x| at most.
    np.testing.assert_allclose(y, value(x), rtol=8 * EPSILON, atol=8 * EPSILON)
    np.testing.assert_allclose(gradient, slope(x), rtol=16 * EPSILON, atol=16 * EPSILON)


@twins
def test_values_and_slopes_are_those_of_the_keras_twin_also_at_0(name):
    # On JAX Keras's leaky ReLU has slope 1 at 0; elsewhere it has ours.
    x = X[X != 0] if (name, BACKEND) == ("leaky_relu", "jax") else X
    y, gradient = value_and_gradient(ours(name), x, "float32")
    theirs, slope = value_and_gradient(twin(name), x, "float32")
    # Keras's fast sigmoid and softplus are themselves right to some 2e-7.
    np.testing.assert_allclose(y, theirs, rtol=1e-6, atol=5e-7)
    np.testing.assert_allclose(gradient, slope, rtol=1e-5, atol=2e-6)


@names
@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32"])
def test_values_and_slopes_are_finite_and_right_for_all_sizes_up_to_10000(name, dtype):
    sizes = np.geomspace(1e-7, 1e4, 331)
    x = numpy(keras.ops.cast(np.concatenate([-sizes, [0], sizes]), dtype))
    value, slope, _ = FORMULAS[name]
    y, gradient = value_and_gradient(ours(name), x, dtype)
    epsilon = {"float16": 2**-10, "bfloat16": 2**-7, "float32": 2**-23}[dtype]
    with np.errstate(over="ignore"):
        np.testing.assert_allclose(y, value(x), rtol=8 * epsilon, atol=8 * epsilon)
        wanted = slope(x)
    np.testing.assert_allclose(gradient, wanted, rtol=32 * epsilon, atol=32 * epsilon)


@pytest.mark.parametrize("name", [*FORMULAS, "softmax"])
@pytest.mark.parametrize("dtype", ["float16", "float32"])
def test_shape_and_type_are_those_of_the_inputs(name, dtype):
    y = ours(name)(keras.ops.ones((5, 1, 3), dtype=dtype))
    assert tuple(y.shape) == (5, 1, 3)
    assert keras.backend.standardize_dtype(y.dtype) == dtype


@pytest.mark.parametrize("name", [*FORMULAS, "softmax"])
def test_a_diverged_input_shows(name):
    assert np.isnan(numpy(ours(name)([np.nan, 1.0]))[0])


@pytest.mark.parametrize(
    ("name", "x", "y"),
    [("swish", -1.27846454, -0.27846454), ("mish", -1.19243, -0.30884)],
)
def test_the_minimum_is_where_the_docstring_says(name, x, y):
    value, slope = value_and_gradient(ours(name), [x])
    assert value[0] == pytest.approx(y, abs=1e-5)
    assert slope[0] == pytest.approx(0, abs=1e-5)
    assert numpy(ours(name)(X)).min() >= y - 1e-5


def test_the_sigmoid_is_steepest_at_0_with_one_quarter():
    _, slope = value_and_gradient(activations.sigmoid, X)
    assert slope.max() == 0.25
    assert (slope[X != 0] < 0.25).all()


def test_tanh_is_a_stretched_sigmoid():
    stretched = 2 * numpy(activations.sigmoid(2 * X)) - 1
    np.testing.assert_allclose(numpy(activations.tanh(X)), stretched, atol=5e-7)


def test_tanh_keeps_its_digits_near_0():
    tiny = np.asarray([1e-6, -1e-12, 1e-30])
    np.testing.assert_allclose(numpy(activations.tanh(tiny)), tiny, rtol=1e-6)


def test_the_logarithm_of_the_sigmoid_is_exact_where_the_sigmoid_underflows():
    assert float(activations.log_sigmoid(-500.0)) == -500
    assert float(activations.sigmoid(-500.0)) == 0


def test_sinc_is_the_keras_function_without_its_pi():
    theirs = numpy(keras.ops.sinc(X / np.pi))
    np.testing.assert_allclose(numpy(activations.sinc(X)), theirs, atol=5e-7)


@pytest.mark.parametrize("dtype", ["float16", "float32"])
def test_the_slope_of_sinc_near_0_is_minus_a_third_of_x(dtype):
    x = numpy(keras.ops.cast([0.0, 1e-3, -1e-5, 1e-2], dtype))
    _, slope = value_and_gradient(activations.sinc, x, dtype)
    np.testing.assert_allclose(slope, -x / 3, rtol=2e-3, atol=1e-7)
    assert slope[0] == 0


def test_the_step_is_1_from_its_threshold_on():
    x = [-np.inf, 1.25, np.nextafter(1.5, 0, dtype="float32"), 1.5, 1.75, np.inf]
    values = numpy(activations.step(np.asarray(x, "float32"), threshold=1.5))
    assert values.tolist() == [0, 0, 0, 1, 1, 1]


@pytest.mark.parametrize("dtype", ["float16", "float32"])
def test_a_straight_through_step_has_the_same_values_and_slope_1(dtype):
    x = [-1e4, -0.1, 0.0, 0.3, 1e4]
    y, slope = value_and_gradient(
        lambda x: activations.step(x, straight_through=True), x, dtype
    )
    assert y.tolist() == [0, 0, 1, 1, 1]
    assert slope.tolist() == [1, 1, 1, 1, 1]


@pytest.mark.parametrize("slope", [0.0, 0.1, 1.0])
def test_the_slope_below_0_is_the_negative_slope(slope):
    y, gradient = value_and_gradient(
        lambda x: activations.leaky_relu(x, slope), [-3.0, 0.0, 2.0]
    )
    np.testing.assert_allclose(y, [-3 * slope, 0, 2], rtol=1e-6)
    np.testing.assert_allclose(gradient, [slope, slope, 1], rtol=1e-6)


@pytest.mark.parametrize("alpha", [0.0, 0.5, 2.0])
def test_elu_falls_to_minus_alpha(alpha):
    y = numpy(activations.elu([-50.0, np.log(0.5), 3.0], alpha))
    np.testing.assert_allclose(y, [-alpha, -alpha / 2, 3], rtol=1e-6)
    theirs = numpy(
        keras.activations.elu(keras.ops.convert_to_tensor(X, "float32"), alpha)
    )
    np.testing.assert_allclose(numpy(activations.elu(X, alpha)), theirs, atol=1e-6)


@pytest.mark.parametrize("axis", [0, 1, -1])
def test_softmax_is_the_keras_twin_on_every_axis_and_sums_to_1(axis):
    y = numpy(activations.softmax(X, axis=axis))
    theirs = keras.activations.softmax(keras.ops.convert_to_tensor(X, "float32"), axis)
    np.testing.assert_allclose(y, numpy(theirs), atol=5e-7)
    np.testing.assert_allclose(y.sum(axis), 1, atol=1e-6)


def test_the_jacobian_of_softmax_is_the_lectures_and_its_rows_sum_to_0():
    x = np.asarray([0.3, -1.2, 2.0, 0.3, 0.7])
    s = np.exp(x) / np.exp(x).sum()
    rows = []
    for i in range(5):
        value, row = value_and_gradient(lambda x, i=i: activations.softmax(x)[i], x)
        assert value == pytest.approx(s[i], rel=8 * EPSILON)
        rows.append(row)
    jacobian = s[:, None] * (np.eye(5) - s[None])
    np.testing.assert_allclose(rows, jacobian, atol=8 * EPSILON)
    np.testing.assert_allclose(np.sum(rows, axis=1), 0, atol=8 * EPSILON)


@pytest.mark.parametrize("dtype", ["float16", "float32"])
def test_softmax_and_its_slopes_are_finite_for_sizes_up_to_10000(dtype):
    x = [[-1e4, 0.0, 1e4], [1e4, 1e4, -1e4]]
    weights = keras.ops.convert_to_tensor([1.0, 2.0, 3.0], dtype=dtype)
    y, gradient = value_and_gradient(
        lambda x: activations.softmax(x) * weights, x, dtype
    )
    np.testing.assert_allclose(y, [[0, 0, 3], [0.5, 1, 0]])
    np.testing.assert_allclose(gradient, [[0, 0, 0], [-0.25, 0.25, 0]])


@pytest.mark.parametrize("name", ["sigmoid", "softmax"])
def test_a_cross_entropy_clips_our_probabilities_at_epsilon(name):
    """Keras's own are not clipped on TensorFlow, which the docstrings say."""
    x = keras.ops.convert_to_tensor([[-200.0, 200.0]])
    loss = {"sigmoid": "binary_crossentropy", "softmax": "categorical_crossentropy"}
    entropy = keras.losses.get(loss[name])
    truth = keras.ops.convert_to_tensor([[1.0, 0.0]])
    clipped = -np.log(keras.config.epsilon())
    assert float(entropy(truth, ours(name)(x))[0]) == pytest.approx(clipped, rel=0.02)
    theirs = float(entropy(truth, getattr(keras.activations, name)(x))[0])
    logits = {"sigmoid": 200, "softmax": 400}[name]
    wanted = logits if BACKEND == "tensorflow" else clipped
    assert theirs == pytest.approx(wanted, rel=0.02)


@pytest.mark.parametrize("name", [*FORMULAS, "softmax"])
def test_a_function_is_an_identifier_and_its_bare_name_is_not(name):
    function = ours(name)
    assert keras.activations.get(function) is function
    config = keras.activations.serialize(function)
    assert config["config"] == f"study>{name}"
    assert keras.activations.get(config) is function
    if name != "swish" and FORMULAS.get(name, "softmax")[2]:
        assert keras.activations.get(name) is not function


def test_configured_arguments_reach_the_function():
    slope = Configured(activations.leaky_relu, negative_slope=0.1)
    expected = activations.leaky_relu(X, negative_slope=0.1)
    assert (numpy(slope(X)) == numpy(expected)).all()
    through = Configured(activations.step, threshold=2.0, straight_through=True)
    y, gradient = value_and_gradient(through, [1.9, 2.0])
    assert (y.tolist(), gradient.tolist()) == ([0, 1], [1, 1])


def test_a_configured_argument_is_an_attribute_that_the_call_reads():
    slope = Configured(activations.leaky_relu, negative_slope=0.1)
    slope.negative_slope = keras.ops.convert_to_tensor(0.5)
    assert float(slope(-3.0)) == -1.5


def test_a_configured_activation_comes_back_from_its_config():
    slope = Configured(activations.leaky_relu, negative_slope=0.1)
    again = keras.activations.get(keras.activations.serialize(slope))
    assert type(again) is Configured
    assert again.function is activations.leaky_relu
    assert again.negative_slope == 0.1
    assert again.get_config() == slope.get_config()
    of_keras = Configured.from_config(Configured("elu", alpha=2.0).get_config())
    assert of_keras.function is keras.activations.elu


def test_a_configured_activation_refuses_what_its_function_does_not_take():
    with pytest.raises(
        ValueError, match=r"no argument `slope` .*negative_slope.*=0\.1"
    ):
        Configured(activations.leaky_relu, slope=0.1)
    with pytest.raises(ValueError, match=r"`relu` takes no argument `x`"):
        Configured(activations.relu, x=1)
