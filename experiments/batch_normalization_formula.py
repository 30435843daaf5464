"""Batch normalization is the printed formula, and not in the input layer alone."""

import keras
import numpy as np
import pandas as pd

from study.lab.declare.facts import exact, fact, readings
from study.lab.declare.finding import Column, Simulation, Takeaway
from study.lab.declare.rows import every_seed
from study.lab.figures import Deviations, Table
from study.lab.rules.statements import deviation, with_largest
from study.layers import BatchNormalization
from study.theory.normalization import normalized

EXAMPLES, UNITS, STEPS = 64, 10, 20
MOMENTUM, EPSILON = 0.9, 1e-3
TOLERANCE = 1e-10  # sums of 64 float64 numbers round by some 1e-15
CLAIMS = ("d1-08", "d1-09", "d1-10", "d4-51")
FORMULA = "y by the formula"
KEPT = {"statement": "variance 1, ε = 0.001"}
# What a layer tells of d1-07, by where it stands.
TOLD = {"input": "the input layer", "hidden": "the input layer alone"}


def layer(kind, gamma, beta, epsilon=EPSILON):
    """Return a built float64 layer that scales by gamma and shifts by beta."""
    found = kind(momentum=MOMENTUM, epsilon=epsilon, dtype="float64")
    found.build((None, UNITS))
    found.gamma.assign(np.full(UNITS, gamma))
    found.beta.assign(np.full(UNITS, beta))
    return found


def outputs(found, x, training=True):
    return np.asarray(found(keras.ops.convert_to_tensor(x), training=training))


def statements(x, gamma, beta):
    """Yield (claim, statement, what the layer gives, what it should)."""
    ours = layer(BatchNormalization, gamma, beta)
    theirs = layer(keras.layers.BatchNormalization, gamma, beta)
    found, formula = outputs(ours, x), normalized(x, gamma, beta, EPSILON)
    half = x[: EXAMPLES // 2]  # comes out otherwise than in the whole batch
    by_half = normalized(half, gamma, beta, EPSILON)
    yield "d1-08", "half a batch by its own moments", outputs(ours, half), by_half
    yield "d1-10", FORMULA, found, formula
    yield "d1-10", "y of Keras in training", outputs(theirs, x), formula
    plain = outputs(layer(BatchNormalization, 1.0, 0.0, epsilon=0.0), x)
    yield "d3-23", "mean 0", plain.mean(axis=0), 0
    yield "d3-23", "variance 1", plain.var(axis=0), 1
    kept = outputs(layer(BatchNormalization, 1.0, 0.0), x)
    yield "beside", KEPT["statement"], kept.var(axis=0), 1
    scaled = outputs(layer(BatchNormalization, gamma, beta, epsilon=0.0), x)
    yield "d3-23", "then mean β", scaled.mean(axis=0), beta
    yield "d3-23", "then deviation |γ|", scaled.std(axis=0), np.abs(gamma)
    root = np.sqrt(x.var(axis=0) + EPSILON)
    steps = (x - x.mean(axis=0)) / root
    yield "d4-51", "subtract, divide, scale, shift", found, gamma * steps + beta
    undone = outputs(layer(BatchNormalization, root, x.mean(axis=0)), x)
    yield "d4-51", "γ = √(σ² + ε), β = μ undo it", undone, x


def inference(batches, gamma, beta):
    """Yield what inference gives, and what moments gathered while training would."""
    mean, variance = np.zeros(UNITS), np.ones(UNITS)
    kinds = {"ours": BatchNormalization, "Keras": keras.layers.BatchNormalization}
    layers = {name: layer(kind, gamma, beta) for name, kind in kinds.items()}
    for batch in batches:
        mean = MOMENTUM * mean + (1 - MOMENTUM) * batch.mean(axis=0)
        variance = MOMENTUM * variance + (1 - MOMENTUM) * batch.var(axis=0)
        for each in layers.values():
            outputs(each, batch)
    x = batches[0]
    formula = gamma * (x - mean) / np.sqrt(variance + EPSILON) + beta
    for name, each in layers.items():
        found = outputs(each, x, training=False)
        yield "d1-09", f"inference by gathered moments, {name}", found, formula


def seed(random):
    """Yield every statement at the input and at a hidden layer."""
    batches = 3 + 5 * random.standard_normal((STEPS, EXAMPLES, UNITS))
    gamma, beta = random.normal(0, 2, (2, UNITS))
    # what reaches a second layer, which is no input of the network
    hidden = np.tanh(batches @ random.normal(0, 0.1, (UNITS, UNITS)))
    for place, found in (("input", batches), ("hidden", hidden)):
        rows = [*statements(found[0], gamma, beta), *inference(found, gamma, beta)]
        for claim, statement, *pair in rows:
            off = deviation(*pair)
            row = {"claim": claim, "statement": statement, "layer": place}
            yield {**row, "deviation": off}
            if statement == FORMULA:
                # of another layer, whether it is one more that is normalized
                off = off if place == "input" else float(off <= TOLERANCE)
                row |= {"claim": "d1-07", "statement": TOLD[place]}
                yield {**row, "deviation": off}


def run(draws, replicates):
    """Check every seed, and keep the largest deviation of each statement."""
    rows = every_seed(draws, replicates, "inputs and parameters", seed)
    found = with_largest(pd.DataFrame(rows), ("claim", "statement", "layer"))
    most = found["largest"]
    row = most["statement"] + ", " + most["layer"]
    return found | {"largest": most.assign(row=row)}


EXPERIMENT = Simulation(
    title="Batch normalization: the formula",
    about=(BatchNormalization,),
    claims=(
        *exact(CLAIMS, TOLERANCE),
        fact(
            "d3-23", "seed", TOLERANCE, condition="ε is 0", without=KEPT, claim="d3-23"
        ),
        readings("d1-07", "seed", TOLERANCE, "statement", TOLD.values(), claim="d1-07"),
    ),
    takeaway=Takeaway(
        of="d1-07",
        holds="Batch normalization acts on the input layer, and on that alone.",
        depends="Batch normalization acts on {where}.",
        fails="Batch normalization does not act on the input layer as the lecture "
        "says.",
        evidence="of the lectures' statements about its formula {held} hold.",
    ),
    run=run,
    measures=(Column("deviation", "", "largest deviation"),),
    figures=Deviations(
        by="row",
        table="largest",
        limit=TOLERANCE,
        title="Largest deviation of each statement over the seeds, at the input "
        "and at a hidden layer",
    ),
    tables=Table(
        "The largest deviation of each statement over the seeds",
        table="largest",
        columns=("claim", "statement", "layer", "deviation"),
    ),
    differences={
        "the input layer (d1-07)": (
            "said to be normalized",
            "both readings judged: it is, and it is the only one that is",
        ),
        "numbers": ("symbols", "float64, 64 images of 10 numbers, 10 seeds"),
        "ε": ("not given", "0.001, and 0 where mean and variance are compared (d3-23)"),
    },
)
