"""Import Keras without what it imports only because it is installed.

It draws images by matplotlib and wraps models for scikit-learn, both of which it
imports where it finds them. No finding has it do so, and the two take a third of the
time that Keras takes with TensorFlow, in every process.
"""

import contextlib
import sys
from collections.abc import Iterator

UNUSED = ("matplotlib", "sklearn")


@contextlib.contextmanager
def hidden(*names: str) -> Iterator[None]:
    """Let no import find packages that were not imported before.

    Args:
        names: The packages.

    Example:

    >>> with hidden("pydoc_data"):
    ...     import pydoc_data
    Traceback (most recent call last):
    ModuleNotFoundError: import of pydoc_data halted; None in sys.modules
    """
    absent = [each for each in names if each not in sys.modules]
    sys.modules.update(dict.fromkeys(absent))
    try:
        yield
    finally:
        for each in absent:
            del sys.modules[each]


def keras_alone() -> None:
    """Import Keras; `keras.wrappers` and plots of images are without use afterwards."""
    with hidden(*UNUSED):
        import keras  # noqa: F401
