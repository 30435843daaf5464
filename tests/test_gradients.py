"""Gradients and Hessians: closed forms, central differences, shapes, precision."""

import keras
import numpy as np
import pytest
from keras import ops

from study.gradients import gradient, hessian, value

X = np.array([0.3, -1.2])


def rosenbrock(x):
    return 100 * (x[1] - x[0] ** 2) ** 2 + (1 - x[0]) ** 2


def test_a_function_with_known_derivatives():
    a, b = X
    assert value(rosenbrock, X) == pytest.approx(100 * (b - a**2) ** 2 + (1 - a) ** 2)
    first = [-400 * a * (b - a**2) - 2 * (1 - a), 200 * (b - a**2)]
    np.testing.assert_allclose(gradient(rosenbrock, X), first, rtol=1e-13)
    second = [[1200 * a**2 - 400 * b + 2, -400 * a], [-400 * a, 200]]
    np.testing.assert_allclose(hessian(rosenbrock, X), second, rtol=1e-13)


def network(x):
    """Return the loss of a network of 2 softplus units, its weights in one array.

    Products are written out: Keras's `matmul` is float32 on PyTorch, `tanh` on JAX.
    """
    inputs = ops.convert_to_tensor(np.linspace(-1, 1, 15).reshape(5, 3, 1), x.dtype)
    hidden = ops.softplus(ops.sum(inputs * ops.reshape(x[:6], (3, 2)), axis=1))
    return ops.sum(ops.sigmoid(ops.sum(hidden * x[6:], axis=1)) ** 2)


def test_a_network_agrees_with_central_differences():
    x = np.random.default_rng(0).normal(size=8)
    step = 1e-5  # the error: h² = 1e-10 of the third derivative, and 1e-16 / h
    steps = step * np.eye(8)
    first = [
        (value(network, x + h) - value(network, x - h)) / (2 * step) for h in steps
    ]
    np.testing.assert_allclose(gradient(network, x), first, atol=1e-9)
    second = [
        (gradient(network, x + h) - gradient(network, x - h)) / (2 * step)
        for h in steps
    ]
    np.testing.assert_allclose(hessian(network, x), second, atol=1e-9)
    assert abs(hessian(network, x)).max() > 1e-3


def test_shapes_are_those_of_x_once_and_twice():
    x = np.arange(6.0).reshape(2, 3)

    def function(x):
        return ops.sum(x**3) + x[0, 1] * x[1, 2]

    assert gradient(function, x).shape == (2, 3)
    second = hessian(function, x)
    assert second.shape == (2, 3, 2, 3)
    assert second[1, 1, 1, 1] == pytest.approx(6 * x[1, 1])
    assert second[0, 1, 1, 2] == second[1, 2, 0, 1] == pytest.approx(1)
    assert second[0, 0, 1, 2] == 0


def test_one_number_is_an_x_too():
    assert gradient(lambda x: x**3, 2.0) == pytest.approx(12)
    assert hessian(lambda x: x**3, 2.0) == pytest.approx(12)
    assert hessian(lambda x: x**3, 2.0).shape == ()


@pytest.mark.parametrize(
    "function",
    [lambda x: 3.0, lambda x: ops.convert_to_tensor(3.0)],
    ids=["number", "tensor"],
)
def test_a_constant_has_derivatives_of_0(function):
    assert (gradient(function, X) == np.zeros(2)).all()
    assert (hessian(function, X) == np.zeros((2, 2))).all()


def test_a_linear_function_has_a_hessian_of_0():
    assert (gradient(lambda x: 3 * x[0] - x[1], X) == [3, -1]).all()
    assert (hessian(lambda x: 3 * x[0] - x[1], X) == np.zeros((2, 2))).all()


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_results_are_numpy_arrays_in_the_precision_of_x(dtype):
    for each in (value, gradient, hessian):
        result = each(rosenbrock, X.astype(dtype))
        assert isinstance(result, np.ndarray)
        assert result.dtype == dtype


def test_float64_is_kept_throughout_and_left_as_it_was_found():
    # In float32 the sum would be 1 and the difference 0.
    assert value(lambda x: (x[0] + 1e-12) - 1, [1.0]) == pytest.approx(1e-12, rel=1e-3)
    assert gradient(lambda x: (1 + 1e-12 * x[0]) ** 2 - 1, [1.0]) == pytest.approx(
        2e-12
    )
    before = ops.convert_to_numpy(ops.convert_to_tensor(np.ones(1))).dtype
    gradient(rosenbrock, X)
    assert ops.convert_to_numpy(ops.convert_to_tensor(np.ones(1))).dtype == before


def test_the_weights_of_a_model_beside_x_stay_as_they_are():
    layer = keras.layers.Dense(1, kernel_initializer="ones")
    layer.build((None, 2))
    x = np.array([[0.5, 2.0]], "float32")
    result = gradient(lambda x: ops.sum(layer(x) ** 2), x)
    np.testing.assert_allclose(result, [[5, 5]], rtol=1e-6)
    assert (layer.get_weights()[0] == 1).all()


@pytest.mark.parametrize("each", [value, gradient, hessian])
def test_a_function_of_several_numbers_is_refused(each):
    with pytest.raises(ValueError, match=r"one number: sum .* shape \(2,\)"):
        each(lambda x: x**2, X)


@pytest.mark.parametrize("each", [value, gradient, hessian])
def test_integers_are_refused(each):
    with pytest.raises(ValueError, match=r"must hold floats.*dtype int"):
        each(rosenbrock, [1, 2])
