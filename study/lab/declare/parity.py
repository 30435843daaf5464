"""Set every component beside its Keras twin: what differs, defaults included.

A component without a row here fails a test. Experiments are not named: each names the
components that it is about.
"""

import importlib
import inspect
import operator
from collections.abc import Iterator
from dataclasses import dataclass

import keras

from study.optimizers.defaults import TWINS


@dataclass(frozen=True)
class Row:
    """A technique, the component that does it and its Keras twins.

    Args:
        technique: Its name in the field.
        component: Path below `study`; "" where Keras's own does it.
        twins: Paths below `keras`, the nearest first.
        difference: What is otherwise than in a twin, defaults aside.
        named: Our argument's name to the twin's, where they differ.
    """

    technique: str
    component: str
    twins: tuple[str, ...] = ()
    difference: str = ""
    named: tuple[tuple[str, str], ...] = ()

    @property
    def ours(self):
        """The class or function, or None where Keras's own does it."""
        module, _, name = self.component.rpartition(".")
        return (
            getattr(importlib.import_module(f"study.{module}"), name) if name else None
        )

    @property
    def file(self) -> str:
        """The file in which the component stands, or ""."""
        return f"{self.ours.__module__.replace('.', '/')}.py" if self.component else ""

    def differing_defaults(self) -> Iterator[tuple]:
        """Yield (twin, argument, our default, Keras's) where the two differ."""
        if not self.component:
            return
        fixed, named = {}, dict(self.named)
        if self.component.startswith("optimizers."):
            _, fixed = TWINS.get(self.ours.__name__, (None, {}))
        for twin in self.twins:
            theirs = _defaults(operator.attrgetter(twin)(keras)) | fixed
            for name, value in _defaults(self.ours).items():
                other = theirs.get(named.get(name, name), value)
                if other != value:
                    yield twin, name, value, other


def _defaults(thing):
    """Return the arguments that have a default, with it; names of objects aside."""
    parameters = inspect.signature(thing).parameters.values()
    return {
        each.name: each.default
        for each in parameters
        if each.default is not each.empty and each.name != "name"
    }


