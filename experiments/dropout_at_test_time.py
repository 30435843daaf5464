"""What dropout's layers do in training and in the test: masks, scales and slopes."""

import itertools

import keras
import numpy as np
import pandas as pd

from study.gradients import gradient
from study.lab.declare.facts import exact, largest
from study.lab.declare.finding import Column, Simulation, Takeaway
from study.lab.figures import Deviations
from study.lab.rules.statements import deviation, with_largest
from study.layers import Dropout
from study.theory.activations import relu
from study.theory.checks import central_slope
from study.theory.dropout import LectureDropout, all_masks, beyond_chance, nearest

EXAMPLES, UNITS = 50, 400
RATIOS = (0.2, 0.5, 0.7)  # of units dropped
FEW = 10  # inputs of a network whose 2^10 masks are all taken
STEP = 1e-3
TOLERANCE = 1e-6  # 1 - ratio is rounded to single precision on its way to Keras


def inputs(random):
    """Draw outputs of neurons none of which is 0, so that a 0 was dropped."""
    return random.uniform(0.5, 2, (EXAMPLES, UNITS))


def outputs(layer, x, training):
    x = keras.ops.convert_to_tensor(x)
    return keras.ops.convert_to_numpy(layer(x, training=training))


def dropped(y):
    """Return the share of outputs that are 0."""
    return float(np.mean(y == 0))


def kinds(ratio, seed):
    """Map names to layers that drop a ratio of the units."""
    settings = {"seed": seed, "dtype": "float64"}
    return {
        "Keras": keras.layers.Dropout(ratio, **settings),
        "scaled in training": Dropout(ratio, **settings),
        "scaled in the test": Dropout(ratio, scale="inference", **settings),
    }


def phases(ratio, random):
    """Yield what becomes of outputs in training and in the test, kind by kind."""
    x, seed = inputs(random), int(random.integers(2**31 - 1))
    for name, layer in kinds(ratio, seed).items():
        trained, tested = outputs(layer, x, True), outputs(layer, x, False)
        kept = x if name == "scaled in the test" else x / (1 - ratio)
        off, more = dropped(trained), dropped(trained) - dropped(tested)
        chance = beyond_chance(off, ratio, x.size)
        found, again = nearest(trained, 0 * x, kept), outputs(layer, x, False)
        yield "d4-31", f"training outputs are 0 or kept, {name}", found
        yield "d4-31", f"share set to 0 beyond chance, {name}", chance
        yield "d0-29", f"share set to 0 in the test, {name}", dropped(tested)
        yield "d4-32", f"share dropped, training less test, {name}", abs(more)
        yield "d4-32", f"two tests differ, {name}", tested, again
    slide = LectureDropout(ratio).forward(x, None, training=False)
    yield "d3-28", "test outputs are (1 - ratio) x", tested, slide


def averages(ratio, random):
    """Yield the test's outputs beside the mean over all masks."""
    every, chance = all_masks(FEW, ratio)
    x, w = random.uniform(0.5, 2, FEW), random.normal(size=(FEW, 5))
    linear = chance @ ((every * x) @ w)
    layer = Dropout(ratio, scale="inference", dtype="float64")
    scaled = outputs(layer, x[None], False)[0]
    inverted = outputs(Dropout(ratio, dtype="float64"), x[None], False)[0] @ w
    yield "d3-28", "mean over all masks of a linear network", scaled @ w, linear
    linear_inverted = linear / (1 - ratio)
    yield "d3-28", "mean over all masks, scaled in training", inverted, linear_inverted
    bent = relu(scaled @ w), chance @ relu((every * x) @ w)
    yield "beside", "mean over all masks of ReLU units", *bent
    yield "beside", "mean of a linear network, not scaled", x @ w, linear


