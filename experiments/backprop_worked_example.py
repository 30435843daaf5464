"""The lecture's back-propagation example, recomputed number by number."""

import numpy as np

from study.lab.declare.facts import conditional, fact
from study.lab.declare.finding import Column, Number, Simulation, Takeaway
from study.lab.declare.rows import tables
from study.lab.figures import Deviations, Table
from study.theory import worked_example as worked
from study.theory.worked_example import FIRST, SECOND, X

# What the slides print, in their order: the claim, the quantity and the number.
SLIDE = (
    ("d2-62", "z10", "0.17"),
    ("d2-63", "z11", "0.09"),
    ("d2-64", "a10", "0.54"),
    ("d2-65", "a11", "0.52"),
    ("d2-66", "z20", "0.27"),
    ("d2-67", "a20", "0.57"),
    ("d2-68", "z21", "0.43"),
    ("d2-69", "a21", "0.61"),
    ("d2-70", "dE/da20", "0.37"),
    ("d2-71", "da20/dz20", "0.25"),
    ("d2-72", "dz20/dw10¹", "0.54"),
    ("d2-73", "dE/dw10¹", "0.049"),
    ("d2-74", "new w10¹", "0.3853"),
    ("d2-75", "dE1/da10", "0.03627"),
    ("d2-76", "dE2/da10", "-0.0107"),
    ("d2-77", "da10/dz10", "0.2484"),
    ("d2-78", "dE/dw10⁰", "0.0034"),
    ("d2-79", "new w10⁰", "0.09897"),
)
INPUTS = EITHER, PRINTED = "printed or exact", "printed"


def numbers():
    """Compare each printed number with the exact one and with the slide's own inputs.

    The deviation counts units of the last printed digit; a rounded number deviates by
    at most half a unit from what its inputs give, as they are printed or with more
    digits than that.
    """
    exact = worked.quantities({})
    rounded = worked.quantities({name: float(text) for _, name, text in SLIDE})
    for _, name, text in SLIDE:
        unit = 10.0 ** -len(text.split(".")[1])
        printed, more = (abs(float(text) - each[name]) for each in (rounded, exact))
        told = {"slide": float(text), "exact": exact[name]}
        told["from_rounded"] = rounded[name]
        for inputs, off in zip(INPUTS, (min(printed, more), printed), strict=True):
            cell = {"table": "number", "quantity": name, "inputs": inputs}
            yield {**cell, **told, "deviation": off / unit}


def product():
    """Count the entries of the slide's column times row; a pre-activation is one."""
    column, row = X[:, None], FIRST[:, 0][None, :]
    inner = (FIRST[:, 0][None, :] @ X[:, None]).item()
    slide, exact = (column @ row).size, np.size(inner)
    cell = {"table": "product", "quantity": "entries of column × row"}
    yield {**cell, "slide": slide, "exact": exact, "deviation": slide - exact}


def weights():
    """Tell each weight's update by formula, central differences and Keras."""
    updates = worked.gradients(), worked.central_gradients(), worked.keras_update()
    found = zip("⁰¹", (FIRST, SECOND), *updates, strict=True)
    for layer, before, gradient, central, updated in found:
        for place in np.ndindex(before.shape):
            yield {
                "table": "weight",
                "quantity": f"w{place[0] + 1}{place[1]}{layer}",
                "before": before[place],
                "gradient": gradient[place],
                "central_difference": central[place],
                "exact": before[place] - worked.LEARNING_RATE * gradient[place],
                "keras": updated[place],
            }


def run():
    return tables([*numbers(), *product(), *weights()])


def number(id, name):
    condition = "its inputs have more digits than are printed"
    return conditional(id, "number", 0.5, condition, quantity=name, inputs=INPUTS)


def first_gradient(column):
    cell = {"quantity": "dE/dw10⁰", "inputs": EITHER}
    return Number(column, cell, "number", unit="")


EXPERIMENT = Simulation(
    title="Back-propagation: the worked example",
    claims=(fact("d2-61", "product", 0), *(number(id, name) for id, name, _ in SLIDE)),
    takeaway=Takeaway(
        of="d2-78",
        holds="The worked example is right to its end: the gradient of the first "
        "weight is {right}, and the slide prints {printed}.",
        fails="The worked example goes wrong near its end: the gradient of the first "
        "weight is {right}, where the slide prints {printed}.",
        evidence="of the slides' statements about it {held} are right.",
        numbers={"right": first_gradient("exact"), "printed": first_gradient("slide")},
    ),
    run=run,
    measures=(
        Column("deviation", "units of the last printed digit"),
        Column("exact"),
        Column("slide"),
    ),
    figures=Deviations(
        by="quantity",
        table="number",
        where={"inputs": EITHER},
        limit=0.5,
        title="Distance of each printed number from the nearest right one",
    ),
    tables=(
        Table(
            "What the slides print, and what is right",
            table="number",
            where={"inputs": EITHER},
            called={"from_rounded": "from the slide's rounded inputs"},
        ),
        Table(
            "The corrected update of all eight weights, three ways",
            table="weight",
            called={
                "quantity": "weight",
                "gradient": "gradient by the chain rule",
                "central_difference": "by central differences",
                "exact": "after one step",
                "keras": "after one step of Keras",
            },
        ),
    ),
    differences={
        "rounding": "a number is right that its inputs give, as they are printed or "
        "exact; where only exact ones do, that is its condition",
        "two weights of the second layer": (
            "not printed",
            "0.1 and 0.3, from the printed 0.27 and 0.43",
        ),
    },
)
