"""RBM and pretrain: exact sums over all states, learning, seeds, stacks, refusals."""

from itertools import product

import keras
import numpy as np
import pytest

from study.pretraining import RBM, pretrain

SIGMAS = 5  # a right sampler strays so far with one number in a million
DATA = np.array([[1, 0, 0], [1, 1, 0], [0, 1, 1], [1, 1, 1], [0, 0, 1]], "float32")
# The two halves on or off, all on in a third of the examples: far from independent.
TOY = np.repeat([[1, 1, 1, 0, 0], [0, 0, 0, 1, 1], [1, 1, 1, 1, 1]], 40, axis=0)


def states(units):
    return np.array(list(product([0.0, 1.0], repeat=units)))


def sigmoid(inputs):
    return 1 / (1 + np.exp(-inputs))


def made(visible=3, units=2, seed=0, **arguments):
    """An RBM with weights of ordinary size, and the weights."""
    draw = np.random.default_rng(100 + seed)
    rbm = RBM(units, seed=seed, **arguments)
    rbm.kernel = draw.normal(0, 1, (visible, units)).astype("float32")
    rbm.visible_bias = draw.normal(0, 0.5, visible).astype("float32")
    rbm.hidden_bias = draw.normal(0, 0.5, units).astype("float32")
    return rbm, weights(rbm)


def weights(rbm):
    return [
        np.array(each, "float64")
        for each in (rbm.kernel, rbm.visible_bias, rbm.hidden_bias)
    ]


def joint(kernel, visible_bias, hidden_bias):
    """exp(-E) of every visible state (rows) and hidden state (columns)."""
    v, h = states(len(visible_bias)), states(len(hidden_bias))
    exponents = (v @ visible_bias)[:, None] + h @ hidden_bias + v @ kernel @ h.T
    return np.exp(exponents)


def row(x):
    """The row of each example in `states`."""
    return (x @ 2 ** np.arange(x.shape[1])[::-1]).astype(int)


def log_likelihood(parameters, x):
    p = joint(*parameters).sum(axis=1)
    return np.log(p / p.sum())[row(x)].mean()


def differences(parameters, x, width=1e-5):
    """The gradient of the mean log-likelihood by central differences."""
    gradients = []
    for parameter in parameters:
        gradient = np.zeros_like(parameter)
        for index in np.ndindex(parameter.shape):
            kept = parameter[index]
            for sign in (1, -1):
                parameter[index] = kept + sign * width
                gradient[index] += sign * log_likelihood(parameters, x) / (2 * width)
            parameter[index] = kept
        gradients.append(gradient)
    return gradients


def terms(parameters, v):
    """What each visible state adds to a mean of the gradient."""
    kernel, _, hidden_bias = parameters
    hidden = sigmoid(v @ kernel + hidden_bias)
    return [v[:, :, None] * hidden[:, None, :], v, hidden]


def share(p, term):
    return np.tensordot(p, term, 1)


def after(parameters, x, k):
    """The exact distribution of the visible state k Gibbs steps from the data."""
    both = joint(*parameters)
    up = both / both.sum(axis=1, keepdims=True)
    down = both / both.sum(axis=0, keepdims=True)
    p = np.bincount(row(x), minlength=len(both)) / len(x)
    return p @ np.linalg.matrix_power(up @ down.T, k)


def test_free_energy_is_the_log_of_a_sum_over_all_hidden_states():
    rbm, parameters = made()
    by_sum = -np.log(joint(*parameters).sum(axis=1))
    np.testing.assert_allclose(rbm.free_energy(states(3)), by_sum, rtol=1e-5)


def test_hidden_probabilities_are_those_of_the_joint_distribution():
    rbm, parameters = made()
    both = joint(*parameters)
    by_sum = both @ states(2) / both.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(rbm.transform(states(3)), by_sum, rtol=1e-5)


