"""Hash what makes a result, so that editing words retrains nothing.

The parts are the training fields of a definition, the checksums of its data, the syntax
trees of the functions and classes it uses (as far as they come from this project or
the definition's own file, without docstrings and comments) and the engine's version.
"""

import ast
import dataclasses
import functools
import hashlib
import importlib.util
import inspect
import json
import sys
from collections.abc import Mapping
from types import FunctionType, ModuleType

from study.lab import machine
from study.lab.engine.version import ENGINE_VERSION
from study.lab.errors import DefinitionError
from study.lab.experiment import Simulation

TRAINING = (
    "augmentation",
    "batch_size",
    "data",
    "epochs",
    "evaluations",
    "first_replicate",
    "loss",
    "measures",
    "model",
    "optimizer",
    "outputs",
    "patience",
    "plateau",
    "pretraining",
    "replacement",
    "steps",
    "tune",
    "vary",
    "watch",
)


def parts(definition) -> dict[str, str]:
    """Map each part that results depend on to a short hash.

    How many replicates are run is left out: more of them change none of the others.
    """
    fields = ("run", "settings") if isinstance(definition, Simulation) else TRAINING
    code: dict[str, str] = {}
    found = {
        name: _plain(value, code)
        for name in fields
        if (value := getattr(definition, name)) is not None and value != ()
    }
    data = getattr(definition, "data", None)
    if data is not None:
        found["checksums"] = data.checksums()
    found |= code
    found["engine"] = [ENGINE_VERSION, machine.BACKEND]
    return {name: digest(value)[:12] for name, value in sorted(found.items())}


def of(value) -> str:
    """Return the SHA-256 of a declared value and the code that it stands on."""
    code: dict[str, str] = {}
    return digest([_plain(value, code), code])


def digest(value) -> str:
    """Return the SHA-256 of a value's canonical JSON."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def changes(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """Name the parts in which two fingerprints differ."""
    return [
        name for name in sorted({*before, *now}) if before.get(name) != now.get(name)
    ]


def _plain(value, code):
    """Turn a declared value into JSON, collecting the code it stands on in `code`."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, Mapping):
        return [[name, _plain(each, code)] for name, each in value.items()]
    if isinstance(value, list | tuple):
        return [_plain(each, code) for each in value]
    kind = value if isinstance(value, FunctionType | type) else type(value)
    module = sys.modules[kind.__module__]
    if _ours(module) and kind.__qualname__ not in _names(module)[0]:
        raise DefinitionError(
            "fingerprint: expected functions and classes from the top of a file, whose "
            f"changes can be seen. Received: {kind.__qualname__}"
        )
    _collect(module, kind.__name__, code)
    if kind is value:
        return value.__qualname__
    if dataclasses.is_dataclass(value):
        config = {
            each.name: _plain(getattr(value, each.name), code)
            for each in dataclasses.fields(value)
        }
    elif hasattr(value, "get_config"):
        config = json.loads(json.dumps(value.get_config(), default=repr))
    else:
        raise DefinitionError(
            "fingerprint: expected numbers, text, functions, dataclasses or Keras "
            f"objects, whose changes can be seen. Received: {value!r}"
        )
    return [kind.__qualname__, config]


def _collect(module: ModuleType, name: str, code: dict[str, str]) -> None:
    """Add to `code` the syntax tree of a name and of all that it uses from here."""
    if not _ours(module):
        return
    key = f"{module.__name__}.{name}"
    nodes, imports = _names(module)
    if key in code or name not in nodes:
        return
    node = nodes[name]
    code[key] = ast.unparse(node)  # the same on every Python, unlike a dump
    for used in {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}:
        if used in nodes:
            _collect(module, used, code)
        elif used in imports:
            source, original = imports[used]
            _collect(importlib.import_module(source), original, code)


def _ours(module) -> bool:
    return module.__name__.partition(".")[0] in ("study", EXPERIMENTS)


# The name under which the registry loads a definition's file.
EXPERIMENTS = "study_experiments"


@functools.cache
def _names(module):
    """Map a module's names to their syntax trees, and those it imports to their source.

    Names imported as modules (`from study.lab import plan`) are not followed: the code
    that definitions use imports what it uses by name.
    """
    tree = ast.parse(inspect.getsource(module))
    _bare(tree, _INERT if module.__name__.startswith("study.lab.") else ())
    nodes, imports = {}, {}
    for node in tree.body:
        for name in _bound(node):
            nodes[name] = node
        if isinstance(node, ast.ImportFrom) and node.module.startswith("study"):
            for each in node.names:
                imports[each.asname or each.name] = (node.module, each.name)
    return nodes, imports


# What declarations of the lab hold besides what makes results: checks and words.
_INERT = ("__post_init__", "problem", "prepare", "checksums", "label")


def _bare(tree, inert):
    """Drop docstrings everywhere, and the methods and attributes named in `inert`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            first, *others = node.body
            told = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
            body = others if told else node.body
            node.body = [each for each in body if not {*_bound(each)} & {*inert}]
            node.body = node.body or [ast.Pass()]


def _bound(node):
    """List the names that a statement binds."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return [node.name]
    if isinstance(node, ast.Assign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        names = (each for target in targets for each in ast.walk(target))
        return [each.id for each in names if isinstance(each, ast.Name)]
    return []
