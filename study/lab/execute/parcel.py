"""Gather what a node may lack: what a definition is read from, and a relay.

Both travel as bytes, so that nodes need no file system in common.
"""

import ast
import sys
from collections.abc import Iterator
from importlib.util import resolve_name
from itertools import accumulate
from pathlib import Path

from study.lab.declare import registry, spent
from study.lab.declare.closure import ours
from study.lab.execute.relay import DEFINITIONS

# What a node has already, or is given by another name.
THERE = ("study", registry.EXPERIMENTS)


def files(path: Path) -> dict[str, bytes]:
    """Map the names under which a definition and its own modules travel to them."""
    name = f"{registry.EXPERIMENTS}.{path.stem}"
    if getattr(sys.modules.get(name), "__file__", None) != str(path):
        registry.load(path)
    found = {f"{DEFINITIONS}/{path.name}": path}
    if (record := path.with_name(spent.FILE)).exists():
        found[f"{DEFINITIONS}/{spent.FILE}"] = record
    left, seen = [name], set()
    while left:
        for each in {*_imported(sys.modules[left.pop()])} - seen:
            seen.add(each)
            left.append(each)
            module = sys.modules[each]
            front = "/__init__" if hasattr(module, "__path__") else ""
            found[f"{each.replace('.', '/')}{front}.py"] = Path(module.__file__)
    return {name: path.read_bytes() for name, path in found.items()}


def _imported(module) -> Iterator[str]:
    """List the modules of one's own that a module imports, anywhere in its code."""
    names = set()
    for node in ast.walk(ast.parse(Path(module.__file__).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom):
            start = "." * node.level + (node.module or "")
            start = resolve_name(start, module.__spec__.parent)
            names |= {start, *(f"{start}.{each.name}" for each in node.names)}
    for name in names:
        for each in accumulate(name.split("."), "{}.{}".format):  # packages first
            file = getattr(sys.modules.get(each), "__file__", None) or ""
            if file.endswith(".py") and ours(each) and each.split(".")[0] not in THERE:
                yield each


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
