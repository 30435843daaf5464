"""How many sub-networks dropout draws in an update and in an epoch, counted."""

import keras
import numpy as np

from study.lab.declare.facts import exact, readings
from study.lab.declare.finding import Column, Simulation, Takeaway
from study.lab.declare.rows import tables
from study.lab.figures import Lines, Table
from study.lab.rules.statements import with_largest
from study.layers import Dropout
from study.theory.dropout import counts, distinct, repeats

UNITS, EXAMPLES, BATCH, EPOCHS, RATE = 128, 200, 20, 3, 0.5
UPDATES = EXAMPLES // BATCH
# The two readings of d1-20, as what their statements are about.
ANOTHER, ONE = "d1-20, each epoch has others", "d1-20, each epoch has one"
USUAL = ("Keras", "each example")  # dropout as it is without being told otherwise


def layers(seed):
    """Map what a mask lasts for to a layer that draws it so; Keras's has one way."""
    return {
        "Keras": keras.layers.Dropout(RATE, seed=seed),
        "each example": Dropout(RATE, seed=seed),
        "each batch": Dropout(RATE, mask="batch", seed=seed),
        "each epoch": Dropout(RATE, mask="epoch", seed=seed),
    }


def masks(layer, batch, epochs):
    """Go through some epochs and return the units kept, by epoch, update, example."""
    ones = keras.ops.ones((batch, UNITS))
    kept = []
    for epoch in range(epochs):
        updates = [layer(ones, training=True) for _ in range(EXAMPLES // batch)]
        kept.append([keras.ops.convert_to_numpy(each) != 0 for each in updates])
        if epoch < epochs - 1 and hasattr(layer, "renew"):
            layer.renew()
    return np.array(kept)


def statements(drawn, single):
    """Yield (claim, statement, how far it is from true) of batches and single cases."""
    for name in USUAL:
        kept = drawn[name]
        within = max(distinct(epoch) for epoch in kept)
        again = repeats(kept.reshape(EPOCHS, 1, -1, UNITS))
        yield "d1-18", f"iterations with no new choice, {name}", repeats(kept)
        yield ANOTHER, f"epochs with no new architecture, {name}", again
        yield ONE, f"further architectures in an epoch, {name}", within - 1
        yield "d0-45", f"updates with no new sub-network, {name}", repeats(kept)
        alone = max(distinct(update) for update in single[name].reshape(-1, 1, UNITS))
        yield "d0-45", f"further ones in an update on one example, {name}", alone - 1
        many = max(distinct(update) for update in kept.reshape(-1, BATCH, UNITS))
        yield "beside", f"further ones in an update on a batch, {name}", many - 1


def run(draws, replicates):
    """Count sub-networks over epochs for every seed and kind of mask."""
    rows = []
    for replicate in range(replicates):
        seed = int(draws(replicate, "masks").integers(2**31 - 1))
        kinds = layers(seed)
        drawn = {name: masks(each, BATCH, EPOCHS) for name, each in kinds.items()}
        single = {name: masks(kinds[name], 1, 1) for name in USUAL}
        for name, kept in drawn.items():
            cell = {"table": "count", "mask": name, "replicate": replicate}
            found = counts(kept)
            rows += ({**cell, "updates": x, "networks": y} for x, y in found)
        for claim, statement, deviation in statements(drawn, single):
            cell = {"table": "seed", "claim": claim, "statement": statement}
            off = {"replicate": replicate, "deviation": float(deviation)}
            rows.append(cell | off)
    found = tables(rows)
    return found | with_largest(found["seed"])


EXPERIMENT = Simulation(
    title="Dropout: the sub-networks drawn",
    about=(Dropout,),
    claims=(
        *exact(("d0-45", "d1-18"), tolerance=0),
        readings("d1-20", "seed", 0, "claim", {x[7:]: x for x in (ANOTHER, ONE)}),
    ),
    takeaway=Takeaway(
        of="d1-20",
        holds="Dropout trains another network in each epoch, and one alone.",
        depends="That dropout trains another network in each epoch can be read in two "
        "ways: {where}.",
        fails="Dropout does not train another network in each epoch.",
        evidence="of the lectures' statements about its sub-networks {held} hold.",
    ),
    run=run,
    settings={"replicates": 5},
    measures=(
        Column("deviation", "", "largest count"),
        Column("updates", "", "updates"),
        Column("networks", "", "different sub-networks trained so far"),
    ),
    figures=Lines(
        "networks",
        x="updates",
        hue="mask",
        table="count",
        log="xy",
        title=f"Sub-networks trained in {EPOCHS} epochs of {UPDATES} updates on "
        f"{BATCH} examples, by what has a mask of its own",
    ),
    tables=Table(
        "Counts that would be 0 if the claim held, the largest over the seeds",
        table="largest",
        called={"statement": "counted"},
    ),
    differences={
        "d1-20: another architecture in each epoch": (
            "said of epochs",
            "both readings judged: an epoch has other architectures than the one "
            "before, and no further one is trained within it",
        ),
        "d0-45: an update": (
            "a drawing of one sub-network for each update",
            "no update repeats the sub-networks of the one before, and an update on "
            "a single training case, the paper's, has exactly one",
        ),
        "layer": (
            f"{UNITS} units at rate {RATE}, {EXAMPLES} examples in batches of {BATCH} "
            "and one by one"
        ),
    },
    smoke={"settings": {"replicates": 1}},
)
