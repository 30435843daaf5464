"""Nine optimizers on the valley x²/20 + y², and what a momentum term changes there."""

import numpy as np

from study.lab.declare.finding import Column, Number, Simulation, Takeaway
from study.lab.declare.rows import at_edge, tables
from study.lab.figures import Lines, Table
from study.lab.rules.verdicts import Each, Lowers, Margin
from study.optimizers import (
    SGD,
    AdaDelta,
    AdaGrad,
    Adam,
    Momentum,
    Nadam,
    Nesterov,
    RMSProp,
    newton,
)
from study.theory.descents import reversals, walk
from study.theory.momentum_rate import shrinking, steps_down
from study.theory.surfaces import VALLEY, valley

from .figures.paths import Paths

START, UPDATES = (-7.0, 2.0), 30
# The first four rates are the source's, the others ours.
METHODS = {
    "SGD, 0.95": lambda: SGD(0.95),
    "Momentum, 0.1": lambda: Momentum(0.1),
    "AdaGrad, 1.5": lambda: AdaGrad(1.5),
    "Adam, 0.3": lambda: Adam(0.3),
    "Nesterov, 0.1": lambda: Nesterov(0.1),
    "RMSProp, 0.3": lambda: RMSProp(0.3),
    "AdaDelta, 1": lambda: AdaDelta(1.0),
    "Nadam, 0.3": lambda: Nadam(0.3),
}
CONDITIONS = (20, 200, 2_000)  # of the valleys; the source's has 20
STRENGTHS = (0.0, 0.2, 0.4, 0.6, 0.8, 0.9, 0.95, 0.98)
PLAIN, BEST, USUAL = "SGD", "momentum, the best strength", "momentum of 0.9"
RATES = np.linspace(0.025, 4.0, 160)  # over the largest curvature
TURNS = Margin(2, because="once to and fro")
SHARE, LONGEST = 1e-3, 20_000  # of the first distance, where steps stop counting


def ways():
    """Yield every point of every method."""
    found = {
        name: walk(make(), START, VALLEY.gradient, UPDATES)
        for name, make in METHODS.items()
    }
    found["Newton"] = newton(VALLEY.value, START).path
    for name, points in found.items():
        for k, (x, y) in enumerate(points):
            yield {"table": "way", "method": name, "step": k, "x": x, "y": y}
        yield {
            "table": "end",
            "method": name,
            "step": len(points) - 1,
            "x": points[-1, 0],
            "y": points[-1, 1],
            "height": valley(*points[-1]),
            "turns": reversals(points[:, 1]),
        }


def settings(condition):
    """Map each method to the (rate, strength) that shrinks the distance fastest."""
    shrink = {each: shrinking(condition, each, RATES) for each in STRENGTHS}
    rates = {strength: RATES[each.argmin()] for strength, each in shrink.items()}
    best = min(STRENGTHS[1:], key=lambda strength: shrink[strength].min())
    return {
        PLAIN: (rates[0.0], 0.0),
        BEST: (rates[best], best),
        USUAL: (rates[0.9], 0.9),
    }


def oscillation(draws, replicates):
    """Yield what every method needs from starts on a circle, in every valley."""
    for condition in CONDITIONS:
        for method, (rate, strength) in settings(condition).items():
            for replicate in range(replicates):
                angle = draws(replicate, "start").uniform(0.1, 1.4)
                start = np.array([np.cos(angle), np.sin(angle)])
                steps, turns = steps_down(
                    condition, start, rate, strength, SHARE, LONGEST
                )
                yield {
                    "table": "oscillation",
                    "method": method,
                    "condition": condition,
                    "replicate": replicate,
                    "rate": rate,
                    "strength": strength,
                    "edge": at_edge(rate, RATES) or at_edge(strength, STRENGTHS[1:]),
                    "updates": steps,
                    "turns": turns,
                }


def run(draws, replicates):
    return tables([*ways(), *oscillation(draws, replicates)])


def against_plain(condition):
    """Return the arms with the best momentum and with none."""
    arm, than = ({"method": each, "condition": condition} for each in (BEST, PLAIN))
    return {"arm": arm, "than": than}


def in_valley(measure, method, **unit):
    cell = {"method": method, "condition": CONDITIONS[1]}
    return Number(measure, cell, "oscillation", **unit)


EXPERIMENT = Simulation(
    title="Optimizers: paths in a valley",
    about=(SGD, Momentum, Nesterov, AdaGrad, RMSProp, AdaDelta, Adam, Nadam, newton),
    claims={
        "d4-56": Each(
            *(
                Lowers(measure=each, table="oscillation", **arms, margin=margin)
                for each, margin in (("turns", TURNS), ("updates", None))
                for arms in map(against_plain, CONDITIONS)
            )
        )
    },
    takeaway=Takeaway(
        holds="A momentum term damps the to and fro and saves steps",
        depends="A momentum term damps the to and fro and saves steps {where}.",
        fails="A momentum term neither damps the to and fro nor saves steps",
        open="Whether a momentum term damps the to and fro and saves steps stays open",
        evidence="in a valley of condition 200 SGD takes {plain} and turns {turns} "
        "times, with the best momentum {momentum} and {fewer} times.",
        numbers={
            "plain": in_valley("updates", PLAIN),
            "momentum": in_valley("updates", BEST),
            "turns": in_valley("turns", PLAIN, unit=""),
            "fewer": in_valley("turns", BEST, unit=""),
        },
    ),
    run=run,
    measures=(
        Column("x"),
        Column("y"),
        Column("height", "", "x²/20 + y²"),
        Column("updates", "steps", "steps to a thousandth of the distance"),
        Column("turns", "", "turns back in the steep direction"),
        Column("condition", "", "condition number of the valley"),
        Column("rate", "", "learning rate"),
    ),
    figures=(
        Paths(
            "x",
            "y",
            hue="method",
            step="step",
            height=valley,
            xlim=(-10, 10),
            ylim=(-4, 4),
            goal=(0.0, 0.0),
            table="way",
            title="Thirty updates on x²/20 + y² from (-7, 2), with the learning rate "
            "of each method",
        ),
        Lines(
            "updates",
            x="condition",
            hue="method",
            table="oscillation",
            log="xy",
            title="Steps to a thousandth of the distance, each method at its fastest "
            "learning rate",
        ),
    ),
    tables=(
        Table(
            "Where each method is after its last update from (-7, 2)",
            table="end",
            columns=("method", "step", "x", "y", "height", "turns"),
            called={
                "method": "method, learning rate",
                "step": "updates",
                "turns": "turns in y",
            },
        ),
        Table(
            "With and without a momentum term, each at its fastest learning rate: "
            "means over the starts with 95 % intervals",
            table="oscillation",
            by=("condition", "method", "strength", "rate"),
            columns=("updates", "turns"),
            called={
                "condition": "condition number",
                "strength": "strength γ",
                "updates": "steps",
                "turns": "turns",
            },
        ),
    ),
    differences={
        "starting point and rates of the paths": (
            "0.95, 0.1, 1.5 and 0.3 for SGD, momentum, AdaGrad and Adam (Saito 2016)",
            "the same; the other five are not in the source and have rates of ours",
        ),
        "strength of momentum (d4-56)": (
            "γ, not given",
            "the best of 0.2 to 0.98, each at its fastest rate. The usual 0.9 stands "
            "beside it: it suits valleys that are longer than this one",
        ),
        "oscillation (d4-56)": (
            "of the error, not said how measured",
            "steps that go back on the one before, in the steep direction. Without "
            "momentum the height itself never rises at these rates",
        ),
    },
)