# In the order of the README's table.
ROWS = (
    # Activations
    Row(
        "step function",
        "activations.step",
        (),
        "`keras.activations.threshold` passes on what is above; this gives 1, on "
        "request with a straight-through slope",
    ),
    Row(
        "sigmoid",
        "activations.sigmoid",
        ("activations.sigmoid",),
        "on TensorFlow a cross-entropy finds the logits behind Keras's alone",
    ),
    Row("tanh", "activations.tanh", ("activations.tanh",)),
    Row(
        "softmax",
        "activations.softmax",
        ("activations.softmax",),
        "on TensorFlow a cross-entropy finds the logits behind Keras's alone",
    ),
    Row("ReLU", "activations.relu", ("activations.relu",)),
    Row(
        "leaky ReLU",
        "activations.leaky_relu",
        ("activations.leaky_relu", "layers.LeakyReLU"),
    ),
    Row("ELU", "activations.elu", ("activations.elu",)),
    Row("softplus", "activations.softplus", ("activations.softplus",)),
    Row("softsign", "activations.softsign", ("activations.softsign",)),
    Row("log-sigmoid", "activations.log_sigmoid", ("activations.log_sigmoid",)),
    Row("swish", "activations.swish", ("activations.silu",)),
    Row("mish", "activations.mish", ("activations.mish",)),
    Row(
        "sinc",
        "activations.sinc",
        ("ops.sinc",),
        "Keras's is normalized: `sin(πx) / (πx)`",
    ),
    Row(
        "activation with other arguments",
        "activations.Configured",
        (),
        "a layer takes it and saves it",
    ),
    # Initial weights
    Row(
        "normal weights of one width",
        "initializers.Normal",
        ("initializers.RandomNormal",),
    ),
    Row(
        "Xavier, √(1 / fan_in)",
        "initializers.Xavier",
        ("initializers.LecunNormal",),
        "Keras's is truncated at two standard deviations",
    ),
    Row(
        "Glorot, √(2 / (fan_in + fan_out))",
        "initializers.Glorot",
        ("initializers.GlorotNormal", "initializers.GlorotUniform"),
        "Keras's normal is truncated; the other is uniform; the variance is the same",
    ),
    Row(
        "He, √(2 / fan_in)",
        "initializers.He",
        ("initializers.HeNormal",),
        "Keras's is truncated at two standard deviations",
    ),
    Row("equal weights", "", ("initializers.Constant", "initializers.Zeros")),
    Row("LSUV", "pretraining.lsuv"),
    Row("restricted Boltzmann machine", "pretraining.RBM"),
    Row("pre-training with RBMs", "pretraining.pretrain"),
    Row(
        "warm start",
        "pretraining.warm_start",
        ("Model.load_weights",),
        "into a model of another depth too: layers of equal kind and shape are copied",
    ),
    # Optimizers
    Row("stochastic gradient descent", "optimizers.SGD", ("optimizers.SGD",)),
    Row(
        "momentum",
        "optimizers.Momentum",
        ("optimizers.SGD",),
        "on request decays weights inside the velocity; Keras's `weight_decay` is "
        "decoupled",
    ),
    Row(
        "Nesterov's momentum",
        "optimizers.Nesterov",
        ("optimizers.SGD",),
        "Keras's with `nesterov=True`",
    ),
    Row("AdaGrad", "optimizers.AdaGrad", ("optimizers.Adagrad",)),
    Row("RMSProp", "optimizers.RMSProp", ("optimizers.RMSprop",)),
    Row("AdaDelta", "optimizers.AdaDelta", ("optimizers.Adadelta",)),
    Row(
        "Adam",
        "optimizers.Adam",
        ("optimizers.Adam",),
        "the epsilon of Algorithm 1 on request",
    ),
    Row("Nadam", "optimizers.Nadam", ("optimizers.Nadam",)),
    Row("Newton's method", "optimizers.newton"),
    Row("value of a function at a point", "gradients.value"),
    Row("gradient of a function at a point", "gradients.gradient"),
    Row("Hessian of a function at a point", "gradients.hessian"),
    Row("gradients by several tensors", "gradients.gradients"),
    # Schedules
    Row(
        "learning rate by a function",
        "schedules.LambdaLR",
        ("callbacks.LearningRateScheduler",),
        "a schedule that is saved with the optimizer; the function gives a factor",
    ),
    Row(
        "learning rate by factors",
        "schedules.MultiplicativeLR",
        ("callbacks.LearningRateScheduler",),
        "the factor of epoch 0 is not asked for",
    ),
    Row(
        "learning rate in steps",
        "schedules.StepLR",
        ("optimizers.schedules.ExponentialDecay",),
        "counts in epochs; Keras's with `staircase=True`",
    ),
    Row(
        "linear decay",
        "schedules.LinearDecay",
        ("optimizers.schedules.PolynomialDecay",),
        "Keras's decays at every step, not every epoch",
    ),
    Row(
        "decay as 1 / k",
        "schedules.ReciprocalDecay",
        ("optimizers.schedules.InverseTimeDecay",),
        "counts in epochs; Keras's with `staircase=True`",
    ),
    Row("waiting for a plateau", "", ("callbacks.ReduceLROnPlateau",)),
    # Regularization
    Row(
        "L1",
        "regularizers.L1",
        ("regularizers.L1",),
        named=(("strength", "l1"),),
    ),
    Row(
        "L2",
        "regularizers.L2",
        ("regularizers.L2",),
        "half the squares: Keras's `L2(strength / 2)`",
        named=(("strength", "l2"),),
    ),
    Row(
        "L1 and L2",
        "regularizers.L1L2",
        ("regularizers.L1L2",),
        "half the squares: Keras's `L1L2(l1, l2 / 2)`",
    ),
    Row("sparse activations", "regularizers.KLSparsity"),
    Row(
        "max-norm",
        "constraints.MaxNorm",
        ("constraints.MaxNorm",),
        "Keras's shrinks weights inside the ball too, by 1e-7 at every update",
    ),
    Row("exact zeros by L1", "constraints.ProximalL1"),
    Row(
        "dropout",
        "layers.Dropout",
        ("layers.Dropout",),
        "masks for an example, a batch or an epoch; scaling in training or in "
        "inference; Monte Carlo",
    ),
    Row("DropConnect", "layers.DropConnect"),
    Row("stochastic pooling", "layers.StochasticPooling2D"),
    Row(
        "batch normalization",
        "layers.BatchNormalization",
        ("layers.BatchNormalization",),
        "the paper's unbiased moving variance on request; no masks of time steps",
    ),
    Row(
        "elastic distortion",
        "augmentation.RandomElasticDistortion",
        ("layers.RandomElasticTransform",),
        "displacements in pixels, each example its own; Keras's moves along one "
        "diagonal on TensorFlow and cannot be compiled on JAX",
    ),
    Row(
        "shifts and rotations",
        "",
        ("layers.RandomTranslation", "layers.RandomRotation"),
    ),
    Row(
        "another order in every epoch",
        "datasets.Reshuffled",
        ("utils.PyDataset",),
        "takes arrays and draws their order; `fit` on arrays repeats one on TensorFlow "
        "after `keras.utils.set_random_seed`",
    ),
    Row("renewing masks per epoch", "callbacks.RenewMasks"),
    Row(
        "early stopping",
        "callbacks.EarlyStopping",
        ("callbacks.EarlyStopping",),
        "a quantity that is not there is an error; keeps a record",
    ),
    # Structure
    Row("maxout", "layers.Maxout"),
    Row(
        "residual block",
        "layers.Residual",
        ("layers.Add",),
        "one layer for the block and its shortcut",
    ),
    Row("PolyInception", "layers.PolyInception"),
    Row(
        "fast-forward connection",
        "layers.FastForward",
        ("layers.Concatenate",),
        "one layer for the block and what passes by",
    ),
    Row("split and merge", "layers.SplitAndMerge"),
    Row(
        "simple recurrence",
        "layers.SimpleRecurrent",
        ("layers.SimpleRNN",),
        "unrolled: the number of steps must be known",
    ),
    Row(
        "half the squared error",
        "losses.HalfSquaredError",
        ("losses.MeanSquaredError",),
        "Keras's divides by the number of outputs instead of 2",
    ),
    # Looking inside
    Row("activations of hidden layers", "probes.activations"),
    Row("statistics of activations", "probes.activation_statistics"),
    Row("histograms of activations", "probes.activation_histograms"),
    Row("edges of the bins of histograms", "probes.histogram_edges"),
    Row("statistics and histograms while training", "callbacks.ActivationStatistics"),
    Row("share of outputs that are not 0", "probes.active_share"),
    Row("dead units", "probes.dead_units"),
    Row("dead units while training", "callbacks.DeadUnits"),
    Row("norms of gradients", "probes.gradient_norms"),
    Row("histograms of gradients", "probes.gradient_histograms"),
    Row("norms and histograms of gradients while training", "callbacks.GradientNorms"),
    Row("norms of weights", "probes.weight_norms"),
    Row("norms of weights while training", "callbacks.WeightNorms"),
    Row("record of the learning rate", "callbacks.LearningRateRecord"),
)
