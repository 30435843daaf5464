"""Hand a network the shape of an example where it asks for its numbers.

It is of the lab's machine, as what fills a shape in is: a network is the same by shape
and by number, which `tests/lab/declare/test_models.py` holds.
"""

import functools
from collections.abc import Callable

from study.lab.errors import DefinitionError


def takes_shape(build: Callable) -> Callable:
    """Let a function of an example's numbers take its shape, such as `(784,)`, too."""

    @functools.wraps(build)
    def built(inputs, *arguments, **options):
        if isinstance(inputs, tuple):
            if len(inputs) != 1:
                raise DefinitionError(
                    f"{build.__name__}: expected examples that are vectors, of shape "
                    f"(n,). Received: shape={inputs}; begin with keras.layers.Flatten"
                )
            (inputs,) = inputs
        return build(inputs, *arguments, **options)

    return built