def test_a_reconstruction_is_the_sigmoid_of_the_hidden_probabilities():
    rbm, (kernel, visible_bias, hidden_bias) = made()
    x = np.array([[0.2, 1.0, 0.7], [0, 0, 0]])
    hidden = sigmoid(x @ kernel + hidden_bias)
    np.testing.assert_allclose(
        rbm.reconstruct(x), sigmoid(hidden @ kernel.T + visible_bias), rtol=1e-5
    )


def test_large_weights_saturate_without_overflow():
    rbm, _ = made()
    rbm.kernel = np.array([[1e4, -1e4]] * 3, "float32")
    with np.errstate(over="raise", invalid="raise"):
        assert rbm.transform([[1, 1, 1]]).tolist() == [[1, 0]]
        assert rbm.free_energy([[1, 1, 1]]) < -2e4


@pytest.mark.parametrize("k", [1, 2, 40])
def test_the_gradient_is_that_of_k_gibbs_steps(k):
    rbm, parameters = made(k=k)
    copies = 40_000 if k < 40 else 8_000
    found = rbm.gradient(np.repeat(DATA, copies, axis=0))
    chains, p = copies * len(DATA), after(parameters, DATA, k)
    for each, term, seen in zip(
        found, terms(parameters, states(3)), terms(parameters, DATA), strict=True
    ):
        model = share(p, term)
        # The chains are independent: their mean has at most this standard error.
        error = np.sqrt((share(p, term**2) - model**2) / chains)
        deviation = abs(each - (seen.mean(axis=0) - model))
        # Single precision adds 1e-6 of its own.
        assert (deviation < SIGMAS * error + 1e-6).all()


def test_the_gradient_becomes_that_of_the_likelihood_as_k_grows():
    """With the test above: CD-1 is off, CD-40 is the gradient to one in a million."""
    _, parameters = made()
    wanted = differences(parameters, DATA)
    deviations = {}
    for k in (1, 5, 40):
        p = after(parameters, DATA, k)
        deviations[k] = max(
            abs(seen.mean(axis=0) - share(p, term) - each).max()
            for each, term, seen in zip(
                wanted,
                terms(parameters, states(3)),
                terms(parameters, DATA),
                strict=True,
            )
        )
    assert deviations[1] > 0.005
    assert deviations[1] > deviations[5] > deviations[40]
    assert deviations[40] < 1e-6


def test_a_step_adds_momentum_and_decays_the_kernel_alone():
    rbm, before = made(learning_rate=0.2, momentum=0.6, weight_decay=0.3)
    gradients = [
        [np.full((3, 2), 0.1), np.full(3, 0.2), np.full(2, 0.3)],
        [np.full((3, 2), -0.4), np.full(3, 0.5), np.full(2, 0.6)],
    ]
    rbm._gradient = lambda batch: gradients.pop(0)
    rbm.fit(DATA, epochs=1, batch_size=3)  # a batch of three and one of two
    kernel, visible_bias, hidden_bias = before
    step = 0.2 * (0.1 - 0.3 * kernel)
    again = 0.6 * step + 0.2 * (-0.4 - 0.3 * (kernel + step))
    np.testing.assert_allclose(rbm.kernel, kernel + step + again, rtol=1e-5)
    moves = [0.2 * 0.2 * 1.6 + 0.2 * 0.5, 0.2 * 0.3 * 1.6 + 0.2 * 0.6]
    np.testing.assert_allclose(rbm.visible_bias, visible_bias + moves[0], rtol=1e-5)
    np.testing.assert_allclose(rbm.hidden_bias, hidden_bias + moves[1], rtol=1e-5)


def test_training_starts_from_the_odds_of_each_visible_unit():
    rbm = RBM(400, seed=1)
    rbm.fit(TOY, epochs=0)
    on = np.array([80, 80, 80, 80, 80])  # of 120
    np.testing.assert_allclose(rbm.visible_bias, np.log((on + 1) / (120 - on + 1)))
    assert not rbm.hidden_bias.any()
    # 2,000 draws: the sd of a sample of n strays by sd / √(2 n).
    assert rbm.kernel.std() == pytest.approx(0.01, rel=SIGMAS / np.sqrt(2 * 2000))


