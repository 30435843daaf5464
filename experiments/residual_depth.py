"""Plain, residual and PolyNet networks of up to 64 layers: which of them train."""

from dataclasses import dataclass

import keras
from keras import ops

from study.lab.data import mnist
from study.lab.declare.experiment import Claim, Experiment
from study.lab.declare.measures import LossAt, Measure, Probe, TestError, TrainError
from study.lab.figures import Curves, Trend
from study.lab.rules.verdicts import Greater, Less, Rate, Shape
from study.layers import PolyInception, Residual
from study.probes import gradient_norms

UNITS, DEPTHS = 64, (4, 16, 64)
SHALLOW, DEEP = DEPTHS[0], DEPTHS[-1]
STEPS = 300
PLAIN, RESIDUAL, POLY = "plain", "residual", "PolyNet"
FITS = 10  # percent of training examples predicted wrongly


@dataclass(frozen=True)
class Fits(TrainError):
    """1 if the training error is below 10 %, else 0."""

    name = "fits"
    label = f"trained to less than {FITS} % training error"
    unit = ""

    def read(self, history):
        return (TrainError.read(self, history) < FITS).astype(float)


@dataclass(frozen=True)
class Shrinks(Measure):
    """1 if the blocks' differences are a smaller share at the end than at the start."""

    name = "shrinks"
    label = "with smaller differences after training than before"

    def read(self, history):
        shares = history.probes
        return (shares["share_at_end"] < shares["share_at_start"]).astype(float)


def function(scale):
    """Return a block's F: ReLU, then a dense layer, by He's scale times `scale`."""
    initializer = keras.initializers.VarianceScaling(2 * scale, "fan_in", "normal")
    dense = keras.layers.Dense(UNITS, kernel_initializer=initializer)
    return [keras.layers.Activation("relu"), dense]


