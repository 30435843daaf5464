"""Weight penalties, sparsity, max-norm and dropout on one network, each at its best."""

import keras

from study.constraints import MaxNorm
from study.initializers import He
from study.lab.declare.bounds import Bound
from study.lab.declare.controls import MEASURES, Controlled, overfits
from study.lab.declare.finding import Anchor, Claim, Experiment, Number, Takeaway
from study.lab.declare.wide import BASE, MNIST, PAPER
from study.lab.figures import Learning, Points
from study.lab.rules.verdicts import Each, Lowers
from study.layers import Dropout
from study.regularizers import L1L2, KLSparsity

TARGET = 0.1
RATES = (0.05, 0.1, 0.25, 0.5)
# What is tried for each, with each of the learning rates: strengths, and rates
# between them where there is nothing to strengthen.
REGULARIZERS = {
    "none": [{"rate": each} for each in (0.8, 1.0, 1.25)],
    "L2": [{"l2": each} for each in (3e-4, 1e-3, 3e-3)],
    "L1": [{"l1": each} for each in (0.0, 1e-6, 3e-6)],
    "KL sparsity": [{"sparsity": each} for each in (0.0, 1e-3, 3e-3)],
    "max-norm": [{"max_norm": each} for each in (1.0, 1.5, 2.0)],
    "dropout": [{"dropped": each} for each in (0.1, 0.2, 0.35)],
}
# What there was before dropout.
FORMER = ("L2", "L1", "KL sparsity", "max-norm")
NONE_AT_ALL = "it is strength 0: at its best this penalty is none at all"
NEXT_RATE = "the next learning rate goes on where these three end"
TABLE_9 = {"L2": 1.62, "max-norm": 1.35}


def network(settings, hidden, shape, classes):
    """Build a network with what is set; rates of 0 keep all networks alike."""
    bound, sparsity = settings.get("max_norm"), settings.get("sparsity")

    def dense(units, activation, **options):
        return keras.layers.Dense(
            units,
            activation,
            kernel_initializer=He(),
            kernel_regularizer=L1L2(settings.get("l1", 0.0), settings.get("l2", 0.0)),
            kernel_constraint=MaxNorm(bound) if bound else None,
            **options,
        )

    layers = [keras.Input(shape)]
    for units in hidden:
        few = KLSparsity(TARGET, sparsity) if sparsity else None
        layers.append(dense(units, "relu", activity_regularizer=few))
        layers.append(Dropout(settings.get("dropped", 0.0)))
    return keras.Sequential([*layers, dense(classes, "softmax")])


def model(regularizer, strength, shape, classes):
    return network(regularizer[strength - 1], (512, 512), shape, classes)


def optimizer(regularizer, strength, learning_rate):
    # The slope of the KL penalty has no bound where a unit's mean comes close to 1.
    longest = 1.0 if "sparsity" in regularizer[0] else None
    rate = learning_rate * regularizer[strength - 1].get("rate", 1.0)
    return keras.optimizers.SGD(rate, momentum=0.9, global_clipnorm=longest)


def arm(regularizer):
    return {"regularizer": regularizer}


def tried(regularizer, setting):
    return ", ".join(f"{each[setting]:g}" for each in REGULARIZERS[regularizer])


EXPERIMENT = Experiment(
    **BASE
    | {
        "model": model,
        "optimizer": optimizer,
        "tune": {"learning_rate": RATES, "strength": (1, 2, 3)},
        "replicates": 10,
        "extension": 10,
    },
    title="Regularizers compared",
    about=(Dropout, L1L2, KLSparsity, MaxNorm),
    claims=(
        Claim(
            "d0-35",
            verdict=Controlled(
                Each(
                    *(
                        Lowers(measure="test_error", arm=arm("dropout"), than=arm(each))
                        for each in FORMER
                    )
                ),
                overfits(arm("none"), "without any of them"),
            ),
            source_size=MNIST,
        ),
    ),
    takeaway=Takeaway(
        holds="Dropout beats what there was before",
        open="Whether dropout beats what there was before stays open",
        evidence="its test error is {dropout}, that of weight decay {l2}, of an L1 "
        "penalty {l1}, of a sparsity penalty {kl} and of max-norm {max}. Without any "
        "of them it is {none}.",
        numbers={
            name: Number("test_error", arm(regularizer))
            for name, regularizer in zip(
                ("none", "l2", "l1", "kl", "max", "dropout"), REGULARIZERS, strict=True
            )
        },
    ),
    vary={"regularizer": REGULARIZERS},
    bounds=tuple(
        Bound(tuned="strength", label=label, because=because, arm=arm(each))
        for each, label, because in (
            ("L1", 1, NONE_AT_ALL),
            ("KL sparsity", 1, NONE_AT_ALL),
            ("none", 1, NEXT_RATE),
            ("none", 3, NEXT_RATE),
        )
    ),
    measures=MEASURES,
    figures=(
        Points("test_error", rows="regularizer"),
        Points("test_loss", rows="regularizer"),
        Points("train_error", rows="regularizer"),
        Learning(
            panels="regularizer",
            title="Validation error while training",
        ),
    ),
    anchors=tuple(
        Anchor(
            source="Srivastava et al. 2014, table 9: 784-1024-1024-2048-10, all images",
            measure="test_error",
            arm=arm(regularizer),
            value=value,
            read=True,
        )
        for regularizer, value in TABLE_9.items()
    ),
    differences={
        "d0-35: better results": (
            "lower test errors (Srivastava, table 9)",
            "dropout makes fewer mistakes on the test set than each of "
            f"{', '.join(FORMER)}, at its best; it is asked of each by itself",
        ),
        "network": ("784-1024-1024-2048-10 (Srivastava, table 9)", "784-512-512-10"),
        "images": (
            "50,000 and 10,000 to tune on",
            "2,000 and 1,000 to tune on; at the profile paper 10,000 and 10,000",
        ),
        "strengths": (
            "not given, tuned on 10,000 images",
            "the best of three for each on validation images, numbered 1 to 3, around "
            "the best of wider grids on earlier seeds, with each of four learning "
            f"rates: L2 {tried('L2', 'l2')}; L1 "
            f"{tried('L1', 'l1')}; KL sparsity {tried('KL sparsity', 'sparsity')}; "
            f"max-norm {tried('max-norm', 'max_norm')}; dropout "
            f"{tried('dropout', 'dropped')} dropped. Without any of them each rate "
            f"times {tried('none', 'rate')}",
        ),
        "learning rate": (
            "decayed, momentum 0.95 to 0.99",
            f"the best of {', '.join(f'{each:g}' for each in RATES)} for each on "
            "validation images, with its strength; momentum 0.9",
        ),
        "L1": ("beside L2, late in training", "alone, all the time"),
        "KL sparsity": (
            "beside L2, target not given",
            f"alone, mean activations pulled to {TARGET:g}; a mean above 1 counts as "
            "1. Gradients are cut to a norm of 1 for it alone: without that some "
            "networks die",
        ),
        "dropout": (
            "beside L2 or max-norm, inputs dropped too",
            "alone; inputs are not dropped",
        ),
    },
    paper=PAPER,
)
