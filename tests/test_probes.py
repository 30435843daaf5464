"""Probes: values by hand, models of all kinds, and a stack of networks at once."""

import keras
import numpy as np
import pytest
from keras import ops

from study import probes
from study.layers import SimpleRecurrent

BACKEND = keras.backend.backend()
X = np.random.default_rng(1).normal(size=(7, 5)).astype("float32")
Y = np.random.default_rng(2).normal(size=(7, 2)).astype("float32")
RUNS = 3


def network(first="relu", second="tanh"):
    layers = [
        keras.Input((5,)),
        keras.layers.Dense(6, first, name="first"),
        keras.layers.Dense(4, name="linear"),
        keras.layers.Dense(3, second, name="second"),
        keras.layers.Dense(2, "softmax", name="out"),
    ]
    return keras.Sequential(layers)


def weights(model, seed):
    rng = np.random.default_rng(seed)
    return [rng.normal(size=each.shape).astype("float32") for each in model.weights]


def numpy(found):
    return keras.tree.map_structure(ops.convert_to_numpy, found)


def forward(values, x):
    """Return all layers' outputs of `network()` in NumPy."""
    k1, b1, k2, b2, k3, b3, k4, b4 = (each.astype("float64") for each in values)
    first = np.maximum(x @ k1 + b1, 0)
    second = np.tanh((first @ k2 + b2) @ k3 + b3)
    out = np.exp(second @ k4 + b4)
    return first, second, out / out.sum(axis=1, keepdims=True)


@pytest.fixture(params=range(RUNS))
def drawn(request):
    model = network()
    values = weights(model, request.param)
    model.set_weights(values)
    return model, values


# Every probe of `network()`, as an engine calls it.
PROBES = {
    "activations": lambda model: probes.activations(model, X),
    "statistics": lambda model: probes.activation_statistics(model, X),
    "histograms": lambda model: probes.activation_histograms(model, X, 5, (-1, 2)),
    "active_share": lambda model: probes.active_share(model, X),
    "dead_units": lambda model: probes.dead_units(model, X),
    "weight_norms": probes.weight_norms,
    "gradient_norms": lambda model: probes.gradient_norms(model, "mse", X, Y),
    "gradient_histograms": lambda model: probes.gradient_histograms(
        model, "mse", X, Y, 4, (-0.1, 0.1)
    ),
}


def stacked(function, model, values):
    """Call `function(model)` for all runs at once, one after another on PyTorch."""

    def one(values):
        mapping = list(zip(model.variables, values, strict=True))
        with keras.StatelessScope(state_mapping=mapping):
            return function(model)

    if BACKEND == "tensorflow":
        import tensorflow as tf

        return tf.function(
            lambda values: tf.vectorized_map(one, values, fallback_to_while_loop=False)
        )(values)
    if BACKEND == "jax":
        import jax

        return jax.jit(jax.vmap(one))(values)
    parts = [one([each[run] for each in values]) for run in range(RUNS)]
    return keras.tree.map_structure(lambda *each: ops.stack(each), *parts)


@pytest.mark.slow
@pytest.mark.parametrize("name", PROBES)
def test_a_stack_of_networks_is_read_as_each_of_them_alone(name):
    model = network()
    before = [each.copy() for each in model.get_weights()]
    runs = [weights(model, seed) for seed in range(RUNS)]
    # Unlike the others, the last network has a layer of dead units.
    runs[-1][0][:], runs[-1][1][:] = 0, -1
    stack = [ops.convert_to_tensor(np.stack(each)) for each in zip(*runs, strict=True)]
    together = numpy(stacked(PROBES[name], model, stack))
    for run in range(RUNS):
        alone = network()
        alone.set_weights(runs[run])
        keras.tree.map_structure(
            lambda all_runs, one: np.testing.assert_allclose(
                all_runs[run],  # noqa: B023
                one,
                rtol=1e-5,
                atol=1e-6,
            ),
            together,
            numpy(PROBES[name](alone)),
        )
    if name == "dead_units":
        assert together["first"][-1] == 1 != together["first"][0]
    for kept, now in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(kept, now)


