"""Collect the code that declared objects reach, by content.

What is reached is followed by names, from the functions and classes of a declaration
through the statements that bind them: through the fronts of packages, attributes of
modules, base classes, decorators, default values, class bodies and the objects held in
Keras's configs. Comments, docstrings and annotations say nothing, and neither does the
file in which something stands. What cannot be followed is refused by name.
"""

import dataclasses
import functools
import hashlib
import json
import sys
import sysconfig
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType, MethodType, ModuleType

import keras
import numpy as np

from study.lab.declare.source import Module, Source, parsed
from study.lab.errors import DefinitionError

# Where following ends, since something else stands for what lies behind.
ENDS = MappingProxyType(
    {"study.lab.data.mnist_files": "its checksums are part of what a run is"}
)
# Words of the lab's declarations, and checks: nothing that makes a number. What a model
# takes of the `form` of data, and their `random_labels`, are named by themselves.
INERT = (
    *("__post_init__", "budget", "checksums", "form", "label", "prepare", "problem"),
    *("random_labels", "takes_shape"),
)
# Behind these names anything may be.
UNSEEN = ("eval", "exec", "globals", "__import__", "importlib.import_module")


@dataclasses.dataclass(frozen=True)
class Closure:
    """Tell what declared objects are made of.

    Args:
        digest: SHA-256 of their values and of all code that they reach.
        parts: Name of each function, class or constant reached to a hash of its code.
        places: Module and name of each of these, for whoever wants to look it up.
    """

    digest: str
    parts: Mapping[str, str]
    places: frozenset[tuple[str, str]] = dataclasses.field(compare=False, repr=False)


def read(module: str) -> str:
    """Return the source of a module."""
    path = path_of(module)
    if path is None:
        raise DefinitionError(
            f"closure: expected code from files, whose changes can be seen. Received: "
            f"{module}, which has none; write it into a file"
        )
    return _text(path, path.stat().st_mtime_ns)


@functools.cache
def _text(path, changed):
    """Read a file once for each time at which it was changed."""
    return path.read_text(encoding="utf-8")


def closure(
    *objects,
    inert: tuple[str, ...] = INERT,
    source: Callable[[str], str] | None = None,
) -> Closure:
    """Return the closure of declared values, functions, classes and objects.

    Args:
        objects: Numbers, text, mappings, sequences, functions, classes, dataclasses
            and Keras objects.
        inert: Methods and attributes of the lab's classes that are left out, and
            decorators of its functions.
        source: Function from a module's name to its source; None for its file.

    Example:

    >>> from study.layers import Dropout
    >>> sorted(closure(Dropout).parts)
    ['Dropout', '_MASKS', '_SCALES', '_checked_shape']
    """
    walk = _Walk(source or read, inert)
    values = [walk.plain(each) for each in objects]
    parts: dict[str, list[str]] = {}
    for name, code, _ in walk.records:
        parts.setdefault(name, []).append(digest(code))
    return Closure(
        digest([values, [each[1:] for each in walk.records]]),
        {name: digest(sorted(parts[name]))[:12] for name in sorted(parts)},
        frozenset(walk.places),
    )


