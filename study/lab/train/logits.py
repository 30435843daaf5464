"""Let cross-entropies find the logits behind probabilities, on every backend.

Keras's do so on TensorFlow alone, eagerly and compiled. Elsewhere they clip what a
saturated softmax gives and stand still: the same network would train on one backend
and not on another.
"""

import contextlib
import functools

from study.lab.train.replaced import replaced

ACTIVATIONS = "softmax", "sigmoid"
LOSSES = (
    "binary_crossentropy",
    "categorical_crossentropy",
    "sparse_categorical_crossentropy",
)


@contextlib.contextmanager
def remembered(module):
    """Let a backend's losses take the logits of which its activations made outputs.

    Args:
        module: Keras's functions of networks for the backend.
    """
    behind = []  # outputs and their logits, held so that none takes another's place

    def activation(function):
        @functools.wraps(function)
        def remember(x, *args, **settings):
            outputs = function(x, *args, **settings)
            behind.append((outputs, x))
            return outputs

        return remember

    def loss(function):
        @functools.wraps(function)
        def find(target, output, from_logits=False, **settings):
            for outputs, logits in behind:
                if outputs is output:
                    output, from_logits = logits, True
            return function(target, output, from_logits=from_logits, **settings)

        return find

    with contextlib.ExitStack() as stack:
        for names, wrap in ((ACTIVATIONS, activation), (LOSSES, loss)):
            for name in names:
                function = wrap(getattr(module, name))
                stack.enter_context(replaced(module, name, function))
        yield
