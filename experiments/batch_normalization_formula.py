"""Batch normalization is the printed formula, and not in the input layer alone."""

import keras
import numpy as np
import pandas as pd

from study.lab.experiment import Claim, Erratum, Simulation
from study.lab.figures import Deviations, Table
from study.lab.measures import Column
from study.lab.verdicts import Exact
from study.layers import BatchNormalization

EXAMPLES, UNITS, STEPS = 64, 10, 20
MOMENTUM, EPSILON = 0.9, 1e-3
TOLERANCE = 1e-10  # sums of 64 float64 numbers round by some 1e-15
CLAIMS = ("d1-08", "d1-10", "d3-23", "d4-51")
FORMULA, ALONE = "y by the formula", "the input layer alone"


def normalized(x, gamma, beta):
    """Return gamma * (x - mean) / sqrt(variance + epsilon) + beta by NumPy alone."""
    mean = x.sum(axis=0) / len(x)
    variance = ((x - mean) ** 2).sum(axis=0) / len(x)
    return gamma * (x - mean) / np.sqrt(variance + EPSILON) + beta


def layer(kind, gamma, beta, epsilon=EPSILON):
    """Return a built float64 layer that scales by gamma and shifts by beta."""
    found = kind(momentum=MOMENTUM, epsilon=epsilon, dtype="float64")
    found.build((None, UNITS))
    found.gamma.assign(np.full(UNITS, gamma))
    found.beta.assign(np.full(UNITS, beta))
    return found


def outputs(found, x, training=True):
    return np.asarray(found(keras.ops.convert_to_tensor(x), training=training))


def apart(a, b):
    return float(np.abs(a - b).max())


def statements(x, gamma, beta):
    """Yield (claim, statement, how far the layer is from it)."""
    ours = layer(BatchNormalization, gamma, beta)
    theirs = layer(keras.layers.BatchNormalization, gamma, beta)
    found, formula = outputs(ours, x), normalized(x, gamma, beta)
    half = x[: EXAMPLES // 2]  # comes out otherwise than in the whole batch
    moments = apart(outputs(ours, half), normalized(half, gamma, beta))
    yield "d1-08", "half a batch by its own moments", moments
    yield "d1-10", FORMULA, apart(found, formula)
    yield "d1-10", "y of Keras in training", apart(outputs(theirs, x), formula)
    plain = outputs(layer(BatchNormalization, 1.0, 0.0, epsilon=0.0), x)
    yield "d3-23", "mean 0", apart(plain.mean(axis=0), 0)
    yield "d3-23", "variance 1", apart(plain.var(axis=0), 1)
    scaled = outputs(layer(BatchNormalization, gamma, beta, epsilon=0.0), x)
    yield "d3-23", "then mean β", apart(scaled.mean(axis=0), beta)
    yield "d3-23", "then deviation |γ|", apart(scaled.std(axis=0), np.abs(gamma))
    steps = (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + EPSILON)
    yield "d4-51", "subtract, divide, scale, shift", apart(found, gamma * steps + beta)
    root = np.sqrt(x.var(axis=0) + EPSILON)
    undone = outputs(layer(BatchNormalization, root, x.mean(axis=0)), x)
    yield "d4-51", "γ = √(σ² + ε), β = μ undo it", apart(undone, x)


def inference(batches, gamma, beta):
    """Yield how far inference is from the moments gathered while training."""
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
        yield "beside", f"inference by gathered moments, {name}", apart(found, formula)


def hidden_batches(batches, random):
    """Return what reaches a second layer, which is no input of the network."""
    return np.tanh(batches @ random.normal(0, 0.1, (UNITS, UNITS)))


def seed(random):
    """Yield every statement at the input and at a hidden layer."""
    batches = 3 + 5 * random.standard_normal((STEPS, EXAMPLES, UNITS))
    gamma, beta = random.normal(0, 2, (2, UNITS))
    at = {"input": batches, "hidden": hidden_batches(batches, random)}
    for place, found in at.items():
        rows = [*statements(found[0], gamma, beta), *inference(found, gamma, beta)]
        for claim, statement, deviation in rows:
            yield {
                "claim": claim,
                "statement": statement,
                "layer": place,
                "deviation": deviation,
            }
            if (place, statement) == ("hidden", FORMULA):
                # how many other layers it normalizes
                others = float(deviation <= TOLERANCE)
                yield {"claim": "d1-07", "statement": ALONE, "deviation": others}


def run(draws, replicates):
    """Check every seed, and keep the largest deviation of each statement."""
    table = pd.DataFrame(
        {"part": "seed", "replicate": replicate, **row}
        for replicate in range(replicates)
        for row in seed(draws(replicate, "inputs and parameters"))
    )
    by = ["claim", "statement", "layer"]
    most = table.groupby(by, sort=False)["deviation"].max().reset_index()
    most["row"] = most["statement"] + ", " + most["layer"]
    return pd.concat([table, most.assign(part="largest")], ignore_index=True)


EXPERIMENT = Simulation(
    title="Batch normalization: the formula",
    about=(BatchNormalization,),
    claims=(
        *(
            Claim(
                id,
                verdict=Exact(
                    measure="deviation", where={"claim": id}, tolerance=TOLERANCE
                ),
            )
            for id in CLAIMS
        ),
        Claim(
            "d1-07",
            verdict=Exact(measure="deviation", where={"claim": "d1-07"}, tolerance=0),
        ),
    ),
    run=run,
    settings={"replicates": 10},
    measures=(Column("deviation", "", "largest deviation"),),
    figures=(
        Deviations(
            "deviation",
            by="row",
            where={"part": "largest"},
            limit=TOLERANCE,
            title="Largest deviation of each statement over the seeds, at the input "
            "and at a hidden layer",
        ),
    ),
    tables=(
        Table(
            "The largest deviation of each statement over the seeds",
            where={"part": "largest"},
            columns={
                "claim": "claim",
                "statement": "statement",
                "layer": "layer",
                "deviation": "largest deviation",
            },
        ),
    ),
    errata=(
        Erratum(
            id="E07",
            claim="d1-07",
            where="d1:54",
            says="batch normalization normalizes the input layer",
            correction="it normalizes what reaches any layer it stands in front of, a "
            "hidden one just as well",
        ),
    ),
    differences=(
        ("numbers", "symbols", "float64, 64 images of 10 numbers, 10 seeds"),
        ("ε", "not given", "0.001, and 0 where mean and variance are compared"),
    ),
    smoke={"settings": {"replicates": 2}},
)
