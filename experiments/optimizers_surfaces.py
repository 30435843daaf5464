"""Eight optimizers leave a saddle, follow a long valley and cross Beale's function."""

import numpy as np

from study.lab.declare.finding import Column, Number, Simulation, Takeaway
from study.lab.declare.rows import tables
from study.lab.figures import Points, Table
from study.lab.rules.verdicts import Each, Lowers, Margin, Raises
from study.optimizers import (
    SGD,
    AdaDelta,
    AdaGrad,
    Adam,
    Momentum,
    Nadam,
    Nesterov,
    RMSProp,
)
from study.theory import surfaces
from study.theory.descents import first, reversals, walk

from .figures.animation import Animation
from .figures.paths import Paths

STEPS = 300
DRAWN = 4  # steps from one point of the pictures to the next
SADDLE, VALLEY, BEALE = "saddle", "long valley", "Beale's function"
# The surface and the start.
SURFACES = {
    SADDLE: (surfaces.SADDLE, (1.0, 0.001)),
    VALLEY: (surfaces.LONG_VALLEY, (-8.0, 2.0)),
    BEALE: (surfaces.BEALE, (1.0, 1.5)),
}
# The height and the ranges of the picture.
PICTURES = {
    SADDLE: (surfaces.saddle, (-1.5, 1.5), (-1.5, 1.5)),
    VALLEY: (surfaces.long_valley, (-10, 6), (-3, 3)),
    BEALE: (surfaces.beale, (-1, 4), (-1.5, 2.5)),
}
# Gradient steps and those along a velocity at a rate, the adaptive ones at another:
# theirs is a length.
SMALL = {SADDLE: 0.01, VALLEY: 0.2, BEALE: 0.003}
LENGTH = {SADDLE: 0.03, VALLEY: 0.1, BEALE: 0.03}
PLAIN = {"SGD": SGD, "Momentum": Momentum, "Nesterov": Nesterov}
SCALED = {"RMSProp": RMSProp, "Adam": Adam, "Nadam": Nadam}
SEEN = Margin(1.25, "factor", because="what takes a quarter longer is seen to lag")
WIDE = Margin(0.1, because="so near counts as arrived")
METHODS = (*PLAIN, "AdaGrad", *SCALED, "AdaDelta")


def make(method, surface):
    """Return an optimizer at the rate that its kind has on a surface."""
    if method in PLAIN:
        return PLAIN[method](SMALL[surface])
    if method in SCALED:
        return SCALED[method](LENGTH[surface])
    summed = method == "AdaGrad"
    return AdaGrad(10 * LENGTH[surface]) if summed else AdaDelta(epsilon=1e-4)


def numbers(best, way):
    """Map each measure to its numbers, one a start; without a goal one escapes."""
    x, y = way[:, 0], way[:, 1]
    if best is None:
        return {"escape": first(abs(y) > 1)}
    goal = np.array(best)[:, None]
    away = np.sqrt(((way - goal) ** 2).sum(axis=1))
    return {
        "arrival": first(away < 0.1),
        "beyond": np.maximum(x - goal[0], 0).max(axis=0),
        "turns": reversals(y),
    }


def run(draws, replicates, steps):
    rows = []
    for name, (surface, start) in SURFACES.items():
        random = draws(0, name)
        # the first start is the one in the pictures, the others lie around it
        around = 1 + 0.1 * random.standard_normal((2, replicates))
        around[:, 0] = 1
        starts = np.array(start)[:, None] * around
        for method in METHODS:
            way = walk(make(method, name), starts, surface.gradient, steps)
            for quantity, found in numbers(surface.best, way).items():
                cell = {"table": "number", **arm(name, quantity, method)}
                for replicate, value in enumerate(found):
                    rows.append({**cell, "replicate": replicate, quantity: value})
            cell = {"table": "way", "surface": name, "method": method}
            for k in range(0, steps + 1, DRAWN):
                x, y = way[k, :, 0].round(4)
                rows.append({**cell, "step": k, "x": x, "y": y})
    return tables(rows)


def arm(surface, quantity, method):
    return {"surface": surface, "quantity": quantity, "method": method}


def differ(rule, surface, quantity, method, than, margin):
    arms = {"arm": arm(surface, quantity, method), "than": arm(surface, quantity, than)}
    return rule(measure=quantity, table="number", **arms, margin=margin)


def pictures(surface, frames):
    """Return the ways in motion, and at some moments for paper."""
    height, xlim, ylim = PICTURES[surface]
    name = f"{surface[0].upper()}{surface[1:]}"
    still = Paths(
        "x",
        "y",
        hue="method",
        step="step",
        height=height,
        xlim=xlim,
        ylim=ylim,
        goal=SURFACES[surface][0].best,
        frames=frames,
        table="way",
        where={"surface": surface},
        title=f"{name}, four moments",
    )
    return Animation(still, f"{name}, in motion"), still


