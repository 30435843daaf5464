"""The gradient of a mini-batch: its variance against its size, and on noisy data."""

from itertools import product

import numpy as np

from study.lab.data import mnist
from study.lab.declare.finding import Column, Number, Simulation, Takeaway
from study.lab.declare.rows import tables
from study.lab.figures import Lines, Table
from study.lab.rules.verdicts import Each, Equivalent, Level, Raises
from study.theory.checks import fitted_power
from study.theory.gradient_noise import estimates, products, spread, variance_of_mean
from study.theory.relu_classifier import initial, trained

IMAGES, HIDDEN, CLASSES = 1_000, 50, 10
SIZES = (1, 2, 8, 32, 128, 512, 1_000)
USUAL = 128
DRAWS = 100  # mini-batches of each size
EPOCHS, RATE = 5, 0.1  # of training, in steps on 32 images
WITH, WITHOUT = "with replacement", "without replacement"
WHEN = START, TRAINED = "at the start", "after 5 epochs"
LABELS, PIXELS = "share of random labels", "standard deviation added to pixels"
NOISE = [*product((LABELS, PIXELS), (0.0, 0.25, 0.5))]
TENTH = "a tenth of a power, or of a variance, changes no choice of a batch's size"
DOWNHILL = 95  # % of the mini-batches: no more than one in twenty leads astray


def variances(inner, random):
    """Yield what mini-batches of each size and drawing are, beside the formula."""
    one, whole = spread(inner)

    def row(drawing, size, variance):
        cell = {"table": "variance", "drawing": drawing, "batch_size": size}
        return {**cell, "variance": variance / whole, "factor": variance * size / one}

    for drawing, size in product((WITH, WITHOUT), SIZES):
        again = drawing == WITH
        variance, downhill = estimates(inner, random, size, again, DRAWS)
        formula = variance_of_mean(one, len(inner), size, again)
        yield row(drawing, size, variance) | {"downhill": downhill}
        yield row(f"{drawing}, formula", size, formula)


def powers(rows):
    """Yield the power of the batch size that the variance goes with, and theory's."""
    found = [row for row in rows if row["drawing"] == WITH]
    sizes, values = ([x[y] for x in found] for y in ("batch_size", "variance"))
    yield {"table": "power", "drawing": WITH, "power": fitted_power(sizes, values)}
    yield {"table": "power", "drawing": "1 / B", "power": -1.0}


def noisy(kind, amount, x, y, random):
    """Return the data with random labels or pixels."""
    if kind == LABELS:
        changed = random.random(len(y)) < amount
        return x, np.where(changed, random.integers(CLASSES, size=len(y)), y)
    return x + amount * random.standard_normal(x.shape), y


def noise(draws, weights, x, y, replicate):
    """Yield the noise of 128 images' gradient, in lengths of the whole gradient."""
    for kind, amount in NOISE:
        random = draws(replicate, kind)
        data = noisy(kind, amount, x, y, random)
        later = trained(weights, *data, random, EPOCHS, RATE)
        for when, each in ((START, weights), (TRAINED, later)):
            one, whole = spread(products(each, *data))
            cell = {"table": "noise", "kind": kind, "amount": amount, "when": when}
            yield {**cell, "relative_noise": np.sqrt(one / USUAL / whole)}


def seed(draws, data, replicate):
    random = draws(replicate, "gradients")
    picked = random.choice(len(data.x), IMAGES, replace=False)
    x, y = data.x[picked].astype("float64"), data.y[picked]
    weights = initial(random, 784, HIDDEN, CLASSES)
    later = trained(weights, x, y, random, EPOCHS, RATE)
    for when, each in ((START, weights), (TRAINED, later)):
        rows = [*variances(products(each, x, y), random)]
        yield from ({"when": when, **row} for row in (*rows, *powers(rows)))
    yield from noise(draws, weights, x, y, replicate)


def run(draws, replicates):
    data = mnist().load()
    return tables(
        {"replicate": replicate, **row}
        for replicate in range(replicates)
        for row in seed(draws, data, replicate)
    )


