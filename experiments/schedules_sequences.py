"""Four schedules follow the lectures' formulas, two of them from epoch 1 on."""

import keras
import numpy as np

from study.lab.declare.facts import conditional, fact
from study.lab.declare.finding import Column, Simulation, Takeaway
from study.lab.declare.rows import of, tables
from study.lab.figures import Deviations, Lines, Table
from study.schedules import LambdaLR, LinearDecay, MultiplicativeLR, StepLR
from study.theory import rate_sequences
from study.theory.rate_sequences import recursion, sequence

EPOCHS = 100
INITIAL, END, TAU = 0.05, 0.0005, 60
STEP_SIZE, GAMMA = 30, 0.1
SCHEDULES = keras.optimizers.schedules
TOLERANCE = 1e-5  # rates are float32, some a power of 99 of one
# What the figure shows: the component, and the slide as it stands.
AS_WRITTEN = (
    ("LambdaLR", "slide"),
    ("MultiplicativeLR", "slide from epoch 0"),
    ("StepLR", "slide from epoch 0"),
    ("linear decay", "slide beyond τ"),
)


def shrinking(epoch):
    """Return 0.95 to the power of the epoch."""
    return 0.95**epoch


def alternating(epoch):
    """Return a factor that differs from epoch to epoch, to tell which one is asked."""
    return 0.9 if epoch % 2 else 1.05


def pairs():
    """List (schedule, what its rates are held against, both sequences)."""
    ours = {
        "LambdaLR": LambdaLR(INITIAL, shrinking, 1, EPOCHS),
        "MultiplicativeLR": MultiplicativeLR(INITIAL, alternating, 1, EPOCHS),
        "StepLR": StepLR(INITIAL, STEP_SIZE, 1, gamma=GAMMA),
        "linear decay": LinearDecay(INITIAL, END, TAU, 1),
    }
    exponential = SCHEDULES.ExponentialDecay(INITIAL, 1, 0.95)
    staircase = SCHEDULES.ExponentialDecay(INITIAL, STEP_SIZE, GAMMA, staircase=True)
    polynomial = SCHEDULES.PolynomialDecay(INITIAL, TAU, END)
    steps = rate_sequences.step_factor(STEP_SIZE, GAMMA)
    from_1, from_0 = (recursion(INITIAL, alternating, EPOCHS, k) for k in (1, 0))
    whole = rate_sequences.line(INITIAL, END, TAU, EPOCHS)
    for schedule, against, theirs in (
        ("LambdaLR", "slide", INITIAL * shrinking(np.arange(EPOCHS))),
        ("LambdaLR", "Keras ExponentialDecay", sequence(exponential, EPOCHS)),
        ("MultiplicativeLR", "slide from epoch 1", from_1),
        ("MultiplicativeLR", "slide from epoch 0", from_0),
        ("StepLR", "slide from epoch 0", recursion(INITIAL, steps, EPOCHS, 0)),
        ("StepLR", "slide from epoch 1", recursion(INITIAL, steps, EPOCHS, 1)),
        ("StepLR", "PyTorch's documentation", rate_sequences.documented_steps(EPOCHS)),
        ("StepLR", "Keras ExponentialDecay", sequence(staircase, EPOCHS)),
        ("linear decay", "slide up to τ", whole[: TAU + 1]),
        ("linear decay", "slide beyond τ", whole),
        ("linear decay", "Keras PolynomialDecay", sequence(polynomial, EPOCHS)),
    ):
        rates = sequence(ours[schedule], EPOCHS)
        yield schedule, against, rates[: len(theirs)], theirs


def run():
    rows = []
    for schedule, against, ours, theirs in pairs():
        off = np.abs(ours - theirs) / np.abs(ours)
        parted = off > TOLERANCE
        cell = {"table": "comparison", "schedule": schedule, "against": against}
        found = {"comparison": f"{schedule}: {against}", "deviation": off.max()}
        first = parted.argmax() if parted.any() else None
        rows.append({**cell, **found, "first_off": first, "last_rate": theirs[-1]})
        if (schedule, against) in AS_WRITTEN:
            drawn = {"component, as PyTorch": ours, "slide, as written": theirs}
            for formula, rates in drawn.items():
                cell = {"schedule": schedule, "formula": formula, "replicate": 0}
                found = ({"epoch": k, "rate": rate} for k, rate in enumerate(rates))
                rows += of("sequence", ({**cell, **each} for each in found))
    return tables(rows)


def claim(id, schedule, against):
    return fact(id, "comparison", TOLERANCE, schedule=schedule, against=against)


def from_epoch_1(id, schedule):
    """Return a claim whose formula has no base case."""
    where = {"against": ("slide from epoch 1", "slide from epoch 0")}
    condition = "epoch 0 keeps the initial rate, as in PyTorch"
    return conditional(
        id, "comparison", TOLERANCE, condition, schedule=schedule, **where
    )


EXPERIMENT = Simulation(
    title="Learning-rate schedules",
    about=(LambdaLR, LinearDecay, MultiplicativeLR, StepLR),
    claims=(
        claim("d2-47", "linear decay", "slide up to τ"),
        claim("d2-58", "LambdaLR", "slide"),
        from_epoch_1("d2-59", "MultiplicativeLR"),
        from_epoch_1("d2-60", "StepLR"),
    ),
    takeaway=Takeaway(
        holds="The lecture's linear decay is the one that Keras has, up to its last "
        "step τ. Of the lecture's schedules {held} are as they are written.",
        fails="The lecture's linear decay is not what its formula says up to its last "
        "step τ. Of the lecture's schedules {held} are as they are written.",
    ),
    run=run,
    measures=(
        Column("deviation", "", "largest relative difference of 100 learning rates"),
        Column("rate", "", "learning rate"),
    ),
    figures=(
        Lines(
            "rate",
            x="epoch",
            hue="formula",
            panels="schedule",
            table="sequence",
            title="Learning rate of 100 epochs: the components, which agree with "
            "PyTorch and Keras, and the slides' formulas from epoch 0 on to the end",
        ),
        Deviations(
            by="comparison",
            table="comparison",
            limit=TOLERANCE,
            title="Largest relative difference of the components' learning rates from "
            "each formula",
        ),
    ),
    tables=Table(
        "Where the sequences part",
        table="comparison",
        columns=("schedule", "against", "deviation", "first_off", "last_rate"),
        called={
            "against": "held against",
            "first_off": "first epoch that differs",
            "last_rate": "its last rate",
        },
    ),
    differences={
        "epoch 0 of MultiplicativeLR and StepLR": (
            "no base case is given",
            "judged from epoch 1 on, as PyTorch counts, and from epoch 0 on, where "
            "every rate is off: by Lambda(0), and by Gamma",
        ),
        "linear decay after τ": "judged up to τ; the component holds the last rate, "
        "the formula would fall below 0",
    },
)
