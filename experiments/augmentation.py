"""Shifted, rotated and bent copies of few images, beside four times as many images."""

import math

import keras
import numpy as np

from study.augmentation import RandomElasticDistortion
from study.lab.data import mnist
from study.lab.declare.controls import MEASURES, Controlled, overfits
from study.lab.declare.finding import Claim, Experiment, Number, Size, Takeaway
from study.lab.declare.models import mlp
from study.lab.figures import Lines
from study.lab.rules.verdicts import Each, Lowers

FEW, MORE, ALL = 500, 2_000, 50_000
PIXELS, DEGREES = 2, 10
CHUNK = 500  # images changed in one call
TITLES = {
    "test_error": "Test error by the number of training images",
    "test_loss": "Test loss by the number of training images",
}


def model(shape, classes):
    """Build 784-128-128-10, on MNIST."""
    return mlp(shape, (128, 128), classes, kernel_initializer="he_normal")


def optimizer():
    return keras.optimizers.Adam(0.001)


def changed(layer, x):
    """Return flat square images as a layer changes them while training."""
    side = math.isqrt(np.shape(x)[1])
    images = np.reshape(x, (-1, side, side, 1))
    parts = [
        np.asarray(layer(images[start : start + CHUNK], training=True))
        for start in range(0, len(images), CHUNK)
    ]
    return np.concatenate(parts).reshape(np.shape(x))


def shift(x, seed):
    """Move images by up to two pixels along each axis."""
    share = PIXELS / 28
    layer = keras.layers.RandomTranslation(
        share, share, fill_mode="constant", seed=seed
    )
    return changed(layer, x)


def rotation(x, seed):
    """Turn images by up to ten degrees either way."""
    layer = keras.layers.RandomRotation(DEGREES / 360, fill_mode="constant", seed=seed)
    return changed(layer, x)


def elastic(x, seed):
    """Bend images by smooth displacements of some 1.4 pixels."""
    return changed(RandomElasticDistortion(seed=seed), x)


AUGMENTATIONS = {"none": None, "shift": shift, "rotation": rotation, "elastic": elastic}
PLAIN, *CHANGED = AUGMENTATIONS
DRAFT = {PLAIN: None, "elastic": elastic}


def arm(augmentation, train=FEW):
    return {"augmentation": augmentation, "train": train}


def cured(*pairs):
    """Demand fewer mistakes and less loss of each arm, than, where few overfit."""
    lower = (Lowers(measure=x, arm=a, than=b) for a, b in pairs for x in TITLES)
    verdict = Controlled(Each(*lower), overfits(arm(PLAIN), f"on {FEW} images"))
    return (Claim("d1-15", verdict=verdict, source_size=Size(examples=60_000)),)


def takeaway(more, **others):
    """Tell what copies of few images do, and what more images do."""
    arms = {each: arm(each) for each in AUGMENTATIONS} | {"more": arm("none", more)}
    return Takeaway(
        holds="Changed copies of images cure overfitting as more images do",
        **others,
        open="Whether changed copies cure overfitting stays open",
        evidence=f"with {FEW} images the test error is {{none}}, with shifted copies "
        "of them {shift}, with rotated ones {rotation}, with elastic ones {elastic}, "
        f"and with {more:,} images {{more}}.",
        numbers={name: Number("test_error", each) for name, each in arms.items()},
    )


EXPERIMENT = Experiment(
    title="Data augmentation",
    about=(RandomElasticDistortion,),
    claims=cured(
        *((each, arm(PLAIN)) for each in (arm(PLAIN, MORE), *map(arm, CHANGED)))
    ),
    takeaway=takeaway(MORE),
    data=mnist(train=MORE, validation=1_000),
    model=model,
    optimizer=optimizer,
    batch_size=100,
    steps=1_200,
    evaluations=20,
    watch=("validation",),
    vary={"augmentation": AUGMENTATIONS, "train": (FEW, MORE)},
    measures=MEASURES,
    figures=tuple(
        Lines(measure, x="train", hue="augmentation", log="x", title=title)
        for measure, title in TITLES.items()
    ),
    differences={
        "how much it helps": (
            "Simard, Steinkraus and Platt 2003, one layer of 800 units, all images: "
            "1.6 % without, 0.7 % with elastic distortions (reported, not re-read)",
            f"two layers of 128, {FEW} and {MORE:,} images, at the profile paper {FEW} "
            f"and {ALL:,}; a tenth of the error or the loss is the least that counts",
        ),
        "new images": (
            "drawn without end",
            "eight changed copies of each image, one an epoch in turn",
        ),
        "training": (
            "until it has converged",
            "1,200 steps, 30,000 at the profile paper",
        ),
        "big data": (
            "gathered",
            f"{MORE:,} images in place of {FEW}, or {ALL:,}, trained for as many steps",
        ),
    },
    smoke={"vary": {"augmentation": DRAFT, "train": (FEW, MORE)}},
    paper={
        "data": mnist(train=ALL, validation=10_000),
        "steps": 30_000,
        "vary": {"augmentation": AUGMENTATIONS, "train": (FEW, ALL)},
        "claims": cured(
            (arm(PLAIN, ALL), arm(PLAIN)), (arm("elastic", ALL), arm(PLAIN, ALL))
        ),
        "takeaway": takeaway(
            ALL,
            depends="Changed copies of images cure overfitting {where}",
            fails="Changed copies of images do not cure overfitting",
        ),
    },
)
