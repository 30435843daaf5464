"""Back-propagation formulas hold, save one count of factors and ReLUs that are off."""

from functools import partial
from itertools import chain as joined
from itertools import pairwise, product

import keras
import numpy as np
import pandas as pd

from study.activations import relu, sigmoid, softplus, tanh
from study.gradients import gradient, value
from study.lab.experiment import Claim, Erratum, Simulation
from study.lab.figures import Deviations, Functions, Table
from study.lab.measures import Column
from study.lab.verdicts import Exact
from study.losses import HalfSquaredError

TOLERANCE = 1e-12  # float64 rounds at 2e-16; a gradient takes some hundred roundings
EXAMPLES = 4
RATE = 0.1
DEPTHS = (1, 2, 4, 8, 12, 16, 20)
WEIGHTS = (1.0, 4.0, 8.0)  # with σ′ = 1/4 a layer's factor is 1/4, 1 and 2
# Weights from the output down, with how many f′ the lecture counts in their gradients.
COUNTED = {"w_kj": None, "w_ji": 3, "w_ih": None, "w_hg": 4}


def draw(random, layers, positive=False):
    """Return kernels and biases of a small network, its inputs and its targets.

    A kernel has a row a unit, so that a layer is f(W·h + b). With `positive` nothing
    is below 0, so that every ReLU is active.
    """
    sizes = random.integers(2, 6, layers + 1)
    kernels = [random.normal(0, 1, (m, n)) for n, m in pairwise(sizes)]
    biases = [random.normal(0, 0.5, m) for m in sizes[1:]]
    x = random.normal(0, 1, (EXAMPLES, sizes[0]))
    if positive:
        kernels, biases, x = (
            [abs(each) for each in many] for many in (kernels, biases, x)
        )
    return kernels, biases, np.asarray(x), random.random((EXAMPLES, sizes[-1]))


def numpy_sigmoid(a):
    return 1 / (1 + np.exp(-a))


def numpy_relu(a):
    return np.maximum(0, a)


PAIRS = {"sigmoid": (sigmoid, numpy_sigmoid), "ReLU": (relu, numpy_relu)}


def outputs(kernels, biases, x, function):
    """Return the inputs and what each layer makes of them, by NumPy alone."""
    found = [x]
    for kernel, bias in zip(kernels, biases, strict=True):
        found.append(function(found[-1] @ kernel.T + bias))
    return found


def half_squares(targets, found):
    return ((targets - found) ** 2).sum() / 2


def autodiff(kernels, biases, x, targets, functions, layer):
    """Return the error's gradient in one layer's kernel, by autodiff."""

    def loss(replaced):
        h = keras.ops.convert_to_tensor(x)
        for i, function in enumerate(functions):
            kernel = replaced if i == layer else keras.ops.convert_to_tensor(kernels[i])
            h = function(keras.ops.matmul(h, keras.ops.transpose(kernel)) + biases[i])
        return keras.ops.sum(keras.ops.square(targets - h)) / 2

    return gradient(loss, kernels[layer])


def central_differences(kernels, biases, x, targets, function, layer, step=1e-5):
    """Return the same gradient by central differences of the NumPy network."""
    found = np.zeros_like(kernels[layer])
    for place in np.ndindex(found.shape):
        losses = []
        for each in (step, -step):
            moved = [kernel.copy() for kernel in kernels]
            moved[layer][place] += each
            losses.append(
                half_squares(targets, outputs(moved, biases, x, function)[-1])
            )
        found[place] = (losses[0] - losses[1]) / (2 * step)
    return found


def at_output(t, o, h_j):
    """Return ∂E_n/∂w_kj, -(t_k - o_k)·o_k·(1 - o_k)·h_j."""
    return np.outer(-(t - o) * o * (1 - o), h_j)


def one_below(t, o, h_j, x_i, w_kj):
    """Return ∂E_n/∂w_ji, -h_j·(1 - h_j)·x_i·Σ_k w_kj·(t_k - o_k)·o_k·(1 - o_k)."""
    return np.outer(-h_j * (1 - h_j) * (((t - o) * o * (1 - o)) @ w_kj), x_i)


def two_below(t, o, h_j, h_i, h_p, w_kj, w_ji):
    """Return ∂E_n/∂w_ip, the third from the output.

    (Σ_j (Σ_k -(t_k - o_k)·o_k·(1 - o_k)·w_kj)·h_j·(1 - h_j)·w_ji)·h_i·(1 - h_i)·h_p
    """
    inner = (-(t - o) * o * (1 - o)) @ w_kj
    return np.outer(((inner * h_j * (1 - h_j)) @ w_ji) * h_i * (1 - h_i), h_p)


