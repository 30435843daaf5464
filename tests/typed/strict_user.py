# pyright: strict
"""A user's program under strict types: every public component, called as documented."""

from typing import Any

import numpy as np
import numpy.typing as npt

from study.activations import (
    Configured,
    elu,
    leaky_relu,
    log_sigmoid,
    mish,
    relu,
    sigmoid,
    sinc,
    softmax,
    softplus,
    softsign,
    step,
    swish,
    tanh,
)
from study.augmentation import RandomElasticDistortion
from study.callbacks import (
    ActivationStatistics,
    DeadUnits,
    EarlyStopping,
    GradientNorms,
    LearningRateRecord,
    RenewMasks,
    WeightNorms,
)
from study.constraints import MaxNorm, ProximalL1
from study.datasets import Reshuffled
from study.gradients import gradient, gradients, hessian, value
from study.initializers import Glorot, He, Normal, Xavier
from study.layers import (
    BatchNormalization,
    DropConnect,
    Dropout,
    FastForward,
    Maxout,
    PolyInception,
    Residual,
    SimpleRecurrent,
    SplitAndMerge,
    StochasticPooling2D,
)
from study.losses import HalfSquaredError
from study.optimizers import (
    SGD,
    AdaDelta,
    AdaGrad,
    Adam,
    Momentum,
    Nadam,
    Nesterov,
    RMSProp,
    differing_defaults,
    keras_defaults,
    newton,
)
from study.pretraining import RBM, lsuv, pretrain, warm_start
from study.probes import (
    activation_histograms,
    activation_statistics,
    activations,
    active_share,
    dead_units,
    gradient_histograms,
    gradient_norms,
    histogram_edges,
    weight_norms,
)
from study.regularizers import L1, L1L2, L2, KLSparsity
from study.schedules import (
    LambdaLR,
    LinearDecay,
    MultiplicativeLR,
    ReciprocalDecay,
    StepLR,
)

Floats = npt.NDArray[np.float32]


def activated(x: Floats) -> list[Any]:
    plain = (elu, leaky_relu, log_sigmoid, mish, relu, sigmoid, sinc, softmax)
    more = (softplus, softsign, step, swish, tanh, Configured(elu, alpha=0.5))
    return [function(x) for function in (*plain, *more)]


def layers(block: Any) -> list[Any]:
    return [
        BatchNormalization(momentum=0.9),
        DropConnect(8, 0.5, activation="relu", kernel_regularizer=L1(0.01)),
        Dropout(0.5, mask="batch", seed=1),
        FastForward(block),
        Maxout(8, pieces=3, kernel_initializer=He(seed=1)),
        PolyInception("poly", block),
        RandomElasticDistortion(alpha=20.0, seed=1),
        Residual(block),
        SimpleRecurrent(8, kernel_constraint=MaxNorm(2.0)),
        SplitAndMerge([block, block], merge="add"),
        StochasticPooling2D(2, padding="same"),
    ]


def callbacks(x: Floats, y: Floats) -> list[Any]:
    return [
        ActivationStatistics(x, bins=10, range=(0.0, 1.0)),
        DeadUnits(x, log_dir="logs"),
        EarlyStopping("val_loss", patience=3),
        GradientNorms(x, y, every=2),
        LearningRateRecord(),
        RenewMasks(),
        WeightNorms(),
    ]


def optimizers() -> list[Any]:
    schedules = (
        LambdaLR(0.1, abs, 10, epochs=3),
        LinearDecay(0.1, 0.01, 5, 10),
        MultiplicativeLR(0.1, abs, 10, epochs=3),
        ReciprocalDecay(0.1, 10),
        StepLR(0.1, 2, 10, gamma=0.5),
    )
    kinds = (SGD, AdaDelta, AdaGrad, Adam, Momentum, Nadam, Nesterov, RMSProp)
    rates = (*schedules, 0.1, 0.01, 0.001)
    return [kind(rate) for kind, rate in zip(kinds, rates, strict=True)]


def started(model: Any, x: Floats) -> list[Any]:
    rbm = RBM(8, learning_rate=0.05)
    rbm.fit(x, epochs=2)
    starts = (Glorot(seed=1), Normal(0.01), Xavier(seed=1))
    penalties = (L1L2(0.01, 0.01), L2(0.01), KLSparsity(0.05))
    return [
        *starts,
        *penalties,
        ProximalL1(0.1),
        HalfSquaredError(),
        Reshuffled(x, batch_size=8, seed=1),
        rbm.transform(x),
        lsuv(model, x),
        pretrain(model, x, epochs=1),
        warm_start(model, model),
    ]


def probed(model: Any, x: Floats, y: Floats) -> dict[str, Any]:
    edges: Floats = histogram_edges(10, (0.0, 1.0))
    return {
        "edges": edges,
        "activations": activations(model, x),
        "statistics": activation_statistics(model, x),
        "histograms": activation_histograms(model, x, 10, (0.0, 1.0)),
        "active": active_share(model, x),
        "dead": dead_units(model, x),
        "weights": weight_norms(model),
        "gradients": gradient_norms(model, "mse", x, y),
        "of gradients": gradient_histograms(model, "mse", x, y, 10, (-1.0, 1.0)),
    }


def searched(start: Floats) -> list[Any]:
    def squared(x: Any) -> Any:
        return (x * x).sum()

    found = newton(squared, start, damping=0.1)
    slopes = gradients(squared, [start])
    defaults = [keras_defaults(AdaGrad), differing_defaults([SGD])]
    curved = hessian(squared, start)
    return [
        value(squared, start),
        gradient(squared, start),
        curved,
        slopes,
        found,
        *defaults,
    ]