def blocks(kind, depth):
    """List the blocks that `depth` dense layers make.

    What is added to the inputs is scaled so that their variance grows little however
    many blocks there are.
    """
    if kind == PLAIN:
        return [layer for _ in range(depth) for layer in function(1)]
    scale = 1 / depth
    if kind == RESIDUAL:
        return [Residual(function(scale)) for _ in range(depth)]
    return [
        PolyInception("mpoly-2", function(scale), function(1))
        for _ in range(depth // 2)
    ]


def model(kind, depth):
    """Build a network of `depth` layers of 64 units between two others."""
    return keras.Sequential(
        [
            keras.Input((784,)),
            keras.layers.Dense(UNITS, kernel_initializer="he_normal"),
            *blocks(kind, depth),
            keras.layers.Activation("relu"),
            keras.layers.Dense(10, "softmax"),
        ]
    )


def optimizer():
    return keras.optimizers.Adam(0.001)


def first_to_last(model, x, y):
    """Return how the first kernel's gradient compares with the last's, log10."""
    norms = [*gradient_norms(model, "sparse_categorical_crossentropy", x, y).values()]
    return ops.log10(norms[0] / norms[-1])


def residual(model, x):
    """List the residual blocks, each with its inputs."""
    if not any(isinstance(each, Residual) for each in model.layers):
        return []  # sooner than to compile what nobody reads
    found = []
    for layer in model.layers:
        if isinstance(layer, Residual):
            found.append((layer, x))
        x = layer(x)
    return found


def share(model, x, y):
    """Return the mean size of F(x) to that of x over the residual blocks, or 0."""
    shares = [
        ops.norm(each.block(inputs)) / ops.norm(inputs)
        for each, inputs in residual(model, x)
    ]
    return ops.mean(ops.stack(shares)) if shares else ops.sum(x) * 0


def sums(model, x, y):
    """Return 1 if every residual block outputs x + F(x), else 0."""
    right = [ops.convert_to_tensor(True)]
    for each, inputs in residual(model, x):
        after = each(inputs)
        off = ops.max(ops.abs(after - (inputs + each.block(inputs))))
        right.append(off <= 1e-5 * ops.max(ops.abs(after)))
    return ops.cast(ops.all(ops.stack(right)), "float32")


def arm(kind, depth):
    return {"kind": kind, "depth": depth}


LOSS = f"loss_at_{STEPS}"

EXPERIMENT = Experiment(
    title="Residual networks: depth",
    about=(Residual, PolyInception),
    claims=(
        Claim(
            "d4-33",
            verdict=Shape(
                Rate(measure="sums", arm=arm(RESIDUAL, 16), above=0.5),
                Rate(measure="shrinks", arm=arm(RESIDUAL, 16), above=0.5),
            ),
        ),
        Claim(
            "d4-35",
            verdict=Shape(
                Greater(measure=LOSS, arm=arm(PLAIN, DEEP), than=arm(PLAIN, SHALLOW)),
                Less(measure=LOSS, arm=arm(RESIDUAL, DEEP), than=arm(PLAIN, DEEP)),
                Rate(measure="fits", arm=arm(RESIDUAL, DEEP), above=0.5),
            ),
            scaled=f"{DEEP} dense layers on MNIST, {STEPS} steps, in place of more "
            "than 100 convolutional ones on ImageNet",
        ),
    ),
    data=mnist(train=10_000),
    model=model,
    optimizer=optimizer,
    batch_size=100,
    steps=STEPS,
    evaluations=4,
    vary={"kind": (PLAIN, RESIDUAL, POLY), "depth": DEPTHS},
    measures=(
        LossAt(STEPS),
        TrainError(),
        TestError(),
        Fits(),
        Probe(
            "first_to_last",
            first_to_last,
            when="start",
            examples=100,
            unit="decades",
            label="log10 of the first layer's gradient to the last's, at the start",
        ),
        Probe(
            "share_at_start",
            share,
            when="start",
            label="size of F(x) to x at the start, residual blocks",
        ),
        Probe(
            "share_at_end",
            share,
            label="size of F(x) to x after training, residual blocks",
        ),
        Shrinks(),
        Probe("sums", sums, label="whose residual blocks output x + F(x)"),
    ),
    figures=(
        Curves(
            panels="depth",
            hue="kind",
            title="Training loss by the number of layers, each seed and their mean",
        ),
        Trend(
            LOSS,
            x="depth",
            hue="kind",
            log=True,
            title="Training loss after 300 steps by the number of layers",
        ),
        Trend(
            "first_to_last",
            x="depth",
            hue="kind",
            log=True,
            title="The first layer's gradient against the last's at the start, by the "
            "number of layers",
        ),
    ),
    differences=(
        (
            "network",
            "convolutional, of more than 100 layers, on ImageNet (He et al. 2015)",
            f"{SHALLOW} to {DEEP} dense layers of {UNITS} units on MNIST, as many in "
            "all kinds; ReLU before each",
        ),
        (
            "normalization",
            "batch normalization in each block",
            "none: what a block adds starts at He's scale over the root of the depth",
        ),
        (
            "d4-33: towards 0",
            "F(x) goes to 0",
            "the size of F(x) to x, mean over the blocks, is smaller after training "
            "than before, at 16 layers, in more than half of all seeds",
        ),
        (
            "d4-35: learns effectively",
            "said in words; ResNet-110 has 6.43 % on CIFAR-10 (reported, not re-read)",
            f"{DEEP} layers fit the training set better than plain ones, which fit it "
            "worse than 4 do, and to less than 10 % error",
        ),
    ),
    smoke={
        "data": mnist(train=2_000),
        "steps": 30,
        "replicates": 2,
        "vary": {"kind": (RESIDUAL,), "depth": (4,)},
        "measures": (
            TrainError(),
            Probe("share_at_start", share, when="start"),
            Probe("share_at_end", share),
            Shrinks(),
        ),
        "claims": (),
        "figures": (Curves(hue="depth"),),
    },
)