def slopes(ratio, random):
    """Yield what the lecture's class, our layer and differences make of a mask."""
    x, dout = inputs(random)[:3], random.normal(size=(3, UNITS))
    (own,) = random.spawn(1)  # which leaves the numbers that follow as they are
    seed = int(own.integers(2**31 - 1))
    layer = Dropout(ratio, mask="epoch", scale="inference", seed=seed, dtype="float64")
    layer.build(x.shape)
    draws = keras.ops.convert_to_numpy(layer.draws)
    slide = LectureDropout(ratio)
    forward = outputs(layer, x, True), slide.forward(x, draws)
    yield "d3-29", "forward pass, mask = draws > ratio", *forward

    def along(values):
        return keras.ops.sum(layer(values, training=True) * dout)

    backward = slide.backward(dout)
    yield "d3-29", "backward pass, automatic", gradient(along, x), backward
    found = central_slope(lambda x: slide.forward(x, draws), x, STEP) * dout
    yield "d3-29", "backward pass, central differences", found, backward


def keep_prob(ratio, random):
    """Yield how TensorFlow's function with `keep_prob` acts, where it is installed."""
    import tensorflow as tf

    keep, x, seed = 1 - ratio, inputs(random), random.integers(1, 2**31 - 1)
    found = []
    for name in ("keep_prob", "rate"):
        tf.random.set_seed(int(seed))
        share = keep if name == "keep_prob" else ratio
        found.append(tf.compat.v1.nn.dropout(x, **{name: share}, seed=1).numpy())
    y, as_rate = found
    share = beyond_chance(1 - dropped(y), keep, x.size)
    yield "d1-21", "outputs are 0 or x / p", nearest(y, 0 * x, x / keep)
    yield "d1-21", "share kept beyond chance from p", share
    yield "d1-21", "keep_prob=p against rate=1 - p", y, as_rate


def run(draws, replicates):
    """Check every seed and ratio, and keep the largest deviation of each statement."""
    rows = []
    for replicate, ratio in itertools.product(range(replicates), RATIOS):
        random, place = draws(replicate, f"dropout {ratio}"), (ratio, replicate)
        for part in (phases, averages, slopes, keep_prob):
            for claim, statement, *found in part(ratio, random):
                rows.append((claim, statement, *place, deviation(*found)))
    columns = "claim", "statement", "ratio", "replicate", "deviation"
    table = pd.DataFrame(rows, columns=columns)
    last = table["claim"] == "beside"
    table = pd.concat([table[~last].sort_values("claim", kind="stable"), table[last]])
    return with_largest(table)


CLAIMS = ("d0-29", "d1-21", "d3-28", "d3-29", "d4-31", "d4-32")

EXPERIMENT = Simulation(
    title="Dropout in training and in the test",
    about=(Dropout,),
    claims=exact(CLAIMS, TOLERANCE),
    takeaway=Takeaway(
        of="d4-32",
        holds="Dropout drops units in training and in the test alike.",
        fails="Dropout drops units in training, and none in the test: the random "
        "choice that one lecture makes there does not apply.",
        evidence="of the lectures' statements about it {held} hold.",
    ),
    run=run,
    settings={"replicates": 5},
    measures=(Column("deviation", "", "largest deviation"),),
    figures=Deviations(
        table="largest",
        limit=TOLERANCE,
        title="Largest deviation of each statement over seeds and ratios; the last "
        "two are of what no claim says",
    ),
    tables=(largest("The largest deviation of each statement over seeds and ratios"),),
    differences={
        "d1-21: tf.nn.dropout": (
            "keep_prob=p, TensorFlow 1",
            "tf.compat.v1.nn.dropout; today's tf.nn.dropout takes rate=1 - p",
        ),
        "d3-28: multiply by 1 - ratio": (
            "said of each neuron",
            "held against the mean over all 2^10 masks, which it is for a linear "
            "network; for ReLU units it comes near, as the table shows beside",
        ),
        "ratios": ("not said, or one half", "0.2, 0.5 and 0.7, in float64"),
        "shares": (
            "probabilities",
            "no farther from the probability than five standard errors",
        ),
    },
    smoke={"settings": {"replicates": 1}},
)