def sigmoid_formulas(t, h_p, h_i, h_j, o, w_ip, w_ji, w_kj):
    """Return the lectures' gradients for one example, the lowest weights first."""
    return (
        two_below(t, o, h_j, h_i, h_p, w_kj, w_ji),
        one_below(t, o, h_j, h_i, w_kj),
        at_output(t, o, h_j),
    )


def relu_formulas(t, h_p, h_i, h_j, o, w_ip, w_ji, w_kj):
    """Return the lecture's gradients without any f′, the lowest weights first."""
    inner = -(t - o) @ w_kj
    return (
        np.outer(inner @ w_ji, h_p),
        np.outer(inner, h_i),
        np.outer(-(t - o), h_j),
    )


def error(found, wanted):
    """Return the largest error, relative to the largest entry."""
    return float(abs(found - wanted).max() / abs(np.asarray(wanted)).max())


def check(claim, text, errors, central=(), **more):
    """Make a row of the largest error of many cases."""
    return {
        "part": "formula",
        "claim": claim,
        "check": f"{claim} {text}",
        "cases": len(errors),
        "deviation": max(errors),
        "central_error": max(central, default=np.nan),
        **more,
    }


def compare(formulas, activation, networks, shared_target=False):
    """Return for each layer the formula's and central differences' errors.

    They are errors against automatic differentiation, one an example of a network.
    With `shared_target` the formula takes the first output's target for all.
    """
    component, numpy_function = PAIRS[activation]
    errors, central = [[], [], []], [[], [], []]
    for kernels, biases, x, targets in networks:
        for n in range(EXAMPLES):
            t = targets[n]
            layers = outputs(kernels, biases, x[n], numpy_function)
            given = np.full_like(t, t[0]) if shared_target else t
            printed = formulas(given, *layers, *kernels)
            for layer in range(3):
                found = autodiff(kernels, biases, x[n], t, [component] * 3, layer)
                if not found.any():  # nothing arrives: no scale to compare with
                    errors[layer].append(float(printed[layer].any()))
                    continue
                errors[layer].append(error(printed[layer], found))
                differences = central_differences(
                    kernels, biases, x[n], t, numpy_function, layer
                )
                central[layer].append(error(differences, found))
    return errors, central


def sigmoid_gradients(randoms):
    """Check the formulas for sigmoids in networks of three layers."""
    networks = [draw(random, 3) for random in randoms]
    errors, central = compare(sigmoid_formulas, "sigmoid", networks)
    for layer, (claim, weight) in enumerate(
        (("d0-06", "w_ip"), ("d0-05", "w_ji"), ("d0-04", "w_kj"))
    ):
        yield check(claim, f"∂E_n/∂{weight}, sigmoid", errors[layer], central[layer])


def active(networks):
    """Return the share of ReLUs, output units too, that are on, in %."""
    on = [
        h.ravel() > 0
        for kernels, biases, x, _ in networks
        for h in outputs(kernels, biases, x, numpy_relu)[1:]
    ]
    return 100 * np.concatenate(on).mean()


def relu_gradients(randoms):
    """Check the formulas without f′ where every ReLU is on and where some are not."""
    for text, positive, shared in (
        ("all on", True, False),
        ("all on, one t_n for all k", True, True),
        ("some off", False, False),
    ):
        networks = [draw(random, 3, positive) for random in randoms()]
        errors, central = compare(relu_formulas, "ReLU", networks, shared)
        yield check(
            "d0-11",
            f"ReLU, {text}",
            [*joined(*errors)],
            [*joined(*central)],
            network=text,
            active=active(networks),
        )


def steeper(function, scale):
    """Return the function with the same values and `scale` times its slope."""

    def changed(a):
        fixed = keras.ops.stop_gradient(function(a))
        return fixed + scale * (function(a) - fixed)

    return changed


def exponents(network, component, layer):
    """Count how often each layer's f′ is a factor of one layer's gradient.

    Twice the slope of all units of a layer makes the gradient 2^count times as large.
    """
    layers = range(len(network[0]))
    base = autodiff(*network, [component] * len(layers), layer)
    for m in layers:
        functions = [steeper(component, 1 + (i == m)) for i in layers]
        changed = autodiff(*network, functions, layer)
        yield float(np.log2(np.linalg.norm(changed) / np.linalg.norm(base)))


