"""Newton: one step on quadratics, its order, its invariance, saddles and damping."""

import keras
import numpy as np
import pytest
from keras import ops

from study.gradients import gradient, hessian, value
from study.optimizers import newton

ROOT_2 = 2**0.5


def quadratic(matrix, vector):
    """Return 1/2 x·Ax - b·x."""

    def function(x):
        a = ops.convert_to_tensor(matrix, x.dtype)
        b = ops.convert_to_tensor(vector, x.dtype)
        return ops.sum(a * x[:, None] * x) / 2 - ops.sum(b * x)

    return function


def rosenbrock(x):
    return 100 * (x[1] - x[0] ** 2) ** 2 + (1 - x[0]) ** 2


def saddle(x):
    """Saddle at 0 and minima at (0, ±√2)."""
    return x[0] ** 2 - x[1] ** 2 + x[1] ** 4 / 4


@pytest.mark.parametrize("signs", ["minimum", "saddle", "maximum"])
@pytest.mark.parametrize("n", [1, 2, 7])
def test_one_step_solves_every_nonsingular_quadratic(n, signs):
    random = np.random.default_rng(n)
    vectors, _ = np.linalg.qr(random.normal(size=(n, n)))
    eigenvalues = np.geomspace(1, 1e4, n)
    if signs == "saddle":
        eigenvalues[::2] *= -1
    if signs == "maximum":
        eigenvalues *= -1
    matrix, vector = (vectors * eigenvalues) @ vectors.T, random.normal(size=n)
    result = newton(quadratic(matrix, vector), random.normal(size=n), steps=1)
    assert len(result.path) == 2
    # A condition of 1e4 costs four of the sixteen digits.
    solution = np.linalg.solve(matrix, vector)
    np.testing.assert_allclose(result.x, solution, rtol=1e-9, atol=1e-9)
    assert result.value == pytest.approx(-vector @ solution / 2, rel=1e-9)


def test_near_the_minimum_the_error_is_squared_at_every_step():
    result = newton(rosenbrock, [1.1, 1.15])
    assert result.converged
    error = np.linalg.norm(result.path - 1, axis=1)
    error = error[error > 1e-9]  # below, rounding: the condition there is 2,500
    assert len(error) >= 4
    order = np.log(error[1:]) / np.log(error[:-1])
    assert order[-1] > 1.9
    # Half the Hessian's Lipschitz constant (3,200) times its inverse's norm (2.5).
    assert (error[1:] < 4000 * error[:-1] ** 2).all()


def test_from_afar_the_search_goes_down_at_every_step_and_shortens_some():
    result = newton(rosenbrock, [-1.2, 1.0])
    assert result.converged
    np.testing.assert_allclose(result.x, [1, 1], atol=1e-8)
    values = [value(rosenbrock, x) for x in result.path]
    lengths = []
    for x, after in zip(result.path, result.path[1:], strict=False):
        g = gradient(rosenbrock, x)
        direction = -np.linalg.solve(hessian(rosenbrock, x), g)
        length = np.linalg.norm(after - x) / np.linalg.norm(direction)
        lengths.append(length)
        drop = value(rosenbrock, x) - value(rosenbrock, after)
        assert drop >= 1e-4 * length * -(g @ direction) * (1 - 1e-6) - 1e-14
    assert (np.diff(values) < 0).all()
    assert min(lengths) < 1 - 1e-6
    np.testing.assert_allclose(
        np.log2(lengths), np.round(np.log2(lengths)), atol=1e-6
    )  # halved, never otherwise


def test_a_change_of_coordinates_changes_the_coordinates_of_the_path_and_no_more():
    """The path of f(Ay) in y, times A, is the path of f in x, to 1e-8."""
    random = np.random.default_rng(5)
    n = 5
    rows = random.normal(size=(11, n))
    u, _ = np.linalg.qr(random.normal(size=(n, n)))
    v, _ = np.linalg.qr(random.normal(size=(n, n)))
    change = (u * np.geomspace(1, 1e3, n)) @ v

    def function(x):
        products = ops.sum(ops.convert_to_tensor(rows, x.dtype) * x, axis=1)
        return ops.sum(ops.softplus(products)) + ops.sum(x**4) / 4

    def changed(y):
        return function(ops.sum(ops.convert_to_tensor(change, y.dtype) * y, axis=1))

    start = 3 * random.normal(size=n)
    path = newton(function, start, steps=9, tolerance=0).path
    other = newton(changed, np.linalg.solve(change, start), steps=9, tolerance=0).path
    assert len(path) == len(other) == 10
    np.testing.assert_allclose(other @ change.T, path, rtol=0, atol=1e-8)
    assert np.linalg.norm(path[-1] - start) > 1


def test_a_saddle_attracts_it_and_repels_it_when_saddle_free():
    start = [1.0, 0.1]
    plain = newton(saddle, start)
    assert plain.converged
    np.testing.assert_allclose(plain.x, [0, 0], atol=1e-8)
    free = newton(saddle, start, saddle_free=True)
    assert free.converged
    np.testing.assert_allclose(free.x, [0, ROOT_2], atol=1e-8)
    assert free.value == pytest.approx(-1)
    values = [value(saddle, x) for x in free.path]
    assert (np.diff(values) < 0).all()


def test_on_the_saddles_own_ridge_nothing_pushes_it_off():
    assert newton(saddle, [1.0, 0.0], saddle_free=True).x[1] == 0


