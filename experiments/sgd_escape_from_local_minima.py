"""Noise or inertia of the right size leads out of shallow wells; neither surely."""

import numpy as np
import pandas as pd

from study.lab.data import Draws
from study.lab.declare.finding import Column, Number, Simulation, Takeaway
from study.lab.figures import Lines, Points, Table
from study.lab.rules.verdicts import Each, Level, Raises, Some
from study.optimizers import SGD, Adam, Momentum
from study.theory.landscapes import DOUBLE_WELL, PLAIN, RASTRIGIN, descents

STEPS, STARTS = 2_000, 1_000
LANDSCAPES = {"double well": DOUBLE_WELL, "Rastrigin": RASTRIGIN}
# What each method may set, six values each; every replicate is run with all of them.
SETTINGS = {
    PLAIN: (0.25, 0.5, 1.0, 1.3, 1.6, 1.9),  # steps of 1/L; from 2 on none are stable
    "SGD": (0.25, 0.5, 0.7, 1.0, 1.4, 2.0),  # the noise, in typical slopes
    "momentum": (0.8, 0.9, 0.95, 0.98, 0.99, 0.995),
    "Adam": (0.01, 0.1, 0.2, 0.3, 0.5, 1.0),  # the learning rate
}
# They choose the setting, and judge nothing.
DRAFTS = {"draws": Draws("draft"), "replicates": 5, "starts": 500}


def runs(draws, name, replicates, starts):
    """Yield (method, its setting, where the runs of every replicate end)."""
    landscape = LANDSCAPES[name]
    drawn = (draws(i, f"starts on {name}") for i in range(replicates))
    at = np.stack([x.uniform(landscape.low, landscape.high, starts) for x in drawn])
    noise = [draws(i, f"noise on {name}") for i in range(replicates)]
    return descents(landscape, at, noise, SETTINGS, STEPS)


def run(draws, replicates, starts):
    rows = []
    for name, landscape in LANDSCAPES.items():
        shares = (
            (landscape.ends(x)[0].mean(), setting, method)
            for method, setting, x in runs(name=name, **DRAFTS)
        )
        chosen = {method: setting for _, setting, method in sorted(shares)}
        for method, setting, x in runs(draws, name, replicates, starts):
            cell = {"landscape": name, "method": method, "setting": setting}
            cell["judged"] = float(setting == chosen[method])
            ends = zip(*landscape.ends(x), strict=True)
            for replicate, (share, depth) in enumerate(ends):
                row = {"replicate": replicate, "in_deepest": share, "depth": depth}
                rows.append(cell | row)
    return pd.DataFrame(rows)


def arm(landscape, method):
    return {"landscape": landscape, "method": method, "judged": 1.0}


def leads_deeper(method):
    """Compare a method with gradient descent on both landscapes."""
    for each in LANDSCAPES:
        arms = {"arm": arm(each, method), "than": arm(each, PLAIN)}
        yield Raises(measure="in_deepest", **arms)


def levels(**bound):
    for each in LANDSCAPES:
        yield Level(measure="in_deepest", arm=arm(each, "SGD"), **bound)


def deepest(landscape, method):
    return Number("in_deepest", arm(landscape, method))


EXPERIMENT = Simulation(
    title="SGD: escape from local minima",
    about=(SGD, Momentum, Adam),
    claims={
        "d0-42": Some(*leads_deeper("momentum"), *leads_deeper("Adam")),
        "d2-53": Each(*leads_deeper("SGD")),
        "d2-55": Some(*levels(below=95)),
        "d4-46": Each(*leads_deeper("SGD"), *levels(above=50)),
    },
    takeaway=Takeaway(
        of="d2-53",
        holds="SGD is caught in a local minimum less often than gradient descent",
        depends="SGD is caught in a local minimum less often than gradient descent "
        "{where}.",
        fails="SGD is caught in a local minimum no less often than gradient descent",
        open="Whether SGD is caught in a local minimum less often than gradient "
        "descent stays open",
        evidence="in the double well {sgd} of its runs end in the deepest well against "
        "{descent}, on Rastrigin's function {sgd_many} against {descent_many}.",
        numbers={
            "sgd": deepest("double well", "SGD"),
            "descent": deepest("double well", PLAIN),
            "sgd_many": deepest("Rastrigin", "SGD"),
            "descent_many": deepest("Rastrigin", PLAIN),
        },
    ),
    run=run,
    settings={"replicates": 10, "starts": STARTS},
    measures=(
        Column("in_deepest", "%", "runs that end in the deepest well"),
        Column("depth", "", "mean height of the bottom of the well where runs end"),
    ),
    figures=(
        Points(
            "in_deepest",
            rows="method",
            panels="landscape",
            where={"judged": 1.0},
            title="Share of 1,000 runs that end in the deepest well, each method at "
            "the setting that draft seeds chose",
        ),
        Lines(
            "in_deepest",
            x="setting",
            hue="landscape",
            where={"method": "SGD"},
            title="The same of SGD by the standard deviation of the noise, in units of "
            "the slope's root mean square",
        ),
    ),
    tables=Table(
        "All settings, means over the seeds with 95 % intervals",
        by=("landscape", "method", "setting", "judged"),
        called={"setting": "setting"},
    ),
    differences={
        "landscapes": ("a drawing", "a double well and Rastrigin's, in one dimension"),
        "a better minimum (d0-42)": (
            "it can be reached with momentum or Adam",
            "on one landscape, by one of both, the deepest well is reached more often",
        ),
        "likely to escape (d4-46)": (
            "the probability is high",
            "both readings: more often than gradient descent, and more often than not",
        ),
        "noise of SGD": (
            "that of drawn examples",
            "normal, independent of the place; its strength is chosen on draft seeds",
        ),
        "settings": "gradient descent's step, the noise and the strength of momentum "
        "at step 1/L, L the largest curvature, and Adam's rate: of six values each the "
        "best on draft seeds",
    },
    smoke={"settings": {"replicates": 2, "starts": 200}},
)