def factors(randoms):
    """Count the activation derivatives in the gradient of each of four layers."""
    for activation, (component, _) in PAIRS.items():
        networks = [draw(random, 4, positive=True) for random in randoms()]
        for below, (weight, lecture) in enumerate(COUNTED.items()):
            counts = np.array(
                [[*exponents(each, component, 3 - below)] for each in networks]
            )
            row = {
                "part": "factors",
                "activation": activation,
                "weight": weight,
                "lecture": np.nan if lecture is None else lecture,
                "counted": counts.sum(axis=1).mean(),
                **{
                    f"layer_{m + 1}": each for m, each in enumerate(counts.mean(axis=0))
                },
            }
            yield row
            if lecture is not None:
                yield check(
                    "d0-10",
                    f"{weight}, {activation}: f′ counted",
                    [*abs(counts.sum(axis=1) - lecture)],
                )


def chain(depth, weight):
    """Return a chain's gradient in its first weight, by autodiff and as a product.

    Every unit is a sigmoid at pre-activation 0, where its output is 1/2 and its slope
    1/4; the target is 0 and the input 1.
    """
    kernels = [np.array([[weight]])] * depth
    biases = [np.array([-weight])] + [np.array([-weight / 2])] * (depth - 1)
    found = autodiff(kernels, biases, np.ones((1, 1)), 0.0, [sigmoid] * depth, 0)
    terms = [1.0, *[0.25] * depth, *[weight] * (depth - 1), 0.5]
    return found.item(), np.prod(terms), len(terms)


def chains():
    """Follow the gradient of a chain's first weight as the chain gets deeper."""
    errors = []
    for weight in WEIGHTS:
        for depth in DEPTHS:
            found, wanted, terms = chain(depth, weight)
            errors.append(abs(found / wanted - 1))
            yield {
                "part": "chain",
                "factor": f"{weight / 4:g} times a layer",
                "depth": depth,
                "terms": terms,
                "gradient": found,
                "log10_gradient": np.log10(found),
            }
    yield check("d0-01", "product along a chain", errors)


def along_paths(kernels, slopes, delta, x):
    """Sum the products along every path from each first-layer weight to the error."""
    found = np.zeros_like(kernels[0])
    for i, p in np.ndindex(found.shape):
        for j, k in product(range(kernels[1].shape[0]), range(kernels[2].shape[0])):
            terms = (x[p], slopes[0][i], kernels[1][j, i], slopes[1][j])
            found[i, p] += np.prod((*terms, kernels[2][k, j], slopes[2][k], delta[k]))
    return found


def paths(randoms):
    """Compare autodiff with the sum over all paths in networks of three layers."""
    errors = []
    for random in randoms:
        kernels, biases, x, targets = draw(random, 3)
        layers = outputs(kernels, biases, x[0], numpy_sigmoid)
        slopes = [h * (1 - h) for h in layers[1:]]
        summed = along_paths(kernels, slopes, layers[-1] - targets[0], x[0])
        found = autodiff(kernels, biases, x[0], targets[0], [sigmoid] * 3, 0)
        errors.append(error(summed, found))
    yield check("d0-01", "products along all paths", errors)


def chain_rule(randoms):
    """Multiply the slopes of four functions, and differentiate their composition."""
    errors, central = [], []
    for random in randoms:
        a, b, c, u = random.normal(0, 1, 4)
        steps = (
            lambda u, a=a: keras.ops.tanh(a * u),
            lambda w, b=b: softplus(b * w),
            lambda x, c=c: keras.ops.sin(c * x),
            lambda y: y * y + y,
        )
        whole = partial(compose, steps)
        at, slopes = np.array(u), []
        for each in steps:
            slopes.append(gradient(each, at))
            at = value(each, at)
        found = gradient(whole, np.array(u))
        errors.append(error(np.prod(slopes), found))
        up, down = (value(whole, np.array(u + h)) for h in (1e-5, -1e-5))
        central.append(error((up - down) / 2e-5, found))
    yield check("d1-02", "dz/du, four functions", errors, central)


def compose(steps, x):
    for each in steps:
        x = each(x)
    return x


def dense_layers(kernels, biases, activations):
    """Return a Keras model of Dense layers with these weights."""
    inputs = h = keras.Input((kernels[0].shape[1],), dtype="float64")
    for kernel, activation in zip(kernels, activations, strict=True):
        h = keras.layers.Dense(len(kernel), activation, dtype="float64")(h)
    model = keras.Model(inputs, h)
    model.set_weights(
        [x for pair in zip(kernels, biases, strict=True) for x in (pair[0].T, pair[1])]
    )
    return model


