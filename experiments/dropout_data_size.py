"""More images lower loss and error, and what dropout adds to them."""

from itertools import pairwise

from study.lab.declare.controls import MEASURES, overfits
from study.lab.declare.experiment import Claim, Experiment
from study.lab.declare.takeaway import Number, Takeaway
from study.lab.declare.wide import ALL, BASE, DRAFT, HALF, MNIST, PAPER, large
from study.lab.figures import Learning, Lines
from study.lab.rules.verdicts import Controlled, DoesNotLower, Each, Lowers
from study.layers import Dropout

SIZES = FEW, MEDIUM, MANY = 100, 500, 2_000
PAPER_SIZES = (100, 500, 1_000, 5_000, 10_000, 50_000)
KEPT = {"all": ALL, "half": HALF}
RATES = (0.02, 0.05, 0.1, 0.25, 0.5)
UPDATES = 1_200
SOURCE = "Srivastava and others 2014, figure 10"


def arm(train, kept):
    return {"train": train, "kept": kept}


def rises(train):
    """Demand that so few images are overfitted without dropout."""
    what = f"on {train:,} images with all units kept"
    return overfits(arm(train, "all"), what, "more updates")


def more_images(sizes, kept):
    """Each size without dropout beside the size before it, of which so much is kept."""
    return Controlled(
        Each(
            *(
                Lowers(measure=measure, arm=arm(more, "all"), than=arm(less, kept))
                for measure in ("test_loss", "test_error")
                for less, more in pairwise(sizes)
            )
        ),
        *map(rises, sizes[:-1]),
    )


def claims(few, medium, many):
    """Judge by three sizes, the middle one of which is a medium to large set."""
    dropped = {
        size: {"arm": arm(size, "half"), "than": arm(size, "all")}
        for size in (medium, many)
    }
    return (
        Claim(
            "d0-34",
            verdict=Controlled(
                Each(
                    Lowers(measure="test_error", **dropped[medium]),
                    DoesNotLower(measure="test_error", **dropped[many]),
                ),
                rises(medium),
            ),
            source_size=MNIST,
        ),
        Claim("d1-14", verdict=more_images((few, medium, many), "half")),
        Claim("d4-21", verdict=more_images((few, medium, many), "all")),
    )


def by_images(measure, title):
    return Lines(measure, x="train", hue="kept", log="x", title=title)


EXPERIMENT = Experiment(
    **BASE | {"epochs": None, "steps": UPDATES, "tune": {"learning_rate": RATES}},
    title="Dropout and the number of images",
    about=(Dropout,),
    claims=claims(*SIZES),
    takeaway=Takeaway(
        of="d4-21",
        holds="More images are a cure for overfitting: each larger set has a lower "
        "loss and error. From 100 images to 500 the test error goes from {few} to "
        "{medium}, and with half of the units kept from {few_half} to {medium_half}.",
        depends="More images are a cure for overfitting only in part: {where}. From "
        "100 images to 500 the test error goes from {few} to {medium}, and with half "
        "of the units kept from {few_half} to {medium_half}.",
        fails="More images are no cure for overfitting, or hardly: from 100 images to "
        "500 the test error goes from {few} to {medium}, and with half of the units "
        "kept from {few_half} to {medium_half}.",
        open="Not every step to more images is sure here to lower loss and error both, "
        "or shown to start from overfitting: from 100 to 500 the test error goes from "
        "{few} to {medium}, and with half of the units kept from {few_half} to "
        "{medium_half}.",
        numbers={
            f"{name}{suffix}": Number("test_error", arm(train, kept))
            for name, train in (("few", FEW), ("medium", MEDIUM))
            for suffix, kept in (("", "all"), ("_half", "half"))
        },
    ),
    vary={"train": SIZES, "kept": KEPT},
    measures=MEASURES,
    figures=(
        by_images("test_error", "Test error by the number of training images"),
        by_images("test_loss", "Test loss by the number of training images"),
        by_images("rise", "Rise of the validation loss"),
        *(
            Learning(
                panels="train",
                where={"kept": each},
                title=f"Validation error while training, kept: {each}",
            )
            for each in KEPT
        ),
    ),
    differences={
        "d0-34: shines, and brings little": (
            "no gain at 100 and 500 images, the largest between, less at 50,000 "
            f"({SOURCE}, reported and not re-read)",
            f"fewer mistakes on the test set with dropout at {MEDIUM:,} images, and at "
            f"{MANY:,} no fewer, where the source has no gain at the smaller one; at "
            "the profile paper at 5,000 and at 50,000, which alone can bear it out",
        ),
        "d1-14: simpler than any other": (
            "said in words",
            "the next larger set, with nothing but its learning rate chosen again, has "
            "a lower loss and fewer mistakes than dropout has on the smaller one; what "
            "gathering images costs is not counted",
        ),
        "d4-21: a cure": (
            "said in words",
            "each step to a larger set lowers loss and error on the test set; where "
            "the smaller set of one step does not overfit, none is judged. More sizes "
            "stand on the page overfitting_on_few_images",
        ),
        "network": (
            "784-1024-1024-2048-10, a fifth of the inputs dropped too (Srivastava)",
            "784-512-512-10, inputs are not dropped",
        ),
        "updates": (
            "until the error no longer falls",
            f"{UPDATES:,} of 100 images for every number of images; each network has "
            "chosen its rate among as many",
        ),
    },
    smoke=DRAFT
    | {"epochs": None, "steps": 20, "vary": {"train": (FEW, MEDIUM), "kept": KEPT}},
    paper=PAPER
    | {
        "epochs": None,
        "steps": 20_000,
        "replicates": 3,
        "vary": {"train": PAPER_SIZES, "kept": large(KEPT, inputs=0.8)},
        "claims": claims(500, 5_000, 50_000),
    },
)