def test_a_unit_that_is_never_on_starts_with_a_finite_bias():
    rbm = RBM(2, seed=1)
    rbm.fit([[0, 1], [0, 1], [0, 1]], epochs=0)
    np.testing.assert_allclose(rbm.visible_bias, [-np.log(4), np.log(4)], rtol=1e-6)


def test_training_raises_the_exact_likelihood_and_lowers_the_error():
    rbm = RBM(4, learning_rate=0.2, seed=3)
    rbm.fit(TOY, epochs=0)
    untrained = log_likelihood(weights(rbm), TOY)
    history = rbm.fit(TOY, epochs=150, batch_size=13)
    trained = log_likelihood(weights(rbm), TOY)
    # The best of all models has -log(3), the pattern's share; the best with visible
    # units that are independent, which training starts from, has -5 times 0.64.
    assert untrained == pytest.approx(5 * (2 * np.log(2 / 3) + np.log(1 / 3)) / 3, 0.01)
    assert -1.6 < trained <= -np.log(3)
    errors = history["reconstruction_error"]
    assert errors[-1] < 0.1 < 0.2 < errors[0]


def test_the_history_watches_training_and_validation_data():
    rbm = RBM(3, seed=1)
    unseen = TOY[::-7]
    history = rbm.fit(TOY, epochs=4, batch_size=50, validation_data=unseen)
    assert {name: len(values) for name, values in history.items()} == dict.fromkeys(
        (
            "reconstruction_error",
            "free_energy",
            "val_reconstruction_error",
            "val_free_energy",
        ),
        4,
    )
    for prefix, x in (("", TOY), ("val_", unseen)):
        error = np.square(x - rbm.reconstruct(x)).mean()
        energy = rbm.free_energy(x).mean()
        assert history[f"{prefix}reconstruction_error"][-1] == pytest.approx(error)
        assert history[f"{prefix}free_energy"][-1] == pytest.approx(energy, rel=1e-5)


def test_more_examples_than_a_part_are_watched_as_a_whole():
    x = np.random.default_rng(5).random((2345, 3))
    rbm, _ = made()
    error, energy = rbm._watch(x)
    assert error == pytest.approx(np.square(x - rbm.reconstruct(x)).mean(), rel=1e-5)
    assert energy == pytest.approx(rbm.free_energy(x).mean(), rel=1e-5)


def test_free_energies_part_where_the_model_overfits():
    draw = np.random.default_rng(2)
    noise = (draw.random((2, 20, 30)) < 0.5).astype("float32")  # nothing to learn
    rbm = RBM(30, learning_rate=0.3, seed=1)
    history = rbm.fit(noise[0], 200, 10, validation_data=noise[1])
    gaps = np.subtract(history["val_free_energy"], history["free_energy"])
    assert gaps[-1] > gaps[0] + 5


def test_validation_data_leave_training_alone():
    one, other = RBM(3, seed=1), RBM(3, seed=1)
    one.fit(TOY, 3)
    other.fit(TOY, 3, validation_data=TOY[:9])
    assert one.kernel.tobytes() == other.kernel.tobytes()


def test_a_seed_brings_the_same_weights_and_another_seed_others():
    kernels = []
    for seed in (4, 4, 5):
        rbm = RBM(3, seed=seed)
        rbm.fit(TOY, epochs=3, batch_size=50)
        kernels.append(rbm.kernel)
    assert kernels[0].tobytes() == kernels[1].tobytes()
    assert not np.isin(kernels[0], kernels[2]).any()


