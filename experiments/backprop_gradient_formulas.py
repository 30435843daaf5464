"""Back-propagation formulas hold; one count of factors is off, and ReLUs must be on."""

import itertools
from functools import partial

import numpy as np

from study.activations import relu, sigmoid, softplus, tanh
from study.gradients import gradient, value
from study.lab.declare.facts import exact, readings
from study.lab.declare.finding import Column, Simulation, Takeaway
from study.lab.declare.rows import tables
from study.lab.figures import Deviations, Table
from study.losses import HalfSquaredError
from study.theory import activations, backpropagation, chain_rule
from study.theory.backpropagation import relu_formulas, sigmoid_formulas
from study.theory.differentiation import errors_of, factor_counts

from .figures.functions import Functions

TOLERANCE = 1e-12  # float64 rounds at 2e-16; a gradient takes some hundred roundings
EXAMPLES = 4
ON, OFF = "all units on", "some units off"
NETWORKS = {f"with {each}": each for each in (ON, OFF)}
RATE = 0.1
DEPTHS = (1, 2, 4, 8, 12, 16, 20)
WEIGHTS = (1.0, 4.0, 8.0)  # with σ′ = 1/4 a layer's factor is 1/4, 1 and 2
# Weights from the output down, with how many f′ the lecture counts in their gradients.
COUNTED = {"w_kj": None, "w_ji": 3, "w_ih": None, "w_hg": 4}
# Each component with its twin in NumPy.
SIGMOID, RELU = (sigmoid, activations.sigmoid), (relu, activations.relu)
draw = partial(backpropagation.drawn, examples=EXAMPLES)


def check(claim, text, errors, central=(), **more):
    """Make a row of the largest error of many cases."""
    return {
        "table": "formula",
        "claim": claim,
        "check": f"{claim} {text}",
        "cases": len(errors),
        "deviation": max(errors),
        "central_error": max(central, default=np.nan),
        **more,
    }


def chains():
    """Follow the gradient of a chain's first weight as the chain gets deeper."""
    errors = []
    for weight, depth in itertools.product(WEIGHTS, DEPTHS):
        found, wanted, terms = chain_rule.chain(depth, weight, sigmoid)
        errors.append(abs(found / wanted - 1))
        cell = {"factor": f"{weight / 4:g} times a layer", "depth": depth}
        row = {"terms": terms, "gradient": found, "log10_gradient": np.log10(found)}
        yield {"table": "chain", **cell, **row}
    yield check("d0-01", "product along a chain", errors)


def paths(randoms):
    """Compare autodiff with the sum over all paths in networks of three layers."""
    errors = [chain_rule.path_error(draw(each, 3), *SIGMOID) for each in randoms]
    yield check("d0-01", "products along all paths", errors)


def sigmoid_gradients(randoms):
    """Check the formulas for sigmoids in networks of three layers."""
    networks = [draw(random, 3) for random in randoms]
    found = zip(*errors_of(sigmoid_formulas, *SIGMOID, networks), strict=True)
    weights = (("d0-06", "w_ip"), ("d0-05", "w_ji"), ("d0-04", "w_kj"))
    for (claim, weight), errors in zip(weights, found, strict=True):
        yield check(claim, f"∂E_n/∂{weight}, sigmoid", *errors)


def factors(randoms):
    """Count the activation derivatives in the gradient of each of four layers."""
    for activation, component in (("sigmoid", sigmoid), ("ReLU", relu)):
        networks = [draw(random, 4, positive=True) for random in randoms()]
        for layer, (weight, lecture) in zip((3, 2, 1, 0), COUNTED.items(), strict=True):
            counts = factor_counts(networks, component, layer)
            means = enumerate(counts.mean(axis=0), start=1)
            yield {
                "table": "factors",
                "activation": activation,
                "weight": weight,
                "lecture": np.nan if lecture is None else lecture,
                "counted": counts.sum(axis=1).mean(),
                **{f"layer_{m}": each for m, each in means},
            }
            if lecture is not None:
                text = f"{weight}, {activation}: f′ counted"
                yield check("d0-10", text, [*abs(counts.sum(axis=1) - lecture)])


def relu_gradients(randoms):
    """Check the formulas without f′ where every ReLU is on and where some are not."""
    for claim, text, positive, shared in (
        ("d0-11", ON, True, False),
        ("beside", f"{ON}, one t_n for all k", True, True),
        ("d0-11", OFF, False, False),
    ):
        networks = [draw(random, 3, positive=positive) for random in randoms()]
        found = errors_of(relu_formulas, *RELU, networks, shared)
        found = [[*itertools.chain(*each)] for each in found]
        on = backpropagation.share_on(networks, activations.relu)
        cell = {"activation": "ReLU", "network": text}
        yield check(claim, f"ReLU, {text}", *found, **cell, active=on)


def four_functions(randoms):
    """Multiply the slopes of four functions, and differentiate their composition."""
    found = [chain_rule.four_functions(each, softplus) for each in randoms]
    yield check("d1-02", "dz/du, four functions", *zip(*found, strict=True))


def nested(randoms):
    """Compare Keras with functions nested by hand, and one layer with f(Wᵀx + b)."""
    drawn = [draw(random, 3) for random in randoms]
    networks = [backpropagation.nesting_error(each, *SIGMOID) for each in drawn]
    pairs = itertools.product(drawn, (SIGMOID, (tanh, np.tanh)))
    layers = [backpropagation.layer_error(each, *pair) for each, pair in pairs]
    yield check("d2-01", "nested functions", networks)
    yield check("d2-04", "f(Wᵀx + b)", layers)


