"""Blocks and layers compute their formulas: PolyNet, residual, split, recurrent."""

import numpy as np

from study.lab.declare.facts import Facts, fact
from study.lab.declare.finding import Claim, Takeaway
from study.lab.rules.verdicts import Cited, Readings
from study.layers import (
    FastForward,
    PolyInception,
    Residual,
    SimpleRecurrent,
    SplitAndMerge,
)
from study.theory.activations import relu, sigmoid, softmax
from study.theory.networks import dense_layer, layer_by_example
from study.theory.shapes import values

EXAMPLES, UNITS, STEPS = 16, 6, 5
TOLERANCE = 1e-12  # sums of a few float64 products round by some 1e-16
ACTIVATIONS = {"sigmoid": sigmoid, "tanh": np.tanh, "relu": relu, "softmax": softmax}
# Activations of the first and the second layer.
PAIRS = (
    ("sigmoid", "tanh"),
    ("tanh", "sigmoid"),
    ("relu", "softmax"),
    ("tanh", "relu"),
    ("relu", "relu"),
)


def drawn(random):
    """Return a kernel and a bias."""
    return random.normal(0, 0.7, (UNITS, UNITS)), random.normal(0, 0.7, UNITS)


def dense(weights, activation="tanh"):
    return dense_layer(*weights, activation)


def function(weights, activation="tanh"):
    return layer_by_example(*weights, ACTIVATIONS[activation])


def layers(random):
    """Yield two layers in a row, by Keras and by the formula."""
    x = random.normal(size=(EXAMPLES, UNITS))
    first, second = drawn(random), drawn(random)
    for one, other in PAIRS:
        expected = function(second, other)(function(first, one)(x))
        found = values(dense(second, other), values(dense(first, one), x))
        yield f"{one}, then {other}", found, expected


def poly(random):
    """Yield PolyNet's block: one path with other weights at the second order."""
    x = random.normal(size=(EXAMPLES, UNITS))
    weights = drawn(random), drawn(random)
    f, g = map(function, weights)
    layer = PolyInception("mpoly-2", *map(dense, weights), dtype="float64")
    yield "(I + F + G∘F)(x)", values(layer, x), x + f(x) + g(f(x))


def others(random):
    """Yield the blocks that no claim of this page is about."""
    x = random.normal(size=(EXAMPLES, UNITS))
    weights, more = drawn(random), drawn(random)
    f, g = function(weights), function(more)
    layer = PolyInception("poly-2", dense(weights), dtype="float64")
    yield "PolyNet, poly-2: (I + F + F∘F)(x)", values(layer, x), x + f(x) + f(f(x))
    layer = PolyInception("2-way", dense(weights), dense(more), dtype="float64")
    yield "PolyNet, 2-way: (I + F + G)(x)", values(layer, x), x + f(x) + g(x)
    layer = Residual(dense(weights), dtype="float64")
    yield "residual: x + F(x)", values(layer, x), x + f(x)
    nothing = [np.zeros_like(each) for each in weights]
    layer = Residual(dense(nothing), dtype="float64")
    yield "residual with F of zeros: x", values(layer, x), x
    layer = FastForward(dense(weights), dtype="float64")
    yield "fast forward: x beside F(x)", values(layer, x), np.hstack([x, f(x)])
    yield split(random)
    yield recurrent(random)


def split(random):
    """Return two branches, each of half the features, and their formula."""
    wide = random.normal(size=(EXAMPLES, 2 * UNITS))
    weights, more = drawn(random), drawn(random)
    layer = SplitAndMerge([dense(weights), dense(more)], dtype="float64")
    both = function(weights)(wide[:, :UNITS]), function(more)(wide[:, UNITS:])
    return "split and merge: F₁(x₁) beside F₂(x₂)", values(layer, wide), np.hstack(both)


def recurrent(random):
    """Return the last state of a sequence, and its formula."""
    x = random.normal(size=(EXAMPLES, STEPS, UNITS))
    (kernel, bias), (recurrent, _) = drawn(random), drawn(random)
    layer = SimpleRecurrent(UNITS, dtype="float64")
    layer.build(x.shape)
    layer.set_weights([kernel, recurrent, bias])
    state = np.zeros((EXAMPLES, UNITS))
    for t in range(STEPS):
        state = np.tanh(x[:, t] @ kernel + state @ recurrent + bias)
    return "recurrent: tanh(Wᵀxₜ + Uᵀhₜ₋₁ + b)", values(layer, x), state


PARTS = {"d2-28": layers, "d4-38": poly, "beside": others}


def statements(draws, replicate):
    """Yield (claim, statement, found, expected)."""
    for claim, part in PARTS.items():
        for statement, *pair in part(draws(replicate, claim)):
            yield claim, statement, *pair


POLYNET = {
    "the formula": fact("d4-38", "seed", TOLERANCE, claim="d4-38").verdict,
    "the block of PolyNet": Cited(
        source="Zhang, Li, Loy and Lin 2017, CVPR: PolyNet, a pursuit of structural "
        "diversity in very deep networks (read in a summary)",
        note="It has three of second order, of which this is mpoly-2.",
    ),
}

EXPERIMENT = Facts(
    title="Blocks: formulas",
    about=(FastForward, PolyInception, Residual, SimpleRecurrent, SplitAndMerge),
    statements=statements,
    claims=("d2-28", Claim("d4-38", verdict=Readings(POLYNET))),
    takeaway=Takeaway(
        holds="Each layer may have an activation of its own, as the slide writes it.",
        fails="Layers with activations of their own are not what the slide writes.",
        evidence="of the lectures' formulas of blocks {held} are right.",
    ),
    tolerance=TOLERANCE,
    figure="Largest deviation of each layer from its formula over the seeds",
    table="Largest deviation of each layer from its formula over the seeds",
    differences={
        "numbers": (
            "symbols",
            f"float64, {EXAMPLES} examples of {UNITS} numbers, 10 seeds",
        ),
        "d4-38: PolyInception": (
            "(I + F + G∘F)(x) as the block of PolyNet",
            "one of its three: mpoly-2. poly-2 uses F twice, 2-way adds F and G; both "
            "stand beside. F and G are dense layers, not Inception modules",
        ),
    },
)