def batch(when, drawing, size):
    return {"when": when, "drawing": drawing, "batch_size": size}


def noisier(kind, when):
    arm, than = ({"kind": kind, "amount": each, "when": when} for each in (0.5, 0.0))
    return Raises(measure="relative_noise", table="noise", arm=arm, than=than)


def alike(measure, table, arm, than):
    return Equivalent(
        measure=measure, table=table, arm=arm, than=than, margin=0.1, because=TENTH
    )


def falls(when):
    arms = ({"when": when, "drawing": each} for each in (WITH, "1 / B"))
    return alike("power", "power", *arms)


def has_the_finite_factor(when):
    arms = (batch(when, each, 512) for each in (WITHOUT, f"{WITHOUT}, formula"))
    return alike("factor", "variance", *arms)


def is_good(when):
    usual = batch(when, WITHOUT, USUAL)
    return Level(measure="downhill", table="variance", arm=usual, above=DOWNHILL)


def downhill(size):
    cell = {"when": TRAINED, "drawing": WITHOUT, "batch_size": size}
    return Number("downhill", cell, "variance")


EXPERIMENT = Simulation(
    title="Batch size: how good an estimate of the gradient?",
    claims={
        "d0-38": Each(
            *map(falls, WHEN), *map(has_the_finite_factor, WHEN), *map(is_good, WHEN)
        ),
        "d0-41": Each(*(noisier(*each) for each in product((LABELS, PIXELS), WHEN))),
    },
    takeaway=Takeaway(
        holds="A mini-batch is a good estimate of the gradient",
        depends="A mini-batch is a good estimate of the gradient {where}.",
        fails="A mini-batch is no good estimate of the gradient",
        open="Whether a mini-batch is a good estimate of the gradient stays open",
        evidence="after five epochs {many} of the mini-batches of 128 images point "
        "downhill, and of single images {one}.",
        numbers={"many": downhill(128), "one": downhill(1)},
    ),
    run=run,
    settings={"replicates": 100},
    measures=(
        Column("batch_size", "images", "batch size B"),
        Column("variance", "", "variance, in squares of the whole gradient's length"),
        Column("factor", "", "variance · B / variance of one image"),
        Column("power", "", "power of B"),
        Column("downhill", "%", "mini-batches that point downhill"),
        Column(
            "relative_noise",
            "",
            "noise of 128 images, in lengths of the whole gradient",
        ),
    ),
    figures=(
        Lines(
            "variance",
            x="batch_size",
            hue="drawing",
            table="variance",
            where={"when": START},
            dashed=(f"{WITH}, formula", f"{WITHOUT}, formula"),
            log="xy",
            title="Variance of the gradient of a mini-batch of 1,000 images, at the "
            "initial weights; below 1 the gradient is longer than the noise on it",
        ),
        Lines(
            "relative_noise",
            x="amount",
            hue="when",
            panels="kind",
            table="noise",
            title="Noise on the gradient of 128 images against noise on the data",
        ),
    ),
    tables=Table(
        "Mini-batches drawn without replacement: means over the seeds",
        table="variance",
        where={"drawing": WITHOUT},
        by=("when", "batch_size"),
        called={"when": "weights", "batch_size": "batch size"},
    ),
    differences={
        "good (d0-38)": (
            "not said in what",
            "its variance falls as 1/B when drawn with replacement, and by the finite "
            "population's factor (N - B)/(N - 1) without; of mini-batches of 128 more "
            "than 95 % point downhill on all images. That the mean has no bias is "
            "exact, and checked with d0-36",
        ),
        "how long the noise is": "the table: what is above 1 is more noise than "
        "gradient",
        "large variance (d0-41)": (
            "not said of what",
            "half of the labels drawn anew, and half a unit of noise on every pixel; "
            "the noise must be longer, against the gradient, by a quarter, at the "
            "initial weights and after 5 epochs",
        ),
        "data": ("none", "1,000 images of MNIST a seed, 784-50-10 ReLU"),
    },
)
