"""What is learned: the data sets that definitions name, and MNIST's files.

A definition imports from here; nothing is read before it is used.
"""

from study.lab.data.sets import (
    SEED,
    STAGES,
    Arrays,
    Data,
    Draws,
    Form,
    LaterDraws,
    digits,
    generator,
    mnist,
    relabelled,
    with_random_labels,
    xor,
)

__all__ = [
    "SEED",
    "STAGES",
    "Arrays",
    "Data",
    "Draws",
    "Form",
    "LaterDraws",
    "digits",
    "generator",
    "mnist",
    "relabelled",
    "with_random_labels",
    "xor",
]
