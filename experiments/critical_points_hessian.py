"""The Hessian tells critical points apart; learned features lose convexity."""

import keras
import numpy as np
import pandas as pd

from study.gradients import gradient, hessian, value
from study.lab.experiment import Claim, Erratum, Simulation
from study.lab.figures import Deviations, Table, Trend
from study.lab.measures import Column
from study.lab.verdicts import Exact, Rate

RADIUS, ANGLES = 0.01, 64
EXAMPLES, INPUTS, UNITS = 64, 2, 3
POSITIONS = np.linspace(0, 1, 11)


def himmelblau(x):
    return (x[0] ** 2 + x[1] - 11) ** 2 + (x[0] + x[1] ** 2 - 7) ** 2


# A function, the three entries of its Hessian by hand, and its critical points, which
# Newton's method polishes.
SURFACES = {
    "x² + y²": (lambda x: x[0] ** 2 + x[1] ** 2, lambda x, y: (2, 0, 2), ((0, 0),)),
    "−x² − y²": (
        lambda x: -(x[0] ** 2) - x[1] ** 2,
        lambda x, y: (-2, 0, -2),
        ((0, 0),),
    ),
    "x² − y²": (lambda x: x[0] ** 2 - x[1] ** 2, lambda x, y: (2, 0, -2), ((0, 0),)),
    "x⁴ + y⁴": (
        lambda x: x[0] ** 4 + x[1] ** 4,
        lambda x, y: (12 * x**2, 0, 12 * y**2),
        ((0, 0),),
    ),
    "−x⁴ − y⁴": (
        lambda x: -(x[0] ** 4) - x[1] ** 4,
        lambda x, y: (-12 * x**2, 0, -12 * y**2),
        ((0, 0),),
    ),
    "x³ − 3xy²": (
        lambda x: x[0] ** 3 - 3 * x[0] * x[1] ** 2,
        lambda x, y: (6 * x, -6 * y, -6 * x),
        ((0, 0),),
    ),
    "Himmelblau": (
        himmelblau,
        lambda x, y: (12 * x**2 + 4 * y - 42, 4 * (x + y), 12 * y**2 + 4 * x - 26),
        (
            (3, 2),
            (-2.81, 3.13),
            (-3.78, -3.28),
            (3.58, -1.85),
            (-0.27, -0.92),
            (0.09, 2.88),
            (3.39, 0.07),
            (-0.13, -1.95),
            (-3.07, -0.08),
        ),
    ),
}
# Whether the features φ are learned with the weights on top, and what they are.
FEATURES = {
    "tanh, learned": (keras.ops.tanh, True),
    "linear, learned": (lambda z: z, True),
    "tanh, fixed": (keras.ops.tanh, False),
    "linear, fixed": (lambda z: z, False),
}


def polish(function, point, steps=4):
    """Return the critical point near `point` by Newton's method."""
    point = np.array(point, float)
    for _ in range(steps):
        slope = gradient(function, point)
        if slope.any():
            point -= np.linalg.solve(hessian(function, point), slope)
    return point


def eigenvalues(entries):
    """Return the eigenvalues of ((a, b), (b, c)), the smaller first."""
    a, b, c = entries
    middle, half = (a + c) / 2, np.hypot((a - c) / 2, b)
    return np.array([middle - half, middle + half])


def kind_by_eigenvalues(values, flat=1e-9):
    """Name the kind of a critical point, where the signs of the curvature tell it."""
    smaller, larger = values
    if smaller < -flat and larger > flat:
        return "saddle"
    if smaller > flat:
        return "minimum"
    return "maximum" if larger < -flat else "undecided"


def kind_by_values(function, point):
    """Name the kind of a critical point by the values on a small circle around it."""
    angles = np.linspace(0, 2 * np.pi, ANGLES, endpoint=False) + 0.1
    circle = RADIUS * np.array([np.cos(angles), np.sin(angles)])
    rises = function(point[:, None] + circle) - function(point)
    if (rises > 0).all():
        return "minimum"
    if (rises < 0).all():
        return "maximum"
    return "saddle" if rises.min() < 0 < rises.max() else "flat"


def critical_points():
    """Hold eigenvalues of the Hessian against hand-made ones and against the values."""
    for surface, (function, entries, points) in SURFACES.items():
        found = [polish(function, point) for point in points]
        heights = [float(function(point)) for point in found]
        for i, point in enumerate(found):
            by_hand = eigenvalues(entries(*point))
            by_autodiff = np.linalg.eigvalsh(hessian(function, point))
            told, seen = (
                kind_by_eigenvalues(by_autodiff),
                kind_by_values(function, point),
            )
            slope = np.abs(gradient(function, point)).max()
            wrong = seen == "flat" or told not in (seen, "undecided")
            yield {
                "part": "critical point",
                "surface": surface,
                "point": f"{surface} at ({point[0] + 0.0:.2f}, {point[1] + 0.0:.2f})",
                "smaller": by_autodiff[0],
                "larger": by_autodiff[1],
                "told": told,
                "seen": seen,
                "slope": slope,
                "loss": heights[i],
                "above_minimum": heights[i] - min(heights),
                "deviation": max(np.abs(by_autodiff - by_hand).max(), slope, wrong),
            }