def test_fitting_again_goes_on():
    rbm = RBM(3, learning_rate=0.5, seed=4)
    (first,) = rbm.fit(TOY, epochs=1, batch_size=10)["reconstruction_error"]
    rbm.fit(TOY, epochs=50, batch_size=10)
    (last,) = rbm.fit(TOY, epochs=1, batch_size=10)["reconstruction_error"]
    assert last < 0.1 < 0.2 < first


def test_data_are_left_as_they_are():
    x = TOY.astype("float32")
    RBM(3, seed=1).fit(x, epochs=2)
    np.testing.assert_array_equal(x, TOY)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"units": 0}, r"`units` .*integer from 1 up\. Received: units=0"),
        ({"units": 2.0}, r"`units` .*Received: units=2\.0"),
        ({"k": 0}, r"`k` .*Gibbs steps.*integer from 1 up\. Received: k=0"),
        ({"learning_rate": 0.0}, r"`learning_rate` .*above 0\. Received: .*=0\.0"),
        ({"learning_rate": np.inf}, r"`learning_rate` .*finite.*Received: .*=inf"),
        ({"momentum": -0.1}, r"`momentum` .*0 to 1, 1 excluded\. Received: .*=-0\.1"),
        ({"momentum": 1.0}, r"`momentum` .*Received: momentum=1\.0"),
        ({"weight_decay": -1e-9}, r"`weight_decay` .*from 0 up\. Received: .*=-1e-09"),
        ({"weight_decay": np.nan}, r"`weight_decay` .*Received: weight_decay=nan"),
    ],
)
def test_arguments_out_of_range_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        RBM(**{"units": 2} | arguments)


@pytest.mark.parametrize(
    "arguments",
    [
        {"units": 1, "learning_rate": 0.2},
        {"momentum": 0.0, "learning_rate": 0.5},
        {"momentum": 0.99, "learning_rate": 0.02},
    ],
)
def test_the_ends_of_the_ranges_train(arguments):
    defaults = {"units": 2, "weight_decay": 0.0, "seed": 1}
    history = RBM(**defaults | arguments).fit(TOY, epochs=300, batch_size=1000)
    errors = history["reconstruction_error"]
    assert errors[-1] < errors[0] - 0.02


@pytest.mark.parametrize(
    ("x", "message"),
    [
        (np.zeros((2, 3, 3)), r"`x` .*\(examples, features\).*shape=\(2, 3, 3\)"),
        (np.zeros((0, 3)), r"`x` .*flatten images\. Received: shape=\(0, 3\)"),
        ([[0, 255]], r"`x` .*divide pixels by 255\. Received: values from 0.0 to 255"),
        ([[-0.1, 1]], r"`x` .*from 0 to 1; .*Received: values from -0.1"),
        ([[np.nan, 1]], r"`x` .*Received: values from nan to nan"),
    ],
)
def test_data_that_are_no_rows_of_probabilities_are_refused(x, message):
    with pytest.raises(ValueError, match=message):
        RBM(2).fit(x)


def test_validation_data_are_refused_by_their_name():
    with pytest.raises(ValueError, match=r"`validation_data` .*from 0 to 1"):
        RBM(2).fit(TOY, validation_data=TOY * 2)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"epochs": -1}, r"`epochs` .*from 0 up\. Received: epochs=-1"),
        ({"batch_size": 0}, r"`batch_size` .*from 1 up\. Received: batch_size=0"),
    ],
)
def test_lengths_of_training_out_of_range_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        RBM(2).fit(TOY, **arguments)


@pytest.mark.parametrize(
    "method", ["free_energy", "gradient", "reconstruct", "transform"]
)
def test_using_an_rbm_before_it_is_fitted_is_refused(method):
    with pytest.raises(ValueError, match=r"no weights yet.*Call `fit\(x\)` first"):
        getattr(RBM(2), method)(TOY)


def test_data_of_another_width_are_refused():
    rbm = RBM(2, seed=1)
    rbm.fit(TOY, epochs=1)
    message = r"fitted to 5 visible units.*Received: shape=\(120, 4\)"
    for use in (rbm.transform, rbm.fit):
        with pytest.raises(ValueError, match=message):
            use(TOY[:, :4])


