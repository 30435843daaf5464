"""Load a definition's file as a module, for what it declares besides EXPERIMENT."""

import sys
from pathlib import Path

from study.lab.declare import registry

FOLDER = Path(__file__).parents[2] / "experiments"


def module(name: str):
    """Load the definition of a finding afresh and return its module."""
    registry.load(FOLDER / f"{name}.py")
    return sys.modules[f"{registry.EXPERIMENTS}.{name}"]