def test_saddle_free_changes_nothing_where_the_function_is_convex():
    function = quadratic([[4.0, 1.0], [1.0, 3.0]], [1.0, -2.0])
    plain = newton(function, [5.0, 7.0])
    free = newton(function, [5.0, 7.0], saddle_free=True)
    np.testing.assert_allclose(free.path, plain.path, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("saddle_free", [False, True])
@pytest.mark.parametrize("damping", [0.5, 1e6])
def test_damping_adds_to_the_diagonal(damping, saddle_free):
    matrix, vector = np.array([[4.0, 1.0], [1.0, 3.0]]), np.array([1.0, -2.0])
    start = np.array([5.0, 7.0])
    g = matrix @ start - vector
    expected = start - np.linalg.solve(matrix + damping * np.eye(2), g)
    result = newton(
        quadratic(matrix, vector),
        start,
        damping=damping,
        saddle_free=saddle_free,
        steps=1,
    )
    np.testing.assert_allclose(result.x, expected, rtol=1e-12)
    if damping > 1e5:  # a short step down the gradient
        np.testing.assert_allclose((start - result.x) * damping, g, rtol=1e-5)


def test_a_step_out_of_the_domain_is_shortened_until_it_is_inside():
    # On x - log x the full step from 3 goes to -3, where the logarithm is not a number.
    result = newton(lambda x: x[0] - ops.log(x[0]), [3.0])
    assert result.converged
    assert result.x == pytest.approx([1])
    assert (result.path > 0).all()


def test_a_linear_model_is_trained_in_one_step():
    """A mean squared error is a quadratic of the weights, cut from one array."""
    random = np.random.default_rng(2)
    inputs, targets = random.normal(size=(11, 3)), random.normal(size=(11, 1))
    model = keras.Sequential(
        [keras.Input((3,), dtype="float64"), keras.layers.Dense(1, dtype="float64")]
    )

    def loss(x):
        kernel, bias = ops.reshape(x[:3], (3, 1)), x[3:]
        data = ops.convert_to_tensor(inputs, x.dtype)
        outputs, _ = model.stateless_call([kernel, bias], [], data)
        outputs = ops.cast(outputs, x.dtype)
        return ops.mean((outputs - ops.convert_to_tensor(targets, x.dtype)) ** 2)

    result = newton(loss, np.zeros(4), steps=1)
    columns = np.column_stack([inputs, np.ones(11)])
    expected, *_ = np.linalg.lstsq(columns, targets[:, 0])
    # On PyTorch a layer multiplies in float32, whatever its own precision.
    np.testing.assert_allclose(result.x, expected, rtol=1e-5)


def test_a_start_of_any_shape_and_precision_keeps_both():
    start = np.arange(6.0, dtype="float32").reshape(2, 3)
    result = newton(lambda x: ops.sum((x - 1) ** 4 + (x - 1) ** 2), start, steps=4)
    assert result.path.shape == (5, 2, 3)
    assert result.x.shape == (2, 3)
    assert result.path.dtype == result.x.dtype == "float32"
    # A step leaves at most two thirds of a distance from a fourth power's minimum.
    assert abs(result.x - 1).max() < abs(start - 1).max() * (2 / 3) ** 4


def test_it_stops_at_the_tolerance_and_at_the_number_of_steps():
    assert newton(rosenbrock, [1.0, 1.0]).converged
    assert len(newton(rosenbrock, [1.0, 1.0]).path) == 1
    none = newton(rosenbrock, [-1.2, 1.0], steps=0)
    assert (none.path == [[-1.2, 1.0]]).all()
    assert not none.converged
    assert none.value == pytest.approx(24.2)
    loose = newton(rosenbrock, [-1.2, 1.0], tolerance=1.0)
    tight = newton(rosenbrock, [-1.2, 1.0], tolerance=1e-8)
    assert 1 < len(loose.path) < len(tight.path)
    assert np.linalg.norm(gradient(rosenbrock, loose.x)) <= 1.0


def test_without_curvature_it_says_so_and_damping_mends_it():
    def trough(x):
        return (x[0] - 1) ** 2 + 0 * x[1]

    for saddle_free in (False, True):
        with pytest.raises(ValueError, match=r"singular .*larger `damping`.*=0\.0"):
            newton(trough, [3.0, 5.0], saddle_free=saddle_free)
        result = newton(trough, [3.0, 5.0], damping=0.1, saddle_free=saddle_free)
        np.testing.assert_allclose(result.x, [1, 5], atol=1e-7)


@pytest.mark.parametrize("saddle_free", [False, True])
def test_where_derivatives_are_not_numbers_it_says_so(saddle_free):
    with pytest.raises(ValueError, match="not finite"):
        newton(lambda x: ops.sqrt(x[0]), [-1.0], saddle_free=saddle_free)


def test_where_the_function_alone_is_not_a_number_it_stays_and_has_not_converged():
    result = newton(lambda x: ops.log(x[0]), [-1.0])
    assert not result.converged
    assert np.isnan(result.value)
    assert (result.path == [[-1.0]]).all()


@pytest.mark.parametrize("name", ["damping", "steps", "tolerance"])
def test_negative_settings_are_refused(name):
    with pytest.raises(ValueError, match=rf"`{name}` .* at least 0\..*{name}=-1"):
        newton(rosenbrock, [1.0, 1.0], **{name: -1})
    newton(rosenbrock, [1.0, 1.0], **{name: 0})


def test_a_start_of_integers_is_refused():
    with pytest.raises(ValueError, match="must hold floats"):
        newton(rosenbrock, [1, 1])