def test_activations_are_those_of_hidden_layers_with_an_activation(drawn):
    model, values = drawn
    found = numpy(probes.activations(model, X))
    first, second, _ = forward(values, X)
    assert list(found) == ["first", "second"]
    np.testing.assert_allclose(found["first"], first, rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(found["second"], second, rtol=1e-5, atol=1e-5)


def test_activation_layers_of_keras_count_and_the_last_one_is_the_output():
    layers = [
        keras.Input((5,)),
        keras.layers.Dense(4, name="first"),
        keras.layers.ReLU(name="relu"),
        keras.layers.Dense(4),
        keras.layers.Activation("tanh", name="tanh"),
        keras.layers.Activation("linear", name="nothing"),
        keras.layers.Dense(4),
        keras.layers.LeakyReLU(name="leaky"),
        keras.layers.Dense(2),
        keras.layers.Softmax(),
    ]
    found = numpy(probes.activations(keras.Sequential(layers), X))
    assert list(found) == ["relu", "tanh", "leaky"]
    kernel, bias = layers[1].get_weights()
    np.testing.assert_allclose(
        found["relu"], np.maximum(X @ kernel + bias, 0), atol=1e-6
    )


def test_layers_are_read_in_inference():
    layers = [
        keras.Input((5,)),
        keras.layers.Dropout(0.9, seed=1),
        keras.layers.Dense(4, "tanh", name="hidden"),
        keras.layers.Dense(1),
    ]
    found = probes.activations(keras.Sequential(layers), X)["hidden"]
    kernel, bias = layers[2].get_weights()
    np.testing.assert_allclose(
        ops.convert_to_numpy(found), np.tanh(X @ kernel + bias), atol=1e-6
    )


def test_a_model_with_several_inputs_and_branches_is_read():
    left, right = keras.Input((5,), name="left"), keras.Input((2,), name="right")
    one = keras.layers.Dense(3, "relu", name="one")(left)
    other = keras.layers.Dense(4, "relu", name="other")(right)
    joined = keras.layers.Concatenate()([one, other])
    outputs = keras.layers.Dense(1, name="out")(joined)
    for inputs in ([left, right], {"left": left, "right": right}):
        model = keras.Model(inputs, outputs)
        x = [X, Y] if isinstance(inputs, list) else {"left": X, "right": Y}
        found = probes.activations(model, x)
        assert {name: tuple(each.shape) for name, each in found.items()} == {
            "one": (7, 3),
            "other": (7, 4),
        }
        norms = probes.gradient_norms(model, "mse", x, np.ones((7, 1), "float32"))
        assert {*norms} == {"one", "other", "out"}


def test_a_model_whose_last_layer_was_taken_off_has_another_output_layer():
    model = network()
    assert list(probes.activations(model, X)) == ["first", "second"]
    model.pop()
    assert list(probes.activations(model, X)) == ["first"]
    assert list(probes.activations(grown(), X)) == ["a", "b"]


def grown():
    model = keras.Sequential([keras.Input((5,))])
    for name in "abc":
        model.add(keras.layers.Dense(3, "relu", name=name))
    return model


def test_a_layer_with_a_state_is_read_by_its_first_output():
    inputs = keras.Input((4, 2))
    rnn = keras.layers.SimpleRNN(3, return_sequences=True, return_state=True, name="r")
    sequence, state = rnn(inputs)
    outputs = keras.layers.Dense(1)(ops.mean(sequence, axis=1) + state)
    x = np.ones((5, 4, 2), "float32")
    found = probes.activations(keras.Model(inputs, outputs), x)
    assert tuple(found["r"].shape) == (5, 4, 3)


def test_statistics_are_those_of_numpy(drawn):
    model, values = drawn
    first, second, _ = forward(values, X)
    found = numpy(probes.activation_statistics(model, X, margin=0.1))
    assert list(found["first"]) == ["mean", "stddev", "zeros"]
    assert list(found["second"]) == ["mean", "stddev", "zeros", "saturated"]
    for name, outputs in (("first", first), ("second", second)):
        assert found[name]["mean"] == pytest.approx(outputs.mean(), rel=1e-4)
        assert found[name]["stddev"] == pytest.approx(outputs.std(), rel=1e-4)
        assert found[name]["zeros"] == pytest.approx((outputs == 0).mean())
    # The range of tanh is 2 wide: a tenth of it from either end is beyond 0.8.
    assert found["second"]["saturated"] == pytest.approx((abs(second) >= 0.8).mean())
    assert 0 < found["first"]["zeros"] < 1


@pytest.mark.parametrize(
    ("activation", "share"), [("sigmoid", 3 / 4), ("tanh", 3 / 4), ("relu", None)]
)
def test_saturation_is_counted_at_both_ends_of_bounded_activations(activation, share):
    hidden = keras.layers.Dense(2, activation, kernel_initializer="ones", name="h")
    model = keras.Sequential([keras.Input((1,)), hidden, keras.layers.Dense(1)])
    x = np.array([[-9.0], [0.5], [9.0], [20.0]], "float32")
    found = numpy(probes.activation_statistics(model, x))["h"]
    assert found.get("saturated") == share


def test_margins_of_nothing_and_of_half_count_none_and_all():
    model = network(second="sigmoid")
    model.set_weights([0.1 * each for each in weights(model, 1)])
    none, everything = (
        float(probes.activation_statistics(model, X, margin)["second"]["saturated"])
        for margin in (0, 0.5)
    )
    assert (none, everything) == (0, 1)


@pytest.mark.parametrize(("bins", "range"), [(1, (-5, 5)), (7, (0, 1)), (4, (-1, 0.3))])
def test_histograms_are_those_of_numpy(drawn, bins, range):
    model, _ = drawn
    outputs = numpy(probes.activations(model, X))
    found = numpy(probes.activation_histograms(model, X, bins, range))
    edges = probes.histogram_edges(bins, range)
    np.testing.assert_allclose(edges, np.linspace(*range, bins + 1), atol=1e-7)
    for name in ("first", "second"):
        np.testing.assert_array_equal(
            found[name], np.histogram(outputs[name], edges)[0]
        )


def test_the_last_bin_has_both_edges_and_nothing_beyond_them_is_counted():
    hidden = keras.layers.Dense(1, "relu", kernel_initializer="ones", name="h")
    model = keras.Sequential([keras.Input((1,)), hidden, keras.layers.Dense(1)])
    x = np.array([[0.0], [1.0], [2.0], [2.5], [np.inf], [np.nan]], "float32")
    found = probes.activation_histograms(model, x, 2, (0, 2))["h"]
    assert ops.convert_to_numpy(found).tolist() == [1, 2]


def test_a_unit_is_dead_if_it_is_0_for_every_example(drawn):
    model, values = drawn
    values[1][:2], values[1][2] = -1000, 1000  # two biases too low, one too high
    model.set_weights(values)
    first, _, _ = forward(values, X)
    dead = numpy(probes.dead_units(model, X))
    active = numpy(probes.active_share(model, X))
    assert dead["first"] == pytest.approx((first == 0).all(axis=0).mean())
    assert dead["first"] >= 2 / 6
    assert dead["second"] == 0
    assert active["first"] == pytest.approx((first != 0).mean())
    zeros = probes.activation_statistics(model, X)["first"]["zeros"]
    assert active["first"] + float(zeros) == pytest.approx(1)


def test_a_unit_of_a_convolution_is_a_channel():
    convolution = keras.layers.Conv2D(3, 2, activation="relu", name="c")
    layers = [keras.Input((5, 4, 2)), convolution, keras.layers.Flatten()]
    model = keras.Sequential([*layers, keras.layers.Dense(1)])
    kernel = np.zeros((2, 2, 2, 3), "float32")
    kernel[..., 2] = 1
    convolution.set_weights([kernel, np.array([-1, 0, 0], "float32")])
    x = np.zeros((6, 5, 4, 2), "float32")
    x[4, 2, 2, 1] = 1  # one channel sees it, at a few places of one example
    assert float(probes.dead_units(model, x)["c"]) == pytest.approx(2 / 3)


def test_weight_norms_are_those_of_the_kernels_alone(drawn):
    model, values = drawn
    found = numpy(probes.weight_norms(model))
    assert list(found) == ["first", "linear", "second", "out"]
    for norm, kernel in zip(found.values(), values[::2], strict=True):
        assert norm == pytest.approx(np.sqrt((kernel.astype("float64") ** 2).sum()))


@pytest.mark.parametrize("built", [True, False], ids=["built", "unbuilt"])
def test_a_layer_with_several_kernels_has_an_entry_for_each(built):
    start = [keras.Input((4,))] * built
    inner = [keras.layers.Dense(3, name="a"), keras.layers.Dense(2, name="b")]
    layers = [
        keras.Input((6, 3)),
        SimpleRecurrent(4, name="recurrent"),
        keras.Sequential([*start, *inner], name="inner"),
    ]
    model = keras.Sequential(layers)
    kernels = {
        "recurrent/kernel": (3, 4),
        "recurrent/recurrent_kernel": (4, 4),
        "inner/a/kernel": (4, 3),
        "inner/b/kernel": (3, 2),
    }
    values = [np.full(each.shape, 0.5) for each in model.weights]
    model.set_weights(values)
    found = numpy(probes.weight_norms(model))
    assert list(found) == list(kernels)
    for name, shape in kernels.items():
        assert found[name] == pytest.approx(0.5 * np.sqrt(np.prod(shape)))
    x, y = np.ones((5, 6, 3), "float32"), np.ones((5, 2), "float32")
    assert list(probes.gradient_norms(model, "mse", x, y)) == list(kernels)


def central_differences(values, loss):
    """Yield the slopes of `loss` by the entries of each kernel, in float64."""
    values = [each.astype("float64") for each in values]
    step = 1e-6
    for kernel in values[::2]:
        slopes = []
        for place in np.ndindex(kernel.shape):
            kept = kernel[place]
            ends = []
            for kernel[place] in (kept + step, kept - step):
                ends.append(loss(values))
            kernel[place] = kept
            slopes.append((ends[0] - ends[1]) / (2 * step))
        yield slopes


def test_gradient_norms_agree_with_central_differences(drawn):
    model, values = drawn
    found = numpy(probes.gradient_norms(model, "mse", X, Y))

    def loss(values):
        return ((forward(values, X)[2] - Y) ** 2).mean()

    for norm, slopes in zip(
        found.values(), central_differences(values, loss), strict=True
    ):
        # Single precision against slopes exact to 1e-6 squared and 1e-16 / 1e-6.
        assert norm == pytest.approx(np.linalg.norm(slopes), rel=1e-4, abs=1e-7)


def test_gradient_histograms_count_the_slopes_of_each_kernel(drawn):
    model, values = drawn

    def loss(values):
        return ((forward(values, X)[2] - Y) ** 2).mean()

    slopes = list(central_differences(values, loss))
    for reach in (1.0, 0.02):
        found = numpy(
            probes.gradient_histograms(model, "mse", X, Y, 5, (-reach, reach))
        )
        for counts, wanted in zip(found.values(), slopes, strict=True):
            edges = np.linspace(-reach, reach, 6)
            # No slope lies so near to an edge that rounding could move it across.
            assert abs(np.subtract.outer(wanted, edges)).min() > 1e-6
            np.testing.assert_array_equal(counts, np.histogram(wanted, edges)[0])


@pytest.mark.slow
def test_gradient_histograms_are_of_the_gradients_that_have_the_norms(drawn):
    model, _ = drawn
    model.layers[1].trainable = False
    norms = numpy(probes.gradient_norms(model, "mse", X, Y))
    bins, reach = 1_001, 1.0
    found = numpy(probes.gradient_histograms(model, "mse", X, Y, bins, (-reach, reach)))
    assert list(found) == list(norms) == ["first", "second", "out"]
    edges = probes.histogram_edges(bins, (-reach, reach))
    middles = (edges[1:] + edges[:-1]) / 2
    for name, counts in found.items():
        kernel = model.get_layer(name).kernel
        assert counts.sum() == np.prod(kernel.shape)
        norm = np.sqrt((counts * middles**2).sum())
        # A slope lies half a bin from its bin's middle at most.
        within = reach / bins * counts.sum() ** 0.5
        assert norm == pytest.approx(norms[name], abs=within)


@pytest.mark.parametrize(
    "loss",
    [
        "mse",
        keras.losses.MeanSquaredError(),
        lambda y, outputs: ops.square(y - outputs),
    ],
    ids=["name", "object", "function"],
)
def test_losses_are_names_objects_or_functions(drawn, loss):
    model, _ = drawn
    found = numpy(probes.gradient_norms(model, loss, X, Y))
    for name, norm in numpy(probes.gradient_norms(model, "mse", X, Y)).items():
        assert found[name] == pytest.approx(norm, rel=1e-5)


def test_penalties_and_kernels_that_are_not_trained_are_left_out():
    def norms(**options):
        keras.utils.set_random_seed(1)
        first = keras.layers.Dense(3, "tanh", name="first", **options)
        layers = [keras.Input((5,)), first, keras.layers.Dense(2, name="out")]
        model = keras.Sequential(layers)
        found = probes.gradient_norms(model, "mse", X, Y)
        return model, {name: float(norm) for name, norm in found.items()}

    _, plain = norms()
    _, penalized = norms(kernel_regularizer=keras.regularizers.L2(10.0))
    frozen, rest = norms(trainable=False)
    assert penalized == pytest.approx(plain)
    assert {*plain} == {"first", "out"}
    assert {*rest} == {"out"}
    assert {*probes.weight_norms(frozen)} == {"first", "out"}


def test_gradients_whose_squares_underflow_have_a_norm():
    first = keras.layers.Dense(1, use_bias=False, kernel_initializer="ones", name="f")
    tiny = keras.initializers.Constant(1e-30)
    last = keras.layers.Dense(1, use_bias=False, kernel_initializer=tiny, name="l")
    model = keras.Sequential([keras.Input((2,)), first, last])
    x, y = np.array([[3.0, 4.0]], "float32"), np.array([[-0.5]], "float32")
    found = numpy(probes.gradient_norms(model, "mse", x, y))
    # 2 · (0 + 0.5) · 1e-30 · [3, 4], and 2 · 0.5 · 7.
    assert found["f"] == pytest.approx(5e-30, rel=1e-5)
    assert found["l"] == pytest.approx(7, rel=1e-5)
    assert numpy(probes.weight_norms(model))["l"] == pytest.approx(1e-30, rel=1e-5)


@pytest.mark.parametrize(
    ("value", "norm"), [(0.0, 0.0), (np.inf, np.inf), (np.nan, np.nan)]
)
def test_weights_of_nothing_and_weights_that_diverged_have_a_norm(value, norm):
    layer = keras.layers.Dense(3, name="d")
    model = keras.Sequential([keras.Input((2,)), layer])
    layer.set_weights([np.full((2, 3), value, "float32"), np.zeros(3, "float32")])
    np.testing.assert_equal(float(probes.weight_norms(model)["d"]), norm)


def test_numbers_of_a_model_in_half_precision_are_float32():
    previous = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_float16")
    try:
        model = network()
    finally:
        keras.config.set_dtype_policy(previous)
    assert model.layers[0].compute_dtype == "float16"
    for name, probe in PROBES.items():
        for each in keras.tree.flatten(probe(model)):
            wanted = "int32" if name.endswith("histograms") else "float32"
            assert keras.backend.standardize_dtype(each.dtype) == wanted


class Subclassed(keras.Model):
    def __init__(self):
        super().__init__()
        self.hidden = keras.layers.Dense(3, "relu", name="hidden")
        self.out = keras.layers.Dense(2, name="out")

    def call(self, x):
        return self.out(self.hidden(x))


def test_a_subclassed_model_has_norms_and_no_activations():
    model = Subclassed()
    model(X)
    assert {*probes.weight_norms(model)} == {"hidden", "out"}
    assert {*probes.gradient_norms(model, "mse", X, Y)} == {"hidden", "out"}
    with pytest.raises(ValueError, match=r"functional model.*a Subclassed"):
        probes.activations(model, X)


def test_a_model_without_a_graph_yet_is_refused():
    model = keras.Sequential([keras.layers.Dense(3, "relu"), keras.layers.Dense(1)])
    with pytest.raises(ValueError, match=r"starts with keras\.Input or has"):
        probes.activations(model, X)
    model(X)
    assert len(probes.activations(model, X)) == 1


def test_a_model_without_hidden_activations_is_refused():
    layers = [keras.Input((5,)), keras.layers.Dense(2, name="a")]
    model = keras.Sequential([*layers, keras.layers.Dense(1, "tanh", name="b")])
    with pytest.raises(ValueError, match=r"hidden layer with an act.*\['a', 'b'\]"):
        probes.activations(model, X)


def test_layers_first_called_in_another_model_are_refused():
    old = network()
    new = keras.Sequential([keras.Input((5,)), *old.layers[:3], keras.layers.Dense(1)])
    with pytest.raises(ValueError, match=r"first called in this model; copy it"):
        probes.activations(new, X)
    assert list(probes.activations(keras.models.clone_model(new), X)) == [
        "first",
        "second",
    ]


@pytest.mark.parametrize("margin", [-0.01, 0.51, np.nan])
def test_a_margin_out_of_range_is_refused(margin):
    message = rf"`margin` .*from 0 to 0\.5\. Received: margin={margin}"
    with pytest.raises(ValueError, match=message):
        probes.activation_statistics(network(), X, margin)


@pytest.mark.parametrize("bins", [0, -1, 2.0])
def test_a_number_of_bins_that_is_none_is_refused(bins):
    with pytest.raises(ValueError, match=rf"`bins` .*positive.*bins={bins}"):
        probes.activation_histograms(network(), X, bins, (0, 1))
    with pytest.raises(ValueError, match=rf"`bins` .*positive.*bins={bins}"):
        probes.gradient_histograms(network(), "mse", X, Y, bins, (0, 1))


@pytest.mark.parametrize("range", [(1, 1), (1, 0), (0, np.inf), (np.nan, 1), (0, 1, 2)])
def test_a_range_without_width_is_refused(range):
    with pytest.raises(ValueError, match=r"`range` .*first below the second.*range=\("):
        probes.activation_histograms(network(), X, 3, range)


def gradient_of_fit(model, x, y):
    """Return the norms of one step's change by plain descent of rate 1, by kernel."""
    model.optimizer.learning_rate.assign(1.0)
    before = [each.copy() for each in model.get_weights()]
    model.train_on_batch(x, y)
    after = model.get_weights()
    model.set_weights(before)
    return {
        layer.name: np.linalg.norm(
            np.subtract(*(each[2 * i].astype("float64") for each in (before, after)))
        )
        for i, layer in enumerate(model.layers)
    }


def losses():
    """Yield a name for, and one of, each loss of Keras for one output."""
    functions = {
        name: kind
        for name, kind in vars(keras.losses).items()
        if isinstance(kind, type) and issubclass(kind, keras.losses.Loss)
    }
    odd = {"Loss", "CTC", "CircleLoss", "SparseCategoricalCrossentropy"}
    for name in sorted({*functions} - odd):
        yield pytest.param(functions[name](), id=name)
        yield pytest.param(functions[name](reduction="sum"), id=f"{name}, sum")
    for name in ("mse", "bce", "hinge", "binary_focal_crossentropy", "log_cosh"):
        yield pytest.param(name, id=name)
    yield pytest.param(lambda y, outputs: ops.mean((y - outputs) ** 4, -1), id="own")


@pytest.mark.parametrize("shape", [(12,), (12, 1)], ids=["flat", "column"])
@pytest.mark.parametrize("loss", [*losses()])
@pytest.mark.usual(
    "BinaryCrossentropy-flat",
    "CategoricalCrossentropy-flat",
    "Huber-flat",
    "Huber, sum-flat",
    "MeanSquaredError-flat",
    "KLDivergence-flat",
    "bce-flat",
    "own-flat",
)
def test_gradient_norms_are_those_of_the_gradient_that_fit_follows(loss, shape):
    keras.utils.set_random_seed(2)
    layers = [
        keras.layers.Dense(3, "tanh", name="hidden"),
        keras.layers.Dense(1, "sigmoid", name="out"),
    ]
    model = keras.Sequential([keras.Input((5,)), *layers])
    model.compile("sgd", loss, run_eagerly=BACKEND == "tensorflow", jit_compile=False)
    rng = np.random.default_rng(3)
    x = rng.normal(size=(12, 5)).astype("float32")
    y = (rng.uniform(size=shape) > 0.5).astype("float32")
    found = numpy(probes.gradient_norms(model, loss, x, y))
    wanted = gradient_of_fit(model, x, y)
    # The wanted norms are read off weights of up to 2, rounded to 1e-7 of that.
    assert found == {
        name: pytest.approx(norm, rel=1e-4, abs=1e-6, nan_ok=True)
        for name, norm in wanted.items()
    }


@pytest.mark.parametrize("dtype", ["int32", "uint8", "float64"])
@pytest.mark.parametrize("shape", [(12,), (12, 1)], ids=["flat", "column"])
def test_classes_are_labels_of_any_shape_and_type_that_fit_takes(shape, dtype):
    keras.utils.set_random_seed(2)
    model = keras.Sequential(
        [keras.Input((5,)), keras.layers.Dense(3, "softmax", name="out")]
    )
    loss = keras.losses.SparseCategoricalCrossentropy(ignore_class=1)
    model.compile("sgd", loss, run_eagerly=BACKEND == "tensorflow", jit_compile=False)
    rng = np.random.default_rng(3)
    x = rng.normal(size=(12, 5)).astype("float32")
    y = rng.integers(3, size=shape).astype(dtype)
    found = numpy(probes.gradient_norms(model, loss, x, y))
    wanted = gradient_of_fit(model, x, y)
    assert found["out"] == pytest.approx(wanted["out"], rel=1e-4)


def test_steps_that_a_mask_leaves_out_have_no_part_in_the_gradient():
    keras.utils.set_random_seed(2)
    layers = [keras.layers.Masking(), keras.layers.Dense(1, name="out")]
    model = keras.Sequential([keras.Input((4, 5)), *layers])
    x = np.random.default_rng(3).normal(size=(6, 4, 5)).astype("float32")
    y = np.ones((6, 4, 1), "float32")
    x[:, 2:] = 0
    norm = float(probes.gradient_norms(model, "mse", x, y)["out"])
    shorter = float(probes.gradient_norms(model, "mse", x[:, :2], y[:, :2])["out"])
    assert norm == pytest.approx(shorter, rel=1e-5)


def test_a_loss_without_reduction_counts_with_its_sum():
    keras.utils.set_random_seed(2)
    model = keras.Sequential([keras.Input((5,)), keras.layers.Dense(2, name="out")])
    plain, total = (
        numpy(probes.gradient_norms(model, keras.losses.Huber(reduction=each), X, Y))
        for each in (None, "sum")
    )
    assert plain["out"] == pytest.approx(total["out"], rel=1e-5)
