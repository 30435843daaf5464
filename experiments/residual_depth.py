"""Plain and residual networks of up to 64 layers: which of them train."""

from dataclasses import dataclass

import keras
import numpy as np
from keras import ops

from study.lab.data import mnist
from study.lab.declare import measures
from study.lab.declare.controls import Control, Controlled
from study.lab.declare.finding import Claim, Experiment, Number, Size, Takeaway
from study.lab.declare.measures import LossAt, Measure, Probe
from study.lab.figures import Curves, Lines
from study.lab.rules.verdicts import DoesNotRaise, Each, Level, Lowers, Raises, Shape
from study.layers import Residual

UNITS, DEPTHS = 64, (4, 16, 64)
STEPS = 300
PLAIN, RESIDUAL = "plain", "residual"


@dataclass(frozen=True)
class Change(Measure):
    """log2 of the size of F(x) to x after training, against before; 0 if diverged."""

    name = "change_log2"
    label = "change of the size of F(x) to x by training, log2"
    unit = "doublings"

    def read(self, history):
        shares = [history.probes[f"share_at_{when}"] for when in ("start", "end")]
        known = np.all([np.isfinite(each) & (each > 0) for each in shares], axis=0)
        start, end = (np.where(known, each, 1.0) for each in shares)
        return np.log2(end / start)


def function(scale):
    """Return a block's F: ReLU, then a dense layer, by He's scale times `scale`."""
    initializer = keras.initializers.VarianceScaling(2 * scale, "fan_in", "normal")
    dense = keras.layers.Dense(UNITS, kernel_initializer=initializer)
    return [keras.layers.Activation("relu"), dense]


def blocks(kind, depth):
    """List the blocks of one dense layer each, F(x) or x + F(x).

    What is added to the inputs is scaled so that their variance grows little however
    many blocks there are.
    """
    if kind == PLAIN:
        return [keras.Sequential(function(1)) for _ in range(depth)]
    return [Residual(function(1 / depth)) for _ in range(depth)]


def model(kind, depth, shape, classes):
    """Build a network of `depth` layers of 64 units between two others."""
    return keras.Sequential(
        [
            keras.Input(shape),
            keras.layers.Dense(UNITS, kernel_initializer="he_normal"),
            *blocks(kind, depth),
            keras.layers.Activation("relu"),
            keras.layers.Dense(classes, "softmax"),
        ]
    )


def optimizer(learning_rate):
    return keras.optimizers.Adam(learning_rate)


def share(model, x, y):
    """Return the mean size of F(x) to that of x over the blocks."""
    first, *inner = model.layers[:-2]
    x, shares = first(x), []
    for each in inner:
        added = each.block(x) if isinstance(each, Residual) else each(x)
        shares.append(ops.norm(added) / ops.norm(x))
        x = each(x)
    return ops.mean(ops.stack(shares))


def arm(kind, depth):
    return {"kind": kind, "depth": depth}


def compared(rule, measure, one, other):
    return rule(measure=measure, arm=arm(*one), than=arm(*other))


def learns(kind, depth):
    """Demand that a network learns, without which training pushes nothing."""
    return Control(
        f"{depth} {kind} layers learn",
        Level(measure="train_error", arm=arm(kind, depth), below=10),
        "more steps",
    )


LOSS = f"loss_at_{STEPS}"
TITLES = {
    LOSS: "Training loss after 300 steps by the number of layers",
    "change_log2": "How training changes the size of F(x) to x, mean over the layers, "
    "by their number: below 0 it falls",
}
SHALLOW, DEEP = (PLAIN, DEPTHS[0]), (PLAIN, DEPTHS[-1])
DEEP_RESIDUAL = (RESIDUAL, DEPTHS[-1])

