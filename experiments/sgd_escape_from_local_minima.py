"""Noise or inertia of the right size leads out of shallow wells; neither surely."""

import numpy as np
import pandas as pd

from study.lab.data import Draws
from study.lab.experiment import Claim, Simulation
from study.lab.figures import Dots, Table, Trend
from study.lab.measures import Column
from study.lab.verdicts import Greater, Less, Shape
from study.optimizers import SGD, Adam, Momentum

STEPS, STARTS = 1_000, 1_000
NOISY = ("gradient descent", "SGD")
# Each landscape: its height, slope and curvature, and the interval of the starts.
LANDSCAPES = {
    "double well": (
        lambda x: x**4 - 2 * x**2 + 0.3 * x,
        lambda x: 4 * (x * x - 1) * x + 0.3,
        lambda x: 12 * x**2 - 4,
        (-2.0, 2.0),
    ),
    "Rastrigin": (
        lambda x: x**2 + 10 * (1 - np.cos(2 * np.pi * x)),
        lambda x: 2 * x + 20 * np.pi * np.sin(2 * np.pi * x),
        lambda x: 2 + 40 * np.pi**2 * np.cos(2 * np.pi * x),
        (-5.12, 5.12),
    ),
}
# What each method may set, six values each; every replicate is run with all of them.
SETTINGS = {
    "SGD": (0.25, 0.5, 0.7, 1.0, 1.4, 2.0),  # the noise, in typical slopes
    "momentum": (0.5, 0.8, 0.9, 0.95, 0.98, 0.99),
    "Adam": (0.01, 0.1, 0.2, 0.3, 0.5, 1.0),  # the learning rate
}
# They choose the setting, and judge nothing.
DRAFTS = {"draws": Draws("draft"), "replicates": 5, "starts": 500}


def interval(landscape):
    """Return a fine grid over the starts."""
    return np.linspace(*LANDSCAPES[landscape][3], 20_001)


def step_size(landscape):
    """Return 1/L, L the largest curvature: the longest step that always descends."""
    return 1 / np.abs(LANDSCAPES[landscape][2](interval(landscape))).max()


def typical_slope(landscape):
    """Return the root mean square of the slope over the starts."""
    return np.sqrt(np.mean(LANDSCAPES[landscape][1](interval(landscape)) ** 2))


def wells(landscape):
    """Return the bottoms of the wells and the tops between them, by sign of slope."""
    _, slope, curvature, _ = LANDSCAPES[landscape]
    x = interval(landscape)
    signs = np.sign(slope(x))
    found = x[:-1][signs[:-1] * signs[1:] <= 0]
    for _ in range(20):
        found = found - slope(found) / curvature(found)
    found = np.unique(found.round(9))
    return found[curvature(found) > 0], found[curvature(found) < 0]


def ends(landscape, x):
    """Tell how many runs end in the deepest well, and how deep their wells are."""
    height = LANDSCAPES[landscape][0]
    bottoms, tops = wells(landscape)
    depths = height(bottoms)
    inside = np.searchsorted(tops, np.nan_to_num(x, nan=np.inf))
    return 100 * np.mean(inside == depths.argmin(), -1), depths[inside].mean(-1)


def sgd(x, slope, step, draw=None):
    """Step against the slope, to which `draw()` adds noise."""
    for _ in range(STEPS):
        x = x - step * (slope(x) + (draw() if draw else 0))
    return x


def momentum(x, slope, step, kept):
    """Step by a velocity that keeps a share of itself and falls by the slope."""
    velocity = np.zeros_like(x)
    for _ in range(STEPS):
        velocity = kept * velocity - step * slope(x)
        x = x + velocity
    return x


def adam(x, slope, rate, beta_1=0.9, beta_2=0.999, epsilon=1e-8):
    """Step by the mean slope over the root of the mean squared slope."""
    mean, square = np.zeros_like(x), np.zeros_like(x)
    for t in range(1, STEPS + 1):
        g = slope(x)
        mean = beta_1 * mean + (1 - beta_1) * g
        square = beta_2 * square + (1 - beta_2) * g**2
        root = np.sqrt(square / (1 - beta_2**t)) + epsilon
        x = x - rate * mean / (1 - beta_1**t) / root
    return x


def noise(draws, landscape, levels, starts):
    """Return a function that draws the noise of a step, the same at every level."""
    replicates = starts.shape[0]
    randoms = [draws(i, f"noise on {landscape}") for i in range(replicates)]
    sizes = typical_slope(landscape) * levels

    def draw():
        drawn = [random.standard_normal(starts.shape[1]) for random in randoms]
        return sizes * np.stack(drawn)

    return draw


def runs(draws, landscape, replicates, starts):
    """List (method, its setting, where the runs of every replicate end)."""
    height, slope, _, (low, high) = LANDSCAPES[landscape]
    step, purpose = step_size(landscape), f"starts on {landscape}"
    at = np.stack(
        [draws(i, purpose).uniform(low, high, starts) for i in range(replicates)]
    )
    yield "gradient descent", 0.0, sgd(at, slope, step)
    stacks = {name: np.array(each)[:, None, None] for name, each in SETTINGS.items()}
    draw = noise(draws, landscape, stacks["SGD"], at)
    found = {
        "SGD": sgd(at, slope, step, draw),
        "momentum": momentum(
            np.broadcast_to(at, (6, *at.shape)), slope, step, stacks["momentum"]
        ),
        "Adam": adam(np.broadcast_to(at, (6, *at.shape)), slope, stacks["Adam"]),
    }
    for method, ends_of_all in found.items():
        for value, end in zip(SETTINGS[method], ends_of_all, strict=True):
            yield method, value, end
    lowest = np.take_along_axis(at, height(at).argmin(-1)[:, None], -1)
    yield "best of all starts", 0.0, sgd(lowest, slope, step)


def chosen(landscape):
    """Return each method's setting that leads deepest on draft seeds."""
    best = {}
    for method, setting, x in runs(landscape=landscape, **DRAFTS):
        depth = ends(landscape, x)[1].mean()
        best[method] = min(best.get(method, (np.inf, None)), (depth, setting))
    return {method: setting for method, (_, setting) in best.items()}


def run(draws, replicates, starts):
    rows = []
    for landscape in LANDSCAPES:
        best = chosen(landscape)
        for method, setting, x in runs(draws, landscape, replicates, starts):
            for replicate, (share, depth) in enumerate(
                zip(*ends(landscape, x), strict=True)
            ):
                rows.append(
                    {
                        "landscape": landscape,
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
