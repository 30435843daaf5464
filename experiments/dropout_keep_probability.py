"""Dropout picks each node at random with probability p, and p is the share it keeps."""

import keras

from study.lab.declare.facts import exact, largest
from study.lab.declare.finding import Claim, Column, Number, Simulation, Takeaway
from study.lab.declare.rows import every_seed, tables
from study.lab.figures import Deviations, Lines
from study.lab.rules.statements import with_largest
from study.lab.rules.verdicts import Cited, Readings
from study.layers import Dropout
from study.theory.dropout import picks

EXAMPLES, UNITS = 1_000, 200
KEEPS = (0.1, 0.25, 0.5, 0.8, 1.0)
USUAL = 0.5
SMALL = (0.1, 0.25)
# Chance takes the largest of some 1,000 shares beyond so many standard errors in one
# of a million runs.
TOLERANCE = 7.0
OURS, TWIN = "our Dropout(1 - p)", "Keras's Dropout(1 - p)"
AS_RATE = "Keras's Dropout(p): p as a rate of dropping"


def kept(layer):
    """Mark what a layer keeps in training, where all inputs are 1."""
    ones = keras.ops.ones((EXAMPLES, UNITS))
    return keras.ops.convert_to_numpy(layer(ones, training=True)) != 0


def layers(p, seed):
    """Map a name to a layer that keeps the share p."""
    return {
        OURS: Dropout(1 - p, seed=seed),
        TWIN: keras.layers.Dropout(1 - p, seed=seed),
        AS_RATE: keras.layers.Dropout(p, seed=seed),
    }


def seed(random):
    seeds = random.integers(2**31, size=len(KEEPS))
    for p, number in zip(KEEPS, map(int, seeds), strict=True):
        found = {name: kept(layer) for name, layer in layers(p, number).items()}
        for name, marks in found.items():
            yield {"table": "share", "layer": name, "p": p, "kept": 100 * marks.mean()}
        for name in (OURS, TWIN) if p == USUAL else ():
            for statement, deviation in picks(found[name], p):
                yield row("d0-27", f"{statement}, {name}", deviation)
        if p == 1:
            yield row("d0-31", "p = 1: nodes dropped", float((~found[OURS]).sum()))
        if p in SMALL:
            most = float(found[OURS].mean() > 1 / 2)
            yield row("d0-31", f"p = {p:g}: layers that keep half or more", most)


def row(claim, statement, deviation):
    cell = {"table": "seed", "claim": claim}
    return {**cell, "statement": statement, "deviation": deviation}


def run(draws, replicates):
    """Draw masks with every seed, and keep the largest deviation of each statement."""
    found = tables(every_seed(draws, replicates, "masks", seed))
    return found | with_largest(found["seed"])


(PICKED,) = exact(["d0-27"], TOLERANCE)
USUALLY = {
    "0.5 by custom": Cited(
        source="Srivastava and others 2014, Journal of Machine Learning Research 15, "
        "sections 1 and 7.1: Dropout (read in a copy of the text)",
        note="It says: simply set at 0.5, close to optimal for a wide range of "
        "networks; nearer to 1 for inputs.",
    )
}


def share(layer, p):
    return Number("kept", {"layer": layer, "p": p}, "share")


EXPERIMENT = Simulation(
    title="Dropout: what p is",
    about=(Dropout,),
    claims=(
        Claim(
            "d0-27", verdict=Readings({"the probability": PICKED.verdict, **USUALLY})
        ),
        *exact(("d0-31",), tolerance=0),
    ),
    takeaway=Takeaway(
        of="d0-27",
        holds="The p of dropout is the probability of keeping a node: p = 0.5 keeps "
        "{kept} of the nodes, each picked by itself.",
        depends="What is said of the p of dropout is true of {where}: p = 0.5 keeps "
        "{kept} of the nodes.",
        evidence="keras calls 1 - p the rate: given 0.1 as its rate it keeps {rate}.",
        numbers={"kept": share(OURS, USUAL), "rate": share(AS_RATE, SMALL[0])},
    ),
    run=run,
    measures=(
        Column("deviation", "", "standard errors, or a count"),
        Column("kept", "%", "nodes kept"),
    ),
    figures=(
        Lines(
            "kept",
            x="p",
            hue="layer",
            table="share",
            title="Nodes kept in training by p: only where p is the probability of "
            "keeping does 1 drop none",
        ),
        Deviations(
            table="largest",
            where={"claim": "d0-27"},
            limit=TOLERANCE,
            title="Largest distance of shares from what p = 0.5 says",
        ),
    ),
    tables=largest(
        "The largest deviation of each statement over the seeds: standard errors "
        "for d0-27, counts for d0-31"
    ),
    differences={
        "d0-27: usually 0.5": (
            "of all nodes",
            "p = 0.5 is tested. In the paper it is that of hidden nodes, and 0.8 that "
            "of inputs",
        ),
        "at random": (
            "said in words",
            "every node alike, and two neighbors together as often as p² says",
        ),
        "nodes": ("of a network", f"{UNITS} inputs of 1, {EXAMPLES:,} examples a seed"),
    },
)
