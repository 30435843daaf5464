"""Gather what a node may lack: what a definition is read from, and a relay.

Both travel as bytes, so that nodes need no file system in common.
"""

import sys
from pathlib import Path

from study.lab import registry, spent
from study.lab.closure import closure
from study.lab.relay import DEFINITIONS


def files(path: Path) -> dict[str, bytes]:
    """Return what a definition is read from, by name: it, and modules of one's own."""
    name = f"{registry.EXPERIMENTS}.{path.stem}"
    if getattr(sys.modules.get(name), "__file__", None) != str(path):
        registry.load(path)
    found = {f"{DEFINITIONS}/{path.name}": path}
    if (record := path.with_name(spent.FILE)).exists():
        found[f"{DEFINITIONS}/{spent.FILE}"] = record
    for place, _ in closure(sys.modules[name]).places:
        if place.partition(".")[0] not in ("study", registry.EXPERIMENTS):
            module = sys.modules[place]
            front = "/__init__" if hasattr(module, "__path__") else ""
            found[f"{place.replace('.', '/')}{front}.py"] = Path(module.__file__)
    return {name: path.read_bytes() for name, path in found.items()}


def actor(relay: type) -> type:
    """Return a class that stands for a relay where nothing of ours is loaded yet."""
    module, name = relay.__module__, relay.__qualname__

    class Actor:  # defined here, it travels as it is, and by no name
        def __init__(self, *arguments):
            import importlib
            import sys

            # As a command does, it imports the lab without Keras: workers have that.
            argv, original = sys.argv, sys.orig_argv
            sys.argv, sys.orig_argv = ["-m"], ["study"]
            try:
                loaded = importlib.import_module(module)
            finally:
                sys.argv, sys.orig_argv = argv, original
            self._relay = getattr(loaded, name)(*arguments)

        def ask(self, what, *arguments):
            return getattr(self._relay, what)(*arguments)

    return Actor
