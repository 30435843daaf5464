"""Keras components that deep-learning lectures name, and a lab to test their claims."""

import importlib
import sys
from pathlib import Path

__all__ = [
    "activations",
    "augmentation",
    "callbacks",
    "constraints",
    "datasets",
    "gradients",
    "initializers",
    "layers",
    "losses",
    "optimizers",
    "pretraining",
    "probes",
    "regularizers",
    "schedules",
]


def __getattr__(name):
    if name in __all__:
        return importlib.import_module(f"study.{name}")
    raise AttributeError(f"module 'study' has no attribute {name!r}")


def register() -> None:
    """Import every component, which registers it with Keras."""
    for name in __all__:
        __getattr__(name)


def _is_command() -> bool:
    """Tell commands and their workers from programs that import this.

    Commands are `python -m study` and the script `study`.
    """
    program = sys.orig_argv[-len(sys.argv)] if sys.argv else ""
    ours = Path(program).name in ("study", "study.lab.execute.worker")
    return ours and sys.argv[0] in ("-m", program)


# Whoever imports this has every component registered. A command, which answers before
# Keras is imported, registers them when it needs them.
if not _is_command():
    register()