def nested(randoms):
    """Compare Keras with functions nested by hand, and one layer with f(Wᵀx + b)."""
    networks, layers = [], []
    for random in randoms:
        kernels, biases, x, _ = draw(random, 3)
        model = dense_layers(kernels, biases, [sigmoid] * 3)
        by_hand = outputs(kernels, biases, x, numpy_sigmoid)
        networks.append(error(np.asarray(model(x)), by_hand[-1]))
        for component, function in ((sigmoid, numpy_sigmoid), (tanh, np.tanh)):
            model = dense_layers(kernels[:1], biases[:1], [component])
            columns = kernels[0].T  # an input's weights in a row, as Wᵀx has it
            wanted = [function(columns.T @ each + biases[0]) for each in x]
            layers.append(error(np.asarray(model(x)), np.stack(wanted)))
    yield check("d2-01", "nested functions", networks)
    yield check("d2-04", "f(Wᵀx + b)", layers)


def vectors(randoms):
    """Pull a gradient back through a vector and through a tensor."""
    flat, shaped = [], []
    for random in randoms:
        a, b = random.normal(0, 1, (4, 3)), random.normal(0, 1, 4)
        y_of_x = partial(squashed, a)
        z_of_y = partial(scored, b)
        flat.append(pulled_back(y_of_x, z_of_y, random.normal(0, 1, 3)))
        c, d = random.normal(0, 1, (3, 2)), random.normal(0, 1, (2, 2))
        y_of_x = partial(mixed, c)
        z_of_y = partial(scored, d)
        shaped.append(pulled_back(y_of_x, z_of_y, random.normal(0, 1, (2, 3))))
    yield check("d2-80", "chain rule, vectors", flat)
    yield check("d2-80", "chain rule, tensors", shaped)


def squashed(a, x):
    return tanh(keras.ops.sum(a * x, axis=1))


def mixed(c, x):
    return sigmoid(keras.ops.matmul(x, keras.ops.convert_to_tensor(c)))


def scored(b, y):
    return keras.ops.sum(b * keras.ops.sin(y))


def pulled_back(y_of_x, z_of_y, x):
    """Return the error of Σ_j (∇_x y_j)·∂z/∂y_j against ∇_x z by autodiff."""
    y = np.asarray(y_of_x(keras.ops.convert_to_tensor(x)))
    back = gradient(z_of_y, y)
    found = sum(
        back[place] * gradient(lambda x, place=place: y_of_x(x)[place], x)
        for place in np.ndindex(y.shape)
    )
    return error(found, gradient(lambda x: z_of_y(y_of_x(x)), x))


def totals(randoms):
    """Compare the gradient of a batch with the sum over its examples, and one step."""
    errors, central, ratios = [], [], {"sum": [], "sum_over_batch_size": []}
    for random in randoms:
        network = kernels, biases, x, targets = draw(random, 2)
        whole = [autodiff(*network, [sigmoid] * 2, layer) for layer in range(2)]
        for layer, found in enumerate(whole):
            each = [
                autodiff(kernels, biases, x[n], targets[n], [sigmoid] * 2, layer)
                for n in range(EXAMPLES)
            ]
            errors.append(error(sum(each), found))
            differences = central_differences(*network, numpy_sigmoid, layer)
            central.append(error(differences, found))
        for reduction, found in ratios.items():
            taken = keras_step(*network, reduction)
            pairs = zip(taken, whole, strict=True)
            found.append(np.mean([np.mean(a / (-RATE * b)) for a, b in pairs]))
    yield check("d2-81", "Σ_n ∂E_n/∂w", errors, central)
    for reduction, found in ratios.items():
        yield {"part": "step", "reduction": reduction, "ratio": np.mean(found)}


def keras_step(kernels, biases, x, targets, reduction):
    """Return how far one step of Keras's SGD moves each kernel."""
    model = dense_layers(kernels, biases, [sigmoid] * len(kernels))
    loss = HalfSquaredError(reduction=reduction, dtype="float64")
    model.compile(keras.optimizers.SGD(RATE), loss, run_eagerly=True)
    model.train_on_batch(x, targets)
    after = model.get_weights()[::2]
    return [new.T - old for new, old in zip(after, kernels, strict=True)]


def run(draws, replicates):
    def randoms(purpose):
        for replicate in range(replicates):
            yield draws(replicate, purpose)

    return pd.DataFrame(
        [
            *chains(),
            *paths(randoms("paths")),
            *sigmoid_gradients(randoms("sigmoid")),
            *factors(lambda: randoms("factors")),
            *relu_gradients(lambda: randoms("ReLU")),
            *chain_rule(randoms("chain rule")),
            *nested(randoms("nested")),
            *vectors(randoms("vectors")),
            *totals(randoms("totals")),
        ]
    )