EXPERIMENT = Experiment(
    title="Residual networks: depth",
    about=(Residual,),
    claims=(
        Claim(
            "d4-33",
            verdict=Controlled(
                Each(
                    *(
                        Level(measure="change_log2", arm=arm(RESIDUAL, each), below=0)
                        for each in DEPTHS
                    ),
                    *(
                        compared(Lowers, "change_log2", (RESIDUAL, each), (PLAIN, each))
                        for each in DEPTHS[:-1]
                    ),
                ),
                *(learns(RESIDUAL, each) for each in DEPTHS),
                *(learns(PLAIN, each) for each in DEPTHS[:-1]),
            ),
        ),
        Claim(
            "d4-35",
            verdict=Controlled(
                Shape(
                    compared(Lowers, LOSS, DEEP_RESIDUAL, DEEP),
                    compared(DoesNotRaise, LOSS, DEEP_RESIDUAL, SHALLOW),
                ),
                Control(
                    f"{DEPTHS[-1]} plain layers train worse than {DEPTHS[0]}",
                    compared(Raises, LOSS, DEEP, SHALLOW),
                    "more layers",
                ),
            ),
            # Of ImageNet, with more than 100 layers (He et al. 2015).
            source_size=Size(examples=1_280_000, steps=600_000),
        ),
    ),
    takeaway=Takeaway(
        of="d4-35",
        holds="With shortcuts depth does no harm",
        open="Whether shortcuts let 64 layers train as well as 4 stays open at this "
        "size",
        evidence="the training loss of 64 residual layers is {residual}, that of 64 "
        "plain layers {plain}, and that of 4 plain layers {shallow}.",
        numbers={
            "residual": Number(LOSS, arm(*DEEP_RESIDUAL), unit=""),
            "plain": Number(LOSS, arm(*DEEP), unit=""),
            "shallow": Number(LOSS, arm(*SHALLOW), unit=""),
        },
    ),
    data=mnist(train=10_000, validation=5_000),
    model=model,
    optimizer=optimizer,
    batch_size=100,
    steps=STEPS,
    evaluations=4,
    vary={"kind": (PLAIN, RESIDUAL), "depth": DEPTHS},
    tune={"learning_rate": (0.0001, 0.0003, 0.001, 0.003, 0.01)},
    replicates=5,
    extension=10,
    measures=(
        LossAt(STEPS),
        measures.TrainError(),
        measures.ValidationError(),
        measures.TestError(),
        Probe("share_at_start", share, when="start", label="F(x) to x at the start"),
        Probe("share_at_end", share, label="F(x) to x after training"),
        Change(),
    ),
    figures=(
        Curves(
            panels="depth",
            hue="kind",
            title="Training loss by the number of layers, each seed and their mean",
        ),
        *(
            Lines(each, x="depth", hue="kind", log="x", title=title)
            for each, title in TITLES.items()
        ),
    ),
    differences={
        "network": (
            "convolutional, of more than 100 layers, on ImageNet (He et al. 2015)",
            f"{DEPTHS[0]} to {DEPTHS[-1]} dense layers of {UNITS} units on MNIST, as "
            "many in both kinds; ReLU before each",
        ),
        "normalization": (
            "batch normalization in each block",
            "none: what a block adds starts at He's scale over the root of the depth",
        ),
        "d4-33: input plus F(x)": (
            "said in words",
            "exact, on the page of the blocks' formulas",
        ),
        "d4-33: towards 0": (
            "F(x) goes to 0",
            "training lowers the size of F(x) to x at every depth, and, where plain "
            f"networks learn, up to {DEPTHS[1]} layers, more so than that of a plain "
            "layer, whose output is F(x). That F(x) is small beside a plain layer's "
            "output after training is another reading, shown and not judged",
        ),
        "d4-35: learns effectively": (
            "said in words; ResNet-110 has 6.43 % on CIFAR-10 (reported, not re-read)",
            f"{DEPTHS[-1]} layers have a smaller training loss than as many plain "
            f"ones, and no larger one than {DEPTHS[0]} plain ones. Judged only where "
            "the many plain ones train worse than the few; each network at its own "
            "rate, of the same ones, by the validation error",
        ),
    },
    smoke={"vary": {"kind": (RESIDUAL,), "depth": (4,)}},
)
