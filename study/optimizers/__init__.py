"""Update weights by the rules that the lectures name.

Defaults are the papers'. Where Keras has others, `keras_defaults(AdaGrad)` returns the
arguments that set ours like Keras's, `AdaGrad(**keras_defaults(AdaGrad))`, and
`differing_defaults([AdaGrad, Adam])` lists them.

A sparse gradient, such as an embedding's on TensorFlow, has the effect of the dense one
it stands for: rows that it names twice are added up before they are squared. Keras's
own optimizers square them one by one.

With `gradient_accumulation_steps` constraints act once an update, where Keras's own
optimizers apply them after every batch. A learning-rate schedule is asked about the
number of batches, as Keras's are: `study.schedules` says what follows. Means of squares
have single precision at least, so that weights in half precision move as far as others.

A saved model forgets what `exclude_from_weight_decay` was told, with Keras's own
optimizers as with these: once loaded, it decays those weights too, until its optimizer
is told again.

What a Keras twin takes beside, such as Adam's `amsgrad`, is refused by name.
"""

from study.optimizers.adadelta import AdaDelta
from study.optimizers.adagrad import AdaGrad
from study.optimizers.adam import Adam
from study.optimizers.defaults import differing_defaults, keras_defaults
from study.optimizers.momentum import Momentum
from study.optimizers.nadam import Nadam
from study.optimizers.nesterov import Nesterov
from study.optimizers.newton import newton
from study.optimizers.rmsprop import RMSProp
from study.optimizers.sgd import SGD

__all__ = [
    "SGD",
    "AdaDelta",
    "AdaGrad",
    "Adam",
    "Momentum",
    "Nadam",
    "Nesterov",
    "RMSProp",
    "differing_defaults",
    "keras_defaults",
    "newton",
]