def network(*units, activation="sigmoid", between=None, features=5, **arguments):
    hidden = []
    for each in units:
        hidden.append(keras.layers.Dense(each, activation, **arguments))
        hidden += [between()] if between else []
    return keras.Sequential([keras.Input((features,)), *hidden, keras.layers.Dense(2)])


def stack(units, seed, **arguments):
    """The RBMs of a stack, one at a time."""
    generator, x, machines = np.random.default_rng(seed), TOY, []
    for each in units:
        machines.append(RBM(each, seed=generator, **arguments))
        machines[-1].fit(x, epochs=3, batch_size=50)
        x = machines[-1].transform(x)
    return machines


def arrays(layer):
    return [keras.ops.convert_to_numpy(each) for each in layer.weights]


def test_each_hidden_layer_becomes_the_rbm_of_the_one_before():
    model = network(4, 3)
    last = arrays(model.layers[-1])
    histories = pretrain(model, TOY, epochs=3, batch_size=50, momentum=0.7, seed=8)
    for layer, rbm in zip(model.layers, stack((4, 3), 8, momentum=0.7), strict=False):
        kernel, bias = arrays(layer)
        assert kernel.tobytes() == rbm.kernel.tobytes()
        assert bias.tobytes() == rbm.hidden_bias.tobytes()
    assert [len(each["free_energy"]) for each in histories] == [3, 3]
    for before, now in zip(last, arrays(model.layers[-1]), strict=True):
        assert before.tobytes() == now.tobytes()


def test_a_sigmoid_network_then_computes_the_stack():
    model = network(4, 3)
    pretrain(model, TOY, epochs=3, batch_size=50, seed=8)
    one, other = stack((4, 3), 8)
    hidden = keras.Model(model.inputs, model.layers[1].output)([TOY])
    np.testing.assert_allclose(
        keras.ops.convert_to_numpy(hidden),
        other.transform(one.transform(TOY)),
        rtol=1e-5,
    )


@pytest.mark.parametrize(
    ("rate", "scales"),
    [(0, [1, 1]), (0.5, [2, 2]), ([0.0, 0.5], [1, 2]), ((0.2, 0.75), [1.25, 4])],
)
def test_kernels_are_scaled_by_the_share_of_inputs_kept(rate, scales):
    model = network(4, 3)
    pretrain(model, TOY, rate=rate, epochs=3, batch_size=50, seed=8)
    for layer, rbm, scale in zip(model.layers, stack((4, 3), 8), scales, strict=False):
        kernel, bias = arrays(layer)
        np.testing.assert_allclose(kernel, scale * rbm.kernel, rtol=1e-6)
        assert bias.tobytes() == rbm.hidden_bias.tobytes()


def test_scaling_makes_up_for_dropout_on_average():
    rate, n = 0.5, 20_000
    model = network(4, 3)
    pretrain(model, TOY, rate=[0, rate], epochs=30, learning_rate=0.5, seed=8)
    seen = keras.ops.convert_to_numpy(model.layers[0](TOY[:1]))
    kept = np.random.default_rng(3).random((n, 4)) >= rate
    inputs = (seen * kept) @ arrays(model.layers[1])[0]
    wanted = seen @ arrays(model.layers[1])[0] * (1 - rate)  # the RBM's own kernel
    error = inputs.std(axis=0) / np.sqrt(n)
    assert (abs(inputs.mean(axis=0) - wanted) < SIGMAS * error).all()


def test_validation_data_pass_through_the_stack():
    model = network(4, 3)
    histories = pretrain(
        model, TOY, epochs=3, batch_size=50, validation_data=TOY[:9], seed=8
    )
    one, other = stack((4, 3), 8)
    energies = [
        one.free_energy(TOY[:9]).mean(),
        other.free_energy(one.transform(TOY[:9])).mean(),
    ]
    found = [each["val_free_energy"][-1] for each in histories]
    np.testing.assert_allclose(found, energies, rtol=1e-5)


