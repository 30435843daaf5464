"""Training, validation and test data: what each decides."""

import numpy as np

from study.callbacks import EarlyStopping
from study.callbacks.early_stopping import Patience
from study.lab.data import mnist
from study.lab.declare.facts import exact
from study.lab.declare.finding import Column, Number, Simulation, Takeaway
from study.lab.declare.rows import tables
from study.lab.figures import Points, Table
from study.lab.rules.statements import with_largest
from study.theory.logistic import error, loss, path, sample

FEATURES, EXAMPLES, FRESH = 20, 60, 10_000
WRONG = 0.2  # of the labels
EPOCHS, PATIENCE = 200, 5
TRIALS = 30
PARTS = ("training", "validation", "test")
STOPPING, SEARCH = "early stopping", "random search"
CLAIMS = {STOPPING: "d0-24", SEARCH: "d3-33"}
# What was expected where, the last column how far it is from that.
FACT = ("claim", "procedure", "fresh", "what", "expected", "deviation")
# What must change when a part is drawn afresh, and what must not. Fresh training or
# validation data may or may not move the choice, hence the assessment.
CHANGES = {
    "training": {"weights": True, "scores": True},
    "validation": {"weights": False, "scores": True},
    "test": {"weights": False, "scores": False, "assessment": True},
}


def stopping(parts):
    """Stop on the validation loss: candidates, their scores, and the best."""
    weights = path(parts["training"], 1.0, 0.0, EPOCHS)
    rule = Patience(np.array([PATIENCE]))
    scores = []
    for each in weights:
        scores.append(loss(parts["validation"], each))
        if rule.update([scores[-1]])[1][0]:
            break
    return weights, scores, int(rule.best_update[0])


def search(parts, random):
    """Draw trials and take the one with the lowest validation loss."""
    drawn = 10 ** random.uniform((-3, -4), (0, 0), (TRIALS, 2))
    weights = np.array([path(parts["training"], *each, EPOCHS)[-1] for each in drawn])
    scores = [loss(parts["validation"], each) for each in weights]
    return weights, scores, int(np.argmin(scores))


def procedure(draws, name, parts, replicate):
    """Return what a procedure comes to: weights, scores, and the assessed loss."""
    if name == STOPPING:
        weights, scores, best = stopping(parts)
    else:
        weights, scores, best = search(parts, draws(replicate, "trials"))
    assessed = np.array(loss(parts["test"], weights[best]))
    found = {"weights": weights, "scores": np.array(scores), "assessment": assessed}
    return found | {"best": weights[best]}


def change(one, other):
    """Return the largest change; infinite where even the number of entries differs."""
    return np.abs(one - other).max() if one.shape == other.shape else np.inf


def row(*values):
    """Return a row of what was expected, and how far it is from that."""
    return {"table": "seed", **dict(zip(FACT, values, strict=True))}


def roles(draws, name, parts, fresh, replicate):
    """Draw each part afresh in turn, and see what changes against what should."""
    before = procedure(draws, name, parts, replicate)
    for part, moved in CHANGES.items():
        changed = {**parts, part: fresh[part]}
        after = procedure(draws, name, changed, replicate)
        for what, changes in moved.items():
            found = float(change(before[what], after[what]))
            expected = "changes" if changes else "stays"
            off = float(found == 0) if changes else found
            yield row(CLAIMS[name], name, part, what, expected, off)


def optimism(draws, name, parts, replicate, new):
    """Yield how much lower the error of the chosen weights is on a part than on new."""
    best = procedure(draws, name, parts, replicate)["best"]
    for part in PARTS:
        cell = {"table": "optimism", "procedure": name, "measured": part}
        yield {**cell, "optimism": error(new, best) - error(parts[part], best)}


def disjoint(draws, replicate):
    """Yield how many of MNIST's 60,000 images are in two parts, and in none."""
    data = mnist(train=50_000, validation=10_000)
    train, validation = data.split(draws.stage, replicate)
    counts = np.bincount(np.concatenate([train, validation]), minlength=data.available)
    for what, count in (("in two parts", counts > 1), ("in no part", counts == 0)):
        split, off = "split of 60,000 images", float(count.sum())
        yield row("d0-24", split, "", what, "none", off)


def rows(draws, replicate):
    random = draws(replicate, "examples")
    truth = random.normal(size=FEATURES)
    parts, fresh = (
        {part: sample(random, truth, EXAMPLES, WRONG) for part in PARTS}
        for _ in range(2)
    )
    new = sample(random, truth, FRESH, WRONG)
    for name in CLAIMS:
        yield from roles(draws, name, parts, fresh, replicate)
        yield from optimism(draws, name, parts, replicate, new)
    yield from disjoint(draws, replicate)


def run(draws, replicates):
    """Check every seed, and keep the largest deviation of each fact."""
    found = tables(
        {"replicate": replicate, **row}
        for replicate in range(replicates)
        for row in rows(draws, replicate)
    )
    return found | with_largest(found["seed"], FACT[:-1])


def above(part):
    cell = {"procedure": STOPPING, "measured": part}
    return Number("optimism", cell, "optimism")


EXPERIMENT = Simulation(
    title="Three-way split of the data",
    about=(EarlyStopping,),
    claims=exact(CLAIMS.values(), tolerance=0),
    takeaway=Takeaway(
        holds="Early stopping needs three parts of the data",
        fails="Early stopping does not keep three parts of the data apart",
        evidence="on new examples the error is {training} above that on the part that "
        "trained, and {test} above that on the part that was kept apart.",
        numbers={"training": above("training"), "test": above("test")},
    ),
    run=run,
    settings={"replicates": 30},
    measures=(
        Column("deviation", "", "deviation"),
        Column(
            "optimism",
            "percentage points",
            "error on new examples minus error on the part",
        ),
    ),
    figures=Points(
        "optimism",
        rows="measured",
        panels="procedure",
        table="optimism",
        title="How much too low the error of the chosen weights looks on each part",
    ),
    tables=(
        Table(
            "What drawing a part afresh changes. A deviation is the change of what "
            "must stay, or 1 for what must change and does not; the largest seed",
            table="largest",
            called={"fresh": "drawn afresh"},
        ),
        Table(
            "Error on 10,000 new examples minus error on each part, for the weights "
            "that validation chose",
            table="optimism",
            by=("procedure", "measured"),
            called={"measured": "part"},
        ),
    ),
    differences={
        "model": (
            "a network",
            f"logistic regression of {FEATURES} numbers, {EXAMPLES} examples a part, "
            f"{WRONG:.0%} of the labels wrong, so that choices matter",
        ),
        "what the parts decide": (
            "said in words",
            "training examples alone move the weights; validation examples alone score "
            "and choose an epoch or a trial; test examples change nothing but the "
            "assessment",
        ),
    },
)