def when(quantity, title):
    return Points(
        quantity,
        rows="method",
        panels="surface",
        table="number",
        where={"quantity": quantity},
        title=title,
    )


def numbers_of(surface, quantity, heading):
    return Table(
        f"{surface[0].upper()}{surface[1:]}: {heading}, at most {STEPS} steps; means "
        "over the starts with 95 % intervals",
        table="number",
        where={"surface": surface, "quantity": quantity},
        by=("method",),
    )


EXPERIMENT = Simulation(
    title="Optimizers: three surfaces",
    about=(SGD, Momentum, Nesterov, AdaGrad, RMSProp, AdaDelta, Adam, Nadam),
    claims={
        "d4-40": Each(
            differ(Lowers, SADDLE, "escape", "RMSProp", "SGD", SEEN),
            differ(Lowers, SADDLE, "escape", "AdaGrad", "SGD", SEEN),
            differ(Lowers, SADDLE, "escape", "AdaDelta", "SGD", SEEN),
            differ(Lowers, VALLEY, "arrival", "Momentum", "SGD", SEEN),
            differ(Raises, VALLEY, "beyond", "Momentum", "SGD", WIDE),
            differ(Lowers, VALLEY, "beyond", "Nesterov", "Momentum", WIDE),
        )
    },
    takeaway=Takeaway(
        holds="The optimizers move differently, as Radford's animations show",
        depends="The optimizers move as Radford's animations show {where}.",
        fails="The optimizers do not move as Radford's animations show",
        open="Whether the optimizers move as Radford's animations show stays open",
        evidence="RMSProp leaves the saddle in {rmsprop}, SGD in {sgd}; momentum runs "
        "through the long valley in {momentum}, Nesterov's in {nesterov}.",
        numbers={
            "rmsprop": Number("escape", arm(SADDLE, "escape", "RMSProp"), "number"),
            "sgd": Number("escape", arm(SADDLE, "escape", "SGD"), "number"),
            "momentum": Number("arrival", arm(VALLEY, "arrival", "Momentum"), "number"),
            "nesterov": Number("arrival", arm(VALLEY, "arrival", "Nesterov"), "number"),
        },
    ),
    run=run,
    settings={"replicates": 10, "steps": STEPS},
    measures=(
        Column("x"),
        Column("y"),
        Column("escape", "steps", "steps until |y| is above 1", never=STEPS),
        Column("arrival", "steps", "steps until 0.1 from the minimum", never=STEPS),
        Column("beyond", "", "overshoot along the valley"),
        Column("turns", "", "turns in y"),
    ),
    figures=(
        *pictures(SADDLE, (32, 60, 120, 240)),
        *pictures(VALLEY, (20, 60, 120, 300)),
        *pictures(BEALE, (20, 60, 120, 300)),
        when("escape", "Steps until a method has left the saddle"),
        when("arrival", f"Steps until the minimum is 0.1 away, at most {STEPS}"),
    ),
    tables=(
        numbers_of(SADDLE, "escape", "steps until |y| is above 1"),
        numbers_of(VALLEY, "arrival", "steps until the minimum is 0.1 away"),
        numbers_of(VALLEY, "beyond", "overshoot along the valley"),
        numbers_of(BEALE, "arrival", "steps until the minimum is 0.1 away"),
    ),
    differences={
        "what differs (d4-40)": (
            "animations without numbers (Radford 2014, reported, not re-read)",
            "three sights of them: adaptive methods leave a saddle first, momentum "
            "arrives before SGD and shoots beyond, Nesterov's less far",
        ),
        "surfaces and rates": "x² − y², x²/50 + y² and Beale's; one rate for gradient "
        "and velocity, one for RMSProp, Adam and Nadam, ten times it for AdaGrad, none "
        "for AdaDelta but an ε of 10⁻⁴",
        "the valley's rate": "0.2, set after a first look: at 0.03 neither SGD nor "
        "momentum arrived within 300 steps, and nothing could be told apart",
        "animation": ("moving", "moving, with four still moments of each for paper"),
        "starts": ("one", "10: the one in the pictures and nine around it"),
    },
    smoke={
        "settings": {"replicates": 1, "steps": 60},
        "claims": (),
        "figures": pictures(VALLEY, (8, 20, 40, 60)),
        "tables": (numbers_of(VALLEY, "beyond", "overshoot along the valley"),),
    },
)
