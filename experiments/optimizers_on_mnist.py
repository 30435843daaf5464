"""Four optimizers on MNIST at the learning rates of the source."""

from study.initializers import He
from study.lab.data import mnist
from study.lab.declare.finding import Claim, Experiment, Number, Size, Takeaway
from study.lab.declare.measures import LossAt, MeanLoss, TestError
from study.lab.declare.models import mlp
from study.lab.figures import Curves, Points
from study.lab.rules.verdicts import Each, Raises
from study.optimizers import SGD, AdaGrad, Adam, Momentum

METHODS = {
    "SGD, 0.01": (SGD, 0.01),
    "Momentum, 0.01": (Momentum, 0.01),
    "AdaGrad, 0.01": (AdaGrad, 0.01),
    "Adam, 0.001": (Adam, 0.001),
}


def model(shape, classes):
    return mlp(shape, (100, 100, 100, 100), classes, kernel_initializer=He())


def optimizer(method):
    kind, learning_rate = method
    return kind(learning_rate)


def arm(method):
    return {"method": method}


SLOWEST, *OTHERS = METHODS

EXPERIMENT = Experiment(
    title="Optimizers on MNIST",
    about=(SGD, Momentum, AdaGrad, Adam),
    claims=(
        Claim(
            "d3-07",
            Each(
                *(
                    Raises(measure="mean_loss", arm=arm(SLOWEST), than=arm(other))
                    for other in OTHERS
                )
            ),
            source_size=Size(examples=60_000, steps=2_000),
        ),
    ),
    takeaway=Takeaway(
        holds="Side by side the optimizers differ",
        depends="Plain SGD lags behind {where}.",
        fails="Side by side plain SGD does not lag behind",
        open="Whether plain SGD lags behind stays open",
        evidence="over 2,000 steps on MNIST the mean training loss is {sgd} with SGD, "
        "{momentum} with momentum, {adagrad} with AdaGrad and {adam} with Adam.",
        numbers={
            each.partition(",")[0].lower(): Number("mean_loss", arm(each), unit="")
            for each in METHODS
        },
    ),
    data=mnist(),
    model=model,
    optimizer=optimizer,
    batch_size=128,
    replacement=True,
    steps=2_000,
    vary={"method": METHODS},
    measures=(LossAt(200), LossAt(2_000), MeanLoss(), TestError()),
    figures=(
        Curves(hue="method", title="Training loss of each seed and their mean"),
        Points("mean_loss", rows="method"),
        Points("loss_at_2000", rows="method"),
        Points("test_error", rows="method"),
    ),
    differences={
        "differ visibly (d3-07)": (
            "a plot of four curves; SGD is the slowest (Saito 2016, figure 6-9, "
            "reported, not re-read)",
            "SGD's training loss, the mean of all 2,000 steps, is larger than that of "
            "each of the three others, at the source's learning rates",
        ),
        "learning rates": (
            "0.01 for SGD, momentum and AdaGrad, 0.001 for Adam",
            "the same; each optimizer at its best stands on a page of its own",
        ),
        "seeds": ("one, not set", "10 paired ones"),
    },
)