def problem(features, random):
    """Return the loss of a small network and two sets of weights, one permuted.

    A network of the same kind with random weights is the target, so that learned
    features have a loss of 0 with its weights, and with two of its units exchanged.
    """
    activation, learned = FEATURES[features]
    inputs = random.standard_normal((EXAMPLES, INPUTS))
    first = random.standard_normal((INPUTS, UNITS))
    last = random.standard_normal(UNITS)
    exchange = [1, 0, *range(2, UNITS)]

    def network(first, last):
        return keras.ops.sum(activation(inputs @ first) * last, axis=-1)

    targets = keras.ops.convert_to_numpy(network(first, last))

    def loss(weights):
        if learned:
            first_of = keras.ops.reshape(weights[: first.size], first.shape)
            outputs = network(first_of, weights[first.size :])
        else:
            outputs = network(first, weights)
        return keras.ops.mean((outputs - targets) ** 2) / np.mean(targets**2)

    if learned:
        ends = (first, last), (first[:, exchange], last[exchange])
        return loss, *(np.concatenate([a.ravel(), b]) for a, b in ends)
    return loss, last, last[exchange]


def segments(draws, replicates):
    """Follow the loss from weights to the permuted ones along a straight line."""
    for replicate in range(replicates):
        for features in FEATURES:
            random = draws(replicate, "target network")
            loss, start, end = problem(features, random)
            cell = {"features": features, "replicate": replicate}
            losses = np.array(
                [value(loss, (1 - share) * start + share * end) for share in POSITIONS]
            )
            above = losses - ((1 - POSITIONS) * losses[0] + POSITIONS * losses[-1])
            for share, each in zip(POSITIONS, above, strict=True):
                yield {"part": "segment", **cell, "position": share, "above": each}
            rise = above[len(POSITIONS) // 2]
            curvatures = np.linalg.eigvalsh(hessian(loss, (start + end) / 2))
            yield {
                "part": "middle",
                **cell,
                "rise": rise,
                "rises": float(rise > 0),
                "curvature": curvatures[0],
            }


def run(draws, replicates):
    return pd.DataFrame([*critical_points(), *segments(draws, replicates)])


def middle(features):
    return {"part": "middle", "features": features}


EXPERIMENT = Simulation(
    title="Critical points: what the Hessian tells",
    about=(gradient, hessian),
    claims=(
        Claim(
            "d2-03",
            verdict=Rate(
                measure="rises",
                arm=middle("tanh, learned"),
                than=middle("tanh, fixed"),
                delta=0.1,
            ),
        ),
        Claim(
            "d2-39",
            verdict=Exact(
                measure="deviation", where={"part": "critical point"}, tolerance=1e-9
            ),
        ),
        Claim(
            "d4-41",
            verdict=Exact(
                measure="above_minimum",
                where={"surface": "Himmelblau"},
                tolerance=1e-9,
            ),
        ),
    ),
    run=run,
    settings={"replicates": 10},
    measures=(
        Column("deviation", "", "error of eigenvalue or slope, 1 for a wrong kind"),
        Column("above_minimum", "", "loss above the lowest minimum"),
        Column("position", "", "position between the weights and the permuted ones"),
        Column("above", "", "loss above the line between both ends"),
        Column("rises", "", "middle is worse than the ends"),
        Column("rise", "", "loss in the middle above the line between both ends"),
        Column("curvature", "", "smallest eigenvalue of the Hessian in the middle"),
    ),
    figures=(
        Trend(
            "above",
            x="position",
            hue="features",
            panels="features",
            where={"part": "segment"},
            title="Loss on the straight line from a network's weights to those with "
            "two units exchanged, in units of the mean squared target, less its line "
            "between both ends: a convex loss is nowhere above 0",
        ),
        Deviations(
            "above_minimum",
            by="point",
            where={"surface": "Himmelblau"},
            limit=1e-9,
            title="Loss above the lowest minimum where the slope is 0, at all nine "
            "critical points of Himmelblau's function",
        ),
    ),
    tables=(
        Table(
            "Critical points: the kind that the eigenvalues tell and that the values "
            "around show",
            where={"part": "critical point"},
            columns={
                "point": "function and point",
                "smaller": "smaller eigenvalue",
                "larger": "larger eigenvalue",
                "told": "by the eigenvalues",
                "seen": "by the values around",
                "slope": "slope",
                "loss": "loss",
                "deviation": "deviation",
            },
        ),
        Table(
            "The middle between two equally good networks, over the seeds with 95 % "
            "intervals",
            where={"part": "middle"},
            by=("features",),
            columns={
                "features": "features φ",
                "rises": "middle worse than the ends",
                "rise": "by how much",
                "curvature": "smallest eigenvalue of the Hessian there",
            },
        ),
    ),
    errata=(
        Erratum(
            id="E27",
            claim="d4-41",
            where="d4:229",
            says="the point where the loss, that is, the slope, is smallest",
            correction="where the loss is smallest. The slope is 0 there, but so it is "
            "at every maximum and saddle",
        ),
    ),
    differences=(
        (
            "why convexity is lost",
            "φ is not linear",
            "φ is learned: with fixed features the loss stays convex though φ is a "
            "tanh, with learned ones it is not convex though φ is linear",
        ),
        ("kinds of critical points", "named", "also where the Hessian does not decide"),
    ),
    smoke={"settings": {"replicates": 3}},
)