def test_a_seed_brings_the_same_stack_and_layers_alike_differ():
    kernels = []
    for seed in (4, 4, 5):
        model = network(5, 5)
        pretrain(model, TOY, epochs=2, seed=seed)
        kernels.append([arrays(layer)[0] for layer in model.layers])
    assert kernels[0][0].tobytes() == kernels[1][0].tobytes()
    assert kernels[0][1].tobytes() == kernels[1][1].tobytes()
    assert not np.isin(kernels[0][0], kernels[2][0]).any()
    assert not np.isin(kernels[0][0], kernels[0][1]).any()


@pytest.mark.parametrize(
    "between",
    [
        lambda: keras.layers.Dropout(0.5),
        lambda: keras.layers.Activation("sigmoid"),
        keras.layers.ReLU,
    ],
)
def test_layers_without_weights_may_stand_between(between):
    model = network(4, 3, activation=None, between=between)
    pretrain(model, TOY, epochs=3, batch_size=50, seed=8)
    machines = stack((4, 3), 8)
    for layer, rbm in zip(model.layers[0::2], machines, strict=False):
        assert arrays(layer)[0].tobytes() == rbm.kernel.tobytes()


def test_functional_models_start_like_sequential_ones():
    inputs = keras.Input((5,))
    x = keras.layers.Dense(4, "tanh")(inputs)
    x = keras.layers.Dense(3, "relu")(x)
    model = keras.Model(inputs, keras.layers.Dense(2, "softmax")(x))
    pretrain(model, TOY, epochs=3, batch_size=50, seed=8)
    for layer, rbm in zip(model.layers[1:], stack((4, 3), 8), strict=False):
        assert arrays(layer)[0].tobytes() == rbm.kernel.tobytes()


def branching():
    inputs = keras.Input((5,))
    sides = [keras.layers.Dense(5, name=each)(inputs) for each in ("left", "right")]
    return keras.Model(inputs, keras.layers.Dense(2)(keras.layers.add(sides)))


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (lambda: network(), r"two Dense layers or more\. Received: model\.layers=\["),
        (
            lambda: keras.Sequential([keras.layers.Dense(3), keras.layers.Dense(2)]),
            r"a built model with two Dense layers",
        ),
        (branching, r"a chain of layers.*Received: right, which .* of left alone"),
        (
            lambda: network(4, between=keras.layers.BatchNormalization),
            r"no other trainable weights.*Received: batch_norm.*BatchNormalization",
        ),
        (lambda: network(4, use_bias=False), r"use_bias=True\. Received: dense.*witho"),
        (
            lambda: network(4, features=6),
            r"would see 5 features.*Received: kernel\.shape=\(6, 4\)",
        ),
    ],
)
def test_models_that_no_stack_fits_are_refused(model, message):
    with pytest.raises(ValueError, match=message):
        pretrain(model(), TOY)


@pytest.mark.parametrize("rate", [-0.1, 1.0, [0.5], [0.5, 1.0], [0, 0, 0], np.nan])
def test_rates_out_of_range_are_refused(rate):
    message = r"`rate` .*0 to 1, 1 excluded, or a list .*one for each of \['dense"
    with pytest.raises(ValueError, match=message):
        pretrain(network(4, 3), TOY, rate=rate)


def test_a_refused_model_keeps_its_weights():
    model = network(4, 3)
    before = model.get_weights()
    with pytest.raises(ValueError, match="`momentum`"):
        pretrain(model, TOY, momentum=2)
    with pytest.raises(ValueError, match="from 0 to 1"):
        pretrain(model, TOY * 255)
    for one, other in zip(before, model.get_weights(), strict=True):
        assert one.tobytes() == other.tobytes()