CLAIMS = (
    *("d0-01", "d0-04", "d0-05", "d0-06", "d0-10", "d0-11"),
    *("d1-02", "d2-01", "d2-04", "d2-80", "d2-81"),
)

EXPERIMENT = Simulation(
    title="Back-propagation: the formulas",
    about=(HalfSquaredError, sigmoid, relu, gradient, value),
    claims=tuple(
        Claim(
            id,
            verdict=Exact(
                measure="deviation", where={"claim": id}, tolerance=TOLERANCE
            ),
        )
        for id in CLAIMS
    ),
    run=run,
    settings={"replicates": 10},
    measures=(
        Column("deviation", "", "largest deviation, relative but for counts"),
        Column("log10_gradient", "", "gradient of the first weight"),
    ),
    figures=(
        Deviations(
            "deviation",
            by="check",
            where={"part": "formula"},
            limit=TOLERANCE,
            title="Each formula against automatic differentiation in float64, the "
            "largest relative deviation of all cases",
        ),
        Functions(
            panels="factor",
            x="depth",
            lines={"log10_gradient": "log10"},
            where={"part": "chain"},
            title="The gradient of the first weight of a chain of sigmoids by the "
            "number of layers, where each layer multiplies it by 1/4, 1 or 2",
            bottom=-16.5,
            top=6.5,
            xlabel="layers",
            ylabel="gradient, log10",
        ),
    ),
    tables=(
        Table(
            "How often f′ of each layer is a factor of a weight's gradient, the fourth "
            "layer being the output: doubling that layer's slopes doubles the gradient",
            where={"part": "factors"},
            columns={
                "weight": "weight",
                "activation": "activation",
                "layer_1": "f′ of layer 1",
                "layer_2": "layer 2",
                "layer_3": "layer 3",
                "layer_4": "layer 4",
                "counted": "in all",
                "lecture": "lecture",
            },
        ),
        Table(
            "The gradient of the first weight of a chain of 20 sigmoids",
            where={"part": "chain", "depth": 20},
            columns={
                "factor": "each layer counts",
                "terms": "terms of the product",
                "log10_gradient": "gradient, log10",
            },
        ),
        Table(
            "The formulas for ReLU without f′",
            where={"claim": "d0-11"},
            columns={
                "network": "network",
                "active": "units on (%)",
                "deviation": "largest deviation",
            },
        ),
        Table(
            "One step of Keras's SGD on a batch of "
            f"{EXAMPLES}, as a share of the lecture's, by the loss's reduction",
            where={"part": "step"},
            columns={"reduction": "reduction", "ratio": "Keras's step / the lecture's"},
        ),
        Table(
            "Every check: the formula against autodiff, and autodiff against central "
            "differences",
            where={"part": "formula"},
            columns={
                "check": "check",
                "cases": "cases",
                "deviation": "largest deviation",
                "central_error": "central differences",
            },
        ),
    ),
    errata=(
        Erratum(
            id="E29",
            claim="d0-10",
            where="d0:73",
            says="the gradient for w_ji has three factors ∂f/∂w",
            correction="two, as in the lecture's own formula in line 55; w_ih has "
            "three and w_hg four. The factors are f′(a), slopes in the pre-activation "
            "and not in a weight",
        ),
        Erratum(
            id="E30",
            claim="d0-11",
            where="d0:40, 58, 85, 87, 89",
            says="∂E for one example's gradient and, but for line 40, t_n for t_nk",
            correction="∂E_n and t_nk: every output has a target of its own, and the "
            "gradient of E is the sum over the examples",
        ),
        Erratum(
            id="E46",
            claim="d0-11",
            where="d0:85-89",
            says="with ReLU no activation derivative is left in the gradients",
            correction="f′ is 1 or 0: the formulas hold where every unit on the way is "
            "on, output units too; behind one that is off nothing arrives",
        ),
    ),
    differences=(
        ("networks", "letters", "random ones of 2 to 5 units a layer, with biases"),
        ("∂E with an index n on the right", "∂E", "read as ∂E_n, one example's error"),
        ("sign of dz/du", "a minus in the scan", "none: a stray mark"),
        (
            "gradient of a batch",
            "the sum over its examples",
            "the same; Keras's losses average unless they are told to sum",
        ),
    ),
    smoke={"settings": {"replicates": 3}},
)
