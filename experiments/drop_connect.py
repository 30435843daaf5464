"""DropConnect against dropout and neither, with ReLU, sigmoid and tanh units."""

import keras
from keras import ops

from study.lab.data import mnist
from study.lab.declare.experiment import Anchor, Claim, Experiment
from study.lab.declare.measures import Gap, Probe, TestError, TrainError
from study.lab.figures import Dots
from study.lab.rules.verdicts import Less, Shape
from study.layers import DropConnect, Dropout

UNITS, SAMPLES, EXAMPLES = 256, 20, 1_000
# Each method with the share of units and of weights dropped.
METHODS = {"none": (0.0, None), "dropout": (0.5, None), "DropConnect": (0.0, 0.5)}
# Each activation with its learning rate: sigmoid units have smaller slopes.
ACTIVATIONS = {
    "ReLU": ("relu", 0.05),
    "sigmoid": ("sigmoid", 0.2),
    "tanh": ("tanh", 0.05),
}
WAN = {
    "ReLU": (1.62, 1.28, 1.20),
    "sigmoid": (1.78, 1.38, 1.55),
    "tanh": (1.65, 1.58, 1.36),
}


def model(method, activation):
    """Build 784-256-256-10."""
    units_dropped, weights_dropped = method
    function, _ = activation
    layers = [keras.Input((784,))]
    for _ in range(2):
        layers += hidden(function, units_dropped, weights_dropped)
    output = keras.layers.Dense(10, "softmax", kernel_initializer=weights())
    return keras.Sequential([*layers, output])


def hidden(function, units_dropped, weights_dropped):
    if weights_dropped is None:
        dense = keras.layers.Dense(UNITS, function, kernel_initializer=weights())
        return [dense, Dropout(units_dropped)]
    return [
        DropConnect(
            UNITS,
            weights_dropped,
            function,
            mask="batch",
            samples=SAMPLES,
            kernel_initializer=weights(),
        )
    ]


def weights():
    return keras.initializers.RandomNormal(0.0, 0.1)


def optimizer(activation):
    return keras.optimizers.SGD(activation[1], momentum=0.9)


def error(model, x, y, inference):
    """Return the percentage predicted wrongly by an inference of DropConnect."""
    layers = [each for each in model.layers if isinstance(each, DropConnect)]
    for each in layers:
        each.inference = inference
    found = ops.argmax(model(x, training=False), axis=-1)
    for each in layers:
        each.inference = "mean"
    wrong = ops.not_equal(found, ops.cast(y, found.dtype))
    return 100 * ops.mean(ops.cast(wrong, "float32"))


def by_mean(model, x, y):
    return error(model, x, y, "mean")


def by_gaussian(model, x, y):
    return error(model, x, y, "gaussian")


def arm(method, activation):
    return {"method": method, "activation": activation}


def inference_probe(name, function, label):
    return Probe(
        name, function, on="validation", examples=EXAMPLES, unit="%", label=label
    )


EXPERIMENT = Experiment(
    title="DropConnect and dropout",
    about=(DropConnect, Dropout),
    claims=(
        Claim(
            "d1-17",
            verdict=Shape(
                *(
                    Less(
                        measure="test_error",
                        arm=arm("dropout", each),
                        than=arm("none", each),
                    )
                    for each in ACTIVATIONS
                )
            ),
            scaled="2,000 images, layers of 256 and 320 steps, where the source has "
            "all images and layers of 800",
        ),
    ),
    data=mnist(train=2_000, validation=EXAMPLES),
    model=model,
    optimizer=optimizer,
    batch_size=50,
    epochs=8,
    vary={"method": METHODS, "activation": ACTIVATIONS},
    measures=(
        TestError(),
        TrainError(),
        Gap(),
        inference_probe(
            "mean", by_mean, f"validation error of {EXAMPLES:,} images, mean inference"
        ),
        inference_probe(
            "gaussian",
            by_gaussian,
            f"validation error of {EXAMPLES:,} images, Gaussian inference",
        ),
    ),
    figures=(
        Dots(
            "test_error",
            rows="method",
            panels="activation",
            title="Test error of all 10,000 images",
        ),
        Dots(
            "gap",
            rows="method",
            panels="activation",
            title="Test error minus training error",
        ),
    ),
    anchors=tuple(
        Anchor(
            source="Wan et al. 2013: 784-800-800-10, all images, no augmentation",
            measure="test_error",
            arm=arm(method, activation),
            value=value,
            read=False,
        )
        for activation, values in WAN.items()
        for method, value in zip(METHODS, values, strict=True)
    ),
    differences=(
        (
            "the question",
            "the lecture only names DropConnect",
            "does dropping weights do what dropping units does, for three activations, "
            "and does the paper's Gaussian inference do better than the mean?",
        ),
        (
            "d1-17: very good results",
            "said in words, with its popularity, which no run can show",
            "a tenth less test error than without, for each of three activations",
        ),
        ("network", "784-800-800-10, all images (Wan)", "784-256-256-10, 2,000 images"),
        ("masks of weights", "one for each example", "one for each batch of 50"),
        (
            "Gaussian inference",
            "1,000 samples a unit",
            f"{SAMPLES} samples a unit; without DropConnect the two are one",
        ),
        (
            "learning rate",
            "0.1 with momentum 0.9",
            "0.05, for sigmoid 0.2, with momentum 0.9",
        ),
    ),
    smoke={
        "data": mnist(train=500, validation=EXAMPLES),
        "epochs": 4,
        "evaluations": 1,
        "replicates": 2,
        "vary": {
            "method": {each: METHODS[each] for each in ("dropout", "DropConnect")},
            "activation": {"ReLU": ACTIVATIONS["ReLU"]},
        },
        "claims": (),
        "anchors": (),
    },
    paper={
        "data": mnist(train=59_000, validation=EXAMPLES),
        "epochs": 100,
        "batch_size": 128,
    },
)
