"""Noise or inertia of the right size leads out of shallow wells; neither surely."""

from functools import partial

import numpy as np
import pandas as pd

from study.lab.data import Draws
from study.lab.declare.experiment import Claim, Simulation
from study.lab.declare.measures import Column
from study.lab.figures import Dots, Table, Trend
from study.lab.rules.verdicts import Greater, Less, Shape
from study.optimizers import SGD, Adam, Momentum
from study.theory.descents import end
from study.theory.formulas import adam_corrected, momentum
from study.theory.landscapes import DOUBLE_WELL, RASTRIGIN

STEPS, STARTS = 1_000, 1_000
NOISY = ("gradient descent", "SGD")
LANDSCAPES = {"double well": DOUBLE_WELL, "Rastrigin": RASTRIGIN}
# What each method may set, six values each; every replicate is run with all of them.
SETTINGS = {
    "SGD": (0.25, 0.5, 0.7, 1.0, 1.4, 2.0),  # the noise, in typical slopes
    "momentum": (0.5, 0.8, 0.9, 0.95, 0.98, 0.99),
    "Adam": (0.01, 0.1, 0.2, 0.3, 0.5, 1.0),  # the learning rate
}
# They choose the setting, and judge nothing.
DRAFTS = {"draws": Draws("draft"), "replicates": 5, "starts": 500}


def with_noise(draws, name, starts):
    """Add noise to the slope, the same at every level."""
    landscape, replicates = LANDSCAPES[name], starts.shape[0]
    randoms = [draws(i, f"noise on {name}") for i in range(replicates)]
    sizes = landscape.typical_slope * np.array(SETTINGS["SGD"])[:, None, None]

    def slope(x):
        drawn = [random.standard_normal(starts.shape[1]) for random in randoms]
        return landscape.slope(x) + sizes * np.stack(drawn)

    return slope


def runs(draws, name, replicates, starts):
    """List (method, its setting, where the runs of every replicate end)."""
    landscape = LANDSCAPES[name]
    low, high, slope = landscape.low, landscape.high, landscape.slope
    rates = [landscape.step_size] * STEPS
    at = np.stack(
        [
            draws(i, f"starts on {name}").uniform(low, high, starts)
            for i in range(replicates)
        ]
    )
    yield "gradient descent", 0.0, end(at, slope, rates)
    many = np.broadcast_to(at, (6, *at.shape))
    strength, rate = (
        np.array(SETTINGS[each])[:, None, None] for each in ("momentum", "Adam")
    )
    found = {
        "SGD": end(at, with_noise(draws, name, at), rates),
        "momentum": end(many, slope, rates, partial(momentum, strength=strength), 1),
        "Adam": end(many, slope, [rate] * STEPS, adam_corrected, 2),
    }
    for method, ends_of_all in found.items():
        for value, each in zip(SETTINGS[method], ends_of_all, strict=True):
            yield method, value, each
    lowest = np.take_along_axis(at, landscape.height(at).argmin(-1)[:, None], -1)
    yield "best of all starts", 0.0, end(lowest, slope, rates)


def deepest(ends):
    """Return each method's setting that leads deepest.

    Args:
        ends: Triples (method, setting, mean height of the wells where its runs end).
    """
    best = {}
    for method, setting, depth in ends:
        best[method] = min(best.get(method, (np.inf, None)), (depth, setting))
    return {method: setting for method, (_, setting) in best.items()}


def run(draws, replicates, starts):
    rows = []
    for name, landscape in LANDSCAPES.items():
        best = deepest(
            (method, setting, landscape.ends(x)[1].mean())
            for method, setting, x in runs(name=name, **DRAFTS)
        )
        for method, setting, x in runs(draws, name, replicates, starts):
            for replicate, (share, depth) in enumerate(
                zip(*landscape.ends(x), strict=True)
            ):
                rows.append(
                    {
                        "landscape": name,
                        "method": method,
                        "setting": setting,
                        "noise": setting,
                        "swept": "noise" if method in NOISY else "",
                        "judged": float(setting == best[method]),
                        "replicate": replicate,
                        "in_deepest": share,
                        "depth": depth,
                    }
                )
    return pd.DataFrame(rows)


def arm(landscape, method):
    return {"landscape": landscape, "method": method, "judged": 1.0}


def everywhere(rule, measure, method, than, **bound):
    """Compare two methods on both landscapes."""
    return tuple(
        rule(measure=measure, arm=arm(each, method), than=arm(each, than), **bound)
        for each in LANDSCAPES
    )


ESCAPES = Shape(*everywhere(Greater, "in_deepest", "SGD", "gradient descent"))

EXPERIMENT = Simulation(
    title="SGD: escape from local minima",
    about=(SGD, Momentum, Adam),
    claims=(
        Claim(
            "d0-42",
            verdict=Shape(
                *everywhere(Less, "depth", "momentum", "gradient descent"),
                *everywhere(Less, "depth", "Adam", "gradient descent"),
            ),
        ),
        Claim("d2-53", verdict=ESCAPES),
        Claim(
            "d2-55",
            verdict=Shape(
                *everywhere(Less, "in_deepest", "SGD", "best of all starts", delta=1.0)
            ),
        ),
        Claim("d4-46", verdict=ESCAPES),
    ),
    run=run,
    settings={"replicates": 10, "starts": STARTS},
    measures=(
        Column("in_deepest", "%", "runs that end in the deepest well"),
        Column("depth", "", "mean height of the bottom of the well where runs end"),
    ),
    figures=(
        Dots(
            "in_deepest",
            rows="method",
            panels="landscape",
            where={"judged": 1.0},
            title="Share of 1,000 runs that end in the deepest well, each method at "
            "the setting that draft seeds chose",
        ),
        Trend(
            "in_deepest",
            x="noise",
            hue="landscape",
            where={"swept": "noise"},
            title="The same by the standard deviation of the noise, in units of the "
            "slope's root mean square; without noise it is gradient descent",
        ),
    ),
    tables=(
        Table(
            "All settings, means over the seeds with 95 % intervals",
            where={},
            by=("landscape", "method", "setting", "judged"),
            columns={
                "landscape": "landscape",
                "method": "method",
                "setting": "setting",
                "judged": "judged",
                "in_deepest": "in the deepest well (%)",
                "depth": "height of the bottom reached",
            },
        ),
    ),
    differences=(
        ("landscapes", "a drawing", "a double well and Rastrigin's, in one dimension"),
        (
            "noise of SGD",
            "that of drawn examples",
            "normal, independent of the place; its strength is chosen on draft seeds",
        ),
        (
            "settings",
            "not said",
            "step 1/L, L the largest curvature; momentum, noise and Adam's rate are "
            "the best on draft seeds",
        ),
    ),
    smoke={"settings": {"replicates": 2, "starts": 200}},
)
