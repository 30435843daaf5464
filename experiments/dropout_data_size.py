"""More images lower loss and error, and what dropout adds to them."""

from itertools import pairwise

from study.lab.data import mnist
from study.lab.declare.controls import MEASURES, Controlled, overfits
from study.lab.declare.finding import Claim, Experiment, Number, Size, Takeaway
from study.lab.declare.wide import BASE, DRAFT, HALF, KEPT, MNIST, SOURCE
from study.lab.figures import Learning, Lines
from study.lab.rules.verdicts import DoesNotLower, Each, Lowers
from study.layers import Dropout

SIZES = FEW, MEDIUM, MANY = 100, 500, 2_000
PAPER_SIZES = (100, 500, 1_000, 5_000, 10_000, 50_000)
PAPER_KEPT = {
    "all": {"hidden": SOURCE},
    "half": HALF | {"hidden": SOURCE, "inputs": 0.8},
}
RATES = (0.02, 0.05, 0.1, 0.25, 0.5)
UPDATES = 1_200
FIGURE = "Srivastava and others 2014, figure 10"


def arm(train, kept):
    return {"train": train, "kept": kept}


def rises(train):
    """Demand that so few images are overfitted without dropout."""
    what = f"on {train:,} images with all units kept"
    return overfits(arm(train, "all"), what, "more updates")


def claims(few, medium, many):
    """Judge by three sizes, the middle one of which is a medium to large set."""
    dropped = {
        size: {"arm": arm(size, "half"), "than": arm(size, "all")}
        for size in (medium, many)
    }
    more_images = (
        Lowers(measure=measure, arm=arm(more, "all"), than=arm(less, "half"))
        for measure in ("test_loss", "test_error")
        for less, more in pairwise((few, medium, many))
    )
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
        Claim(
            "d1-14",
            verdict=Controlled(Each(*more_images), rises(few), rises(medium)),
        ),
    )


def by_images(measure, title):
    return Lines(measure, x="train", hue="kept", log="x", title=title)


EXPERIMENT = Experiment(
    **BASE
    | {"epochs": None, "steps": UPDATES, "tune": {"learning_rate": RATES}}
    | {"replicates": 10, "extension": 20},
    title="Dropout and the number of images",
    about=(Dropout,),
    claims=claims(*SIZES),
    takeaway=Takeaway(
        of="d1-14",
        holds="More images do better than dropout",
        depends="More images do better than dropout only in part: {where}.",
        fails="More images do no better than dropout",
        open="Whether more images do better than dropout stays open",
        evidence="on 100 the test error is {dropout} with half of the units kept and "
        "{few} with all, on 500 with all {more}.",
        numbers={
            "dropout": Number("test_error", arm(FEW, "half")),
            "few": Number("test_error", arm(FEW, "all")),
            "more": Number("test_error", arm(MEDIUM, "all")),
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
            f"({FIGURE}, reported and not re-read)",
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
        "d4-21, judged here before": (
            "more images are a cure",
            "it has a page of its own now, overfitting_on_few_images, with fresh "
            "seeds. The other two are judged by the seeds that were seen with it, in "
            "intervals for two claims in place of three; neither word moved by that",
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
    paper={
        "data": mnist(train=50_000, validation=10_000),
        "steps": 20_000,
        "replicates": 3,
        "vary": {"train": PAPER_SIZES, "kept": PAPER_KEPT},
        "claims": claims(500, 5_000, 50_000),
        "size": Size(units=sum(SOURCE)),
    },
)