def vectors(randoms):
    """Pull a gradient back through a vector and, of the same draws, a tensor."""
    vectors, tensors = chain_rule.vectors, chain_rule.tensors
    found = [(vectors(each, tanh), tensors(each, sigmoid)) for each in randoms]
    flat, shaped = zip(*found, strict=True)
    yield check("d2-80", "chain rule, vectors", flat)
    yield check("d2-80", "chain rule, tensors", shaped)


def totals(randoms):
    """Compare the gradient of a batch with the sum over its examples, and one step."""
    errors, ratios = [], {"sum": [], "sum_over_batch_size": []}
    for random in randoms:
        network = draw(random, 2)
        found = [*chain_rule.example_sums(network, *SIGMOID)]
        errors += [each[1:] for each in found]
        for reduction, seen in ratios.items():
            loss = HalfSquaredError(reduction=reduction, dtype="float64")
            taken = backpropagation.sgd_step(network, sigmoid, loss, RATE)
            pairs = zip(taken, found, strict=True)
            seen.append(np.mean([np.mean(a / (-RATE * b)) for a, (b, *_) in pairs]))
    yield check("d2-81", "Σ_n ∂E_n/∂w", *zip(*errors, strict=True))
    for reduction, seen in ratios.items():
        yield {"table": "step", "reduction": reduction, "ratio": np.mean(seen)}


def run(draws, replicates):
    def randoms(purpose):
        return [draws(replicate, purpose) for replicate in range(replicates)]

    return tables(
        [
            *chains(),
            *paths(randoms("paths")),
            *sigmoid_gradients(randoms("sigmoid")),
            *factors(lambda: randoms("factors")),
            *relu_gradients(lambda: randoms("ReLU")),
            *four_functions(randoms("chain rule")),
            *nested(randoms("nested")),
            *vectors(randoms("vectors")),
            *totals(randoms("totals")),
        ]
    )


CLAIMS = (
    *("d0-01", "d0-04", "d0-05", "d0-06", "d0-10"),
    *("d1-02", "d2-01", "d2-04", "d2-80", "d2-81"),
)


EXPERIMENT = Simulation(
    title="Back-propagation: the formulas",
    about=(HalfSquaredError, sigmoid, relu, gradient, value),
    claims=(
        *exact(CLAIMS, TOLERANCE, "formula"),
        readings("d0-11", "formula", TOLERANCE, "network", NETWORKS, claim="d0-11"),
    ),
    takeaway=Takeaway(
        of="d0-11",
        holds="With ReLU no slope of the activation is left in the gradients, "
        "whichever units are on.",
        depends="With ReLU no slope of the activation is left in the gradients "
        "{where}.",
        fails="With ReLU, too, slopes of the activation are left in the gradients, "
        "whichever units are on.",
        evidence="of the lectures' formulas of back-propagation {held} are right.",
    ),
    run=run,
    measures=(
        Column("deviation", "", "largest deviation, relative but for counts"),
        Column("log10_gradient", "", "gradient of the first weight"),
    ),
    figures=(
        Deviations(
            by="check",
            table="formula",
            limit=TOLERANCE,
            title="Each formula against automatic differentiation in float64, the "
            "largest relative deviation of all cases",
        ),
        Functions(
            panels="factor",
            x="depth",
            lines={"log10_gradient": "log10"},
            table="chain",
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
            table="factors",
            called={"layer_1": "f′ of layer 1", "counted": "in all"},
        ),
        Table(
            "The gradient of the first weight of a chain of 20 sigmoids",
            table="chain",
            where={"depth": 20},
            columns=("factor", "terms", "log10_gradient"),
            called={
                "factor": "each layer counts",
                "terms": "terms of the product",
                "log10_gradient": "gradient, log10",
            },
        ),
        Table(
            "The formulas for ReLU without f′",
            table="formula",
            where={"activation": "ReLU"},
            columns=("network", "active", "deviation"),
            called={"active": "units on (%)"},
        ),
        Table(
            "One step of Keras's SGD on a batch of "
            f"{EXAMPLES}, as a share of the lecture's, by the loss's reduction",
            table="step",
            called={"ratio": "Keras's step / the lecture's"},
        ),
        Table(
            "Every check: the formula against autodiff, and autodiff against central "
            "differences",
            table="formula",
            columns=("check", "cases", "deviation", "central_error"),
            called={"central_error": "central differences"},
        ),
    ),
    differences={
        "networks": ("letters", "random ones of 2 to 5 units a layer, with biases"),
        "∂E with an index n on the right": ("∂E", "read as ∂E_n, one example's error"),
        "no f′ is left (d0-11)": (
            "said of ReLU",
            "f′ is 1 or 0: judged where every unit on the way is on, output units too, "
            "and where some are off, behind which nothing arrives",
        ),
        "t_n for every k (d0-11)": (
            "but for one line",
            "read as t_nk; one target for all outputs stands beside",
        ),
        "sign of dz/du": ("a minus in the scan", "none: a stray mark"),
        "gradient of a batch": (
            "the sum over its examples",
            "the same; Keras's losses average unless they are told to sum",
        ),
    },
)