def digest(value) -> str:
    """Return the SHA-256 of a value's canonical JSON."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


class _Walk:
    """Number what is reached in the order in which it is found."""

    def __init__(self, source, inert):
        self.source, self.inert = source, inert
        self.records: list[list] = []  # name, code, what its names mean
        self._numbers: dict[tuple[str, str], int] = {}
        self._modules: dict[str, Module] = {}

    @property
    def places(self):
        return self._numbers.keys()

    def plain(self, value):
        """Turn a declared value into JSON that names the code behind it by number."""
        if isinstance(value, str):
            return [value, *self._registered(value)] if ">" in value else value
        if value is None or isinstance(value, bool | int | float):
            return value
        if isinstance(value, np.ndarray | np.generic) or keras.ops.is_tensor(value):
            return _array(np.asarray(value))
        if isinstance(value, Mapping):
            return [[name, self.plain(each)] for name, each in value.items()]
        if isinstance(value, list | tuple):
            return [self.plain(each) for each in value]
        if isinstance(value, ModuleType) and ours(value.__name__):
            return ["module", self._whole(value.__name__)]
        if isinstance(value, functools.partial):
            return self.plain(["partial", value.func, value.args, value.keywords])
        if isinstance(value, MethodType):
            return self.plain([value.__self__, value.__name__])
        if callable(value) and hasattr(value, "__qualname__"):
            return self._kind(value)
        return [self._kind(type(value)), self.plain(self._config(value))]

    def _kind(self, value):
        """Name a function or a class by the number of its code."""
        module, name = value.__module__ or "builtins", value.__qualname__
        if module.partition(".")[0] not in sys.modules:
            read(module)  # which refuses what stands in no file
        if not ours(module):
            return f"{module.partition('.')[0]}.{name}"
        top = name.partition(".")[0]
        if "<" in name or top not in self._code(module).statements:
            raise DefinitionError(
                "closure: expected functions and classes from the top of a file, whose "
                f"changes can be seen. Received: {name}"
            )
        return {"code": self._unit(module, top), "name": name}

    def _unit(self, module, name):
        """Return the number of a top-level name's code."""
        key = module, name
        if key not in self._numbers:
            self._numbers[key] = len(self._numbers)
            record = [name, "", []]
            self.records.append(record)
            inert = self.inert if module.startswith("study.lab.") else ()
            unit = self._code(module).unit(name, inert)
            record[1] = unit.code
            record[2] = [
                [".".join(chain), meant]
                for chain in unit.uses
                for meant in self._meant(module, name, unit, chain)
            ]
            record[2] += [
                [text, meant] for text in unit.texts for meant in self._registered(text)
            ]
        return self._numbers[key]

    def _meant(self, module, name, unit, chain):
        """List what a chain of names means in a unit."""
        first, *rest = chain
        if first in unit.imports:
            found = [self._imported(*each) for each in unit.imports[first]]
        else:
            found = self._look(module, first)
        if not found and first in UNSEEN:
            raise _unseen(module, name, chain)
        for place, attribute in found:
            for each in rest:
                if attribute is not None or not ours(place):
                    break
                ((place, attribute),) = self._attribute(place, each)
            yield self._end(module, name, chain, place, attribute)

    def _end(self, module, name, chain, place, attribute):
        dotted = place if attribute is None else f"{place}.{attribute}"
        if place in ENDS or (attribute is None and dotted in ENDS):
            return chain[-1]
        if not ours(place):
            dotted = ".".join([dotted, *chain[1:]])
            if dotted in UNSEEN:
                raise _unseen(module, name, chain)
            return dotted
        return self._whole(place) if attribute is None else self._unit(place, attribute)

    def _whole(self, module):
        """Return the number of a module that is handed on: all of it may be used."""
        key = module, ""
        if key not in self._numbers:
            self._numbers[key] = len(self._numbers)
            record = [module.rpartition(".")[2], "", []]
            self.records.append(record)
            code = self._code(module)
            for name in sorted({*code.statements, *code.imports}):
                for place, attribute in self._look(module, name):
                    end = self._end(module, name, (name,), place, attribute)
                    record[2].append([name, end])
        return self._numbers[key]

    def _look(self, module, name):
        """List the places that a top-level name of a module stands for."""
        code = self._code(module)
        if name in code.statements:
            return [(module, name)]
        places = code.imports.get(name, ())
        # A front that imports its own modules binds each to itself.
        return [self._imported(*each) for each in places if each != (module, name)]

    def _imported(self, source, original):
        """Return the place of what an import binds: a module, or a name in one."""
        if original is None or not ours(source):
            return source, original
        ((place, attribute),) = self._attribute(source, original)
        return place, attribute

    def _attribute(self, module, name):
        if module in ENDS:
            return [(module, name)]
        found = self._look(module, name)
        if found:
            return found[:1]
        if path_of(f"{module}.{name}"):
            return [(f"{module}.{name}", None)]
        raise DefinitionError(
            f"closure: expected `{name}` to be bound at the top of {module}, where its "
            "code can be followed. Received: a name that is not there"
        )

    def _config(self, value):
        """Return the settings of an object."""
        if dataclasses.is_dataclass(value):
            names = [each.name for each in dataclasses.fields(value)]
            return {
                name: getattr(value, name) for name in names if name not in self.inert
            }
        if hasattr(value, "get_config"):
            return _placeless(value.get_config())
        raise DefinitionError(
            "closure: expected numbers, text, functions, dataclasses or Keras objects, "
            f"whose changes can be seen. Received: {value!r}"
        )

    def _registered(self, text):
        """List the code of what Keras has registered under a text, if it is ours."""
        found = keras.saving.get_registered_object(text) if ">" in text else None
        followed = found is not None and ours(found.__module__)
        return [self._kind(found)] if followed else []

    def _code(self, module):
        if module not in self._modules:
            source = Source(self.source(module), _package(module))
            self._modules[module] = parsed(source)
        return self._modules[module]


def _unseen(module, name, chain):
    return DefinitionError(
        f"closure: {path_of(module) or module}: {name}: expected names whose code can "
        f"be followed. Received: `{'.'.join(chain)}`, behind which anything may be"
    )


def _placeless(config):
    """Leave out of a config in which module a registered object stands."""
    if isinstance(config, Mapping):
        left_out = {"module"} if config.get("registered_name") else set()
        return {
            name: _placeless(each)
            for name, each in config.items()
            if name not in left_out
        }
    if isinstance(config, list | tuple):
        return [_placeless(each) for each in config]
    return config


def _array(values):
    if values.ndim == 0:
        return values.item()
    content = hashlib.sha256(np.ascontiguousarray(values).tobytes()).hexdigest()
    return [str(values.dtype), list(values.shape), content]


@functools.cache
def ours(module: str) -> bool:
    """Say whether a module's code is followed: this project's, and what stands beside.

    Installed packages are not: their versions say what they are.
    """
    top = module.partition(".")[0]
    if top == "study":
        return True
    if top in sys.stdlib_module_names and top != "__main__":
        return False
    path = path_of(module) or path_of(top)
    if path is None:  # compiled, not installed, or typed at a prompt
        return top == "__main__"
    return not any(path.is_relative_to(each) for each in _installed())


@functools.cache
def _installed():
    return {Path(each).resolve() for each in sysconfig.get_paths().values()} - {
        Path(sysconfig.get_path("data")).resolve(),
        Path(sysconfig.get_path("scripts")).resolve(),
    }


def path_of(module):
    """Return the file in which a module stands, or None."""
    loaded = sys.modules.get(module)
    if isinstance(loaded, ModuleType):
        name = getattr(loaded, "__file__", None)
    else:
        try:
            spec = find_spec(module)
        except (ImportError, ValueError, AttributeError):
            spec = None
        name = spec.origin if spec and spec.has_location else None
    return _resolved(name) if name and name.endswith(".py") else None


@functools.cache
def _resolved(name):
    return Path(name).resolve()


def _package(module):
    """Return the package whose names a module's relative imports begin with."""
    loaded = sys.modules.get(module)
    front = getattr(loaded, "__path__", None) is not None
    return module if front else module.rpartition(".")[0]
