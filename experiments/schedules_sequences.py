"""Four schedules follow the lectures' formulas, but for StepLR's first epoch."""

import keras
import numpy as np
import pandas as pd

from study.lab.experiment import Claim, Erratum, Simulation
from study.lab.figures import Deviations, Table, Trend
from study.lab.measures import Column
from study.lab.verdicts import Exact
from study.schedules import LambdaLR, LinearDecay, MultiplicativeLR, StepLR

EPOCHS = 100
INITIAL, END, TAU = 0.05, 0.0005, 60
STEP_SIZE, GAMMA = 30, 0.1
SCHEDULES = keras.optimizers.schedules


def shrinking(epoch):
    """Return 0.95 to the power of the epoch."""
    return 0.95**epoch


def alternating(epoch):
    """Return a factor that differs from epoch to epoch, to tell which one is asked."""
    return 0.9 if epoch % 2 else 1.05


def recursion(factor, first_changed):
    """Multiply the last rate by `factor(epoch)` from epoch `first_changed` on."""
    rates, rate = [], INITIAL
    for epoch in range(EPOCHS):
        rate *= factor(epoch) if epoch >= first_changed else 1
        rates.append(rate)
    return np.array(rates)


def step_factor(epoch):
    """Return the slide's factor: its condition holds at epoch 0 too."""
    return GAMMA if epoch % STEP_SIZE == 0 else 1


def line(stop=None):
    """Return the slide's line, which nothing stops, or one held from τ on."""
    alpha = np.minimum(np.arange(EPOCHS) / TAU, stop or np.inf)
    return (1 - alpha) * INITIAL + alpha * END


def documented_steps():
    """Return the rates PyTorch documents for StepLR(step_size=30) from 0.05."""
    return np.select(
        [np.arange(EPOCHS) < 30 * i for i in (1, 2, 3)], (5e-2, 5e-3, 5e-4), 5e-5
    )


def sequence(schedule):
    """Return the rates of all epochs, each of one step."""
    return keras.ops.convert_to_numpy(schedule(keras.ops.arange(EPOCHS))).astype(float)


def pairs():
    """List (schedule, the sequence, what it is held against, its values, from, to)."""
    lambdas = sequence(LambdaLR(INITIAL, shrinking, 1, EPOCHS))
    products = sequence(MultiplicativeLR(INITIAL, alternating, 1, EPOCHS))
    steps = sequence(StepLR(INITIAL, STEP_SIZE, 1, gamma=GAMMA))
    linear = sequence(LinearDecay(INITIAL, END, TAU, 1))
    epochs = np.arange(EPOCHS)
    return (
        ("LambdaLR", "slide", lambdas, INITIAL * shrinking(epochs)),
        (
            "LambdaLR",
            "Keras ExponentialDecay",
            lambdas,
            sequence(SCHEDULES.ExponentialDecay(INITIAL, 1, 0.95)),
        ),
        ("MultiplicativeLR", "slide from epoch 1", products, recursion(alternating, 1)),
        ("MultiplicativeLR", "slide from epoch 0", products, recursion(alternating, 0)),
        ("StepLR", "slide", steps, recursion(step_factor, 0)),
        ("StepLR", "slide from epoch 1", steps, recursion(step_factor, 1)),
        ("StepLR", "PyTorch's documentation", steps, documented_steps()),
        (
            "StepLR",
            "Keras ExponentialDecay",
            steps,
            sequence(
                SCHEDULES.ExponentialDecay(INITIAL, STEP_SIZE, GAMMA, staircase=True)
            ),
        ),
        ("linear decay", "slide up to τ", linear[: TAU + 1], line()[: TAU + 1]),
        ("linear decay", "slide beyond τ", linear, line()),
        (
            "linear decay",
            "Keras PolynomialDecay",
            linear,
            sequence(SCHEDULES.PolynomialDecay(INITIAL, TAU, END)),
        ),
    )


def run():
    rows = []
    for schedule, against, ours, theirs in pairs():
        off = np.abs(ours - theirs) / np.abs(ours)
        rows.append(
            {
                "part": "comparison",
                "schedule": schedule,
                "against": against,
                "comparison": f"{schedule}: {against}",
                "deviation": off.max(),
                "first_off": np.argmax(off > TOLERANCE)
                if off.max() > TOLERANCE
                else None,
                "last_rate": theirs[-1],
            }
        )
        rows += [
            {
                "part": "sequence",
                "schedule": schedule,
                "formula": formula,
                "replicate": 0,
                "epoch": epoch,
                "rate": rate,
            }
            for formula, rates in drawn(schedule, against, ours, theirs)
            for epoch, rate in enumerate(rates)
        ]
    return pd.DataFrame(rows)


def drawn(schedule, against, ours, theirs):
    """Choose what the figure shows: the component, and the slide as it stands."""
    if (schedule, against) not in AS_WRITTEN:
        return ()
    return (("component, as PyTorch", ours), ("slide, as written", theirs))


TOLERANCE = 1e-5  # rates are float32, some a power of 99 of one
AS_WRITTEN = (
    ("LambdaLR", "slide"),
    ("MultiplicativeLR", "slide from epoch 0"),
    ("StepLR", "slide"),
    ("linear decay", "slide beyond τ"),
)


def claim(id, schedule, against):
    where = {"part": "comparison", "schedule": schedule, "against": against}
    return Claim(
        id, verdict=Exact(measure="deviation", where=where, tolerance=TOLERANCE)
    )


EXPERIMENT = Simulation(
    title="Learning-rate schedules",
    about=(LambdaLR, LinearDecay, MultiplicativeLR, StepLR),
    claims=(
        claim("d2-47", "linear decay", "slide up to τ"),
        claim("d2-58", "LambdaLR", "slide"),
        claim("d2-59", "MultiplicativeLR", "slide from epoch 1"),
        claim("d2-60", "StepLR", "slide"),
    ),
    run=run,
    measures=(
        Column("deviation", "", "largest relative difference of 100 learning rates"),
        Column("rate", "", "learning rate"),
    ),
    figures=(
        Trend(
            "rate",
            x="epoch",
            hue="formula",
            panels="schedule",
            where={"part": "sequence"},
            title="Learning rate of 100 epochs: the components, which agree with "
            "PyTorch and Keras, and the slides' formulas from epoch 0 on to the end",
        ),
        Deviations(
            "deviation",
            by="comparison",
            where={"part": "comparison"},
            limit=TOLERANCE,
            title="Largest relative difference of the components' learning rates from "
            "each formula",
        ),
    ),
    tables=(
        Table(
            "Where the sequences part",
            where={"part": "comparison"},
            columns={
                "schedule": "schedule",
                "against": "held against",
                "deviation": "largest relative difference",
                "first_off": "first epoch that differs",
                "last_rate": "its last rate",
            },
        ),
    ),
    errata=(
        Erratum(
            id="E17",
            claim="d2-60",
            where="d2:488",
            says="the rate is multiplied by Gamma whenever epoch % step_size = 0",
            correction="not at epoch 0, which keeps the initial rate. As written the "
            "first epochs already have a tenth of it, and so has every later one",
        ),
    ),
    differences=(
        (
            "epoch 0 of MultiplicativeLR",
            "no base case is given",
            "judged from epoch 1 on, as PyTorch counts; from epoch 0 on every rate is "
            "off by Lambda(0)",
        ),
        (
            "linear decay after τ",
            "not said",
            "judged up to τ; the component holds the last rate, the formula would fall "
            "below 0",
        ),
    ),
)
