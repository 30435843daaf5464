"""The Hessian tells critical points apart; learned features lose convexity."""

import keras
import numpy as np

from study.gradients import gradient, hessian, value
from study.lab.declare.facts import fact
from study.lab.declare.finding import Claim, Column, Number, Simulation, Takeaway
from study.lab.declare.rows import tables
from study.lab.figures import Deviations, Lines, Table
from study.lab.rules.verdicts import Rate
from study.theory import surfaces
from study.theory.critical_points import told
from study.theory.exchanged_units import exchange

POSITIONS = np.linspace(0, 1, 11)
SURFACES = {
    "x² + y²": surfaces.BOWL,
    "−x² − y²": surfaces.DOME,
    "x² − y²": surfaces.SADDLE,
    "x⁴ + y⁴": surfaces.FLAT_BOWL,
    "−x⁴ − y⁴": surfaces.FLAT_DOME,
    "x³ − 3xy²": surfaces.MONKEY_SADDLE,
    "Himmelblau": surfaces.HIMMELBLAU,
}
# Whether the features φ are learned with the weights on top, and what they are.
FEATURES = {
    "tanh, learned": (keras.ops.tanh, True),
    "linear, learned": (lambda z: z, True),
    "tanh, fixed": (keras.ops.tanh, False),
    "linear, fixed": (lambda z: z, False),
}


def critical_points():
    """Hold eigenvalues of the Hessian against hand-made ones and against the values."""
    for name, surface in SURFACES.items():
        for point, row in told(surface):
            x, y = point + 0.0
            cell = {"surface": name, "point": f"{name} at ({x:.2f}, {y:.2f})"}
            yield {"table": "critical_point", **cell, **row}


def segments(draws, replicates):
    """Follow the loss from weights to the permuted ones along a straight line."""
    for replicate in range(replicates):
        for name, (activation, learned) in FEATURES.items():
            random = draws(replicate, "target network")
            loss, start, end = exchange(activation, learned, random)
            cell = {"features": name, "replicate": replicate}
            losses = np.array(
                [value(loss, (1 - share) * start + share * end) for share in POSITIONS]
            )
            above = losses - ((1 - POSITIONS) * losses[0] + POSITIONS * losses[-1])
            for share, each in zip(POSITIONS, above, strict=True):
                yield {"table": "segment", **cell, "position": share, "above": each}
            rise = above[len(POSITIONS) // 2]
            curvatures = np.linalg.eigvalsh(hessian(loss, (start + end) / 2))
            found = {"rise": rise, "rises": float(rise > 0)}
            yield {"table": "middle", **cell, **found, "curvature": curvatures[0]}


def run(draws, replicates):
    return tables([*critical_points(), *segments(draws, replicates)])


EXPERIMENT = Simulation(
    title="Critical points: what the Hessian tells",
    about=(gradient, hessian),
    claims=(
        Claim(
            "d2-03",
            verdict=Rate(
                measure="rises",
                table="middle",
                arm={"features": "tanh, learned"},
                than={"features": "tanh, fixed"},
                delta=0.1,
            ),
        ),
        fact("d2-39", "critical_point", 1e-9),
        fact("d4-41", "critical_point", 1e-9, "above_minimum", surface="Himmelblau"),
    ),
    takeaway=Takeaway(
        of="d4-41",
        holds="Where the slope is 0, the loss is at its smallest.",
        fails="A slope of 0 is not yet the smallest loss: of the nine critical points "
        "of Himmelblau's function one lies {saddle} above the lowest, a saddle from "
        "which some ways lead down.",
        evidence="of the lectures' statements about critical points {held} hold.",
        numbers={
            "saddle": Number(
                "above_minimum",
                {"point": "Himmelblau at (3.39, 0.07)"},
                "critical_point",
                unit="",
            )
        },
    ),
    run=run,
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
        Lines(
            "above",
            x="position",
            hue="features",
            panels="features",
            table="segment",
            title="Loss on the straight line from a network's weights to those with "
            "two units exchanged, in units of the mean squared target, less its line "
            "between both ends: a convex loss is nowhere above 0",
        ),
        Deviations(
            "above_minimum",
            by="point",
            table="critical_point",
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
            table="critical_point",
            called={
                "point": "function and point",
                "smaller": "smaller eigenvalue",
                "larger": "larger eigenvalue",
                "told": "by the eigenvalues",
                "seen": "by the values around",
            },
        ),
        Table(
            "The middle between two equally good networks, over the seeds with 95 % "
            "intervals",
            table="middle",
            by=("features",),
            called={"features": "features φ"},
        ),
    ),
    differences={
        "why convexity is lost": (
            "φ is not linear",
            "φ is learned: with fixed features the loss stays convex though φ is a "
            "tanh, with learned ones it is not convex though φ is linear",
        ),
        "kinds of critical points": ("named", "also where the Hessian does not decide"),
    },
)
