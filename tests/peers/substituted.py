"""Load the tests in Keras's wheel with our components in the place of their twins."""

import builtins
import importlib.util
import inspect
import operator
import re
import sys
import types
import unittest
from pathlib import Path

import keras
import pytest

from study.lab.declare.parity import ROWS

SOURCES = Path(keras.__file__).parent / "src"
BASES = (
    keras.layers.Layer,
    keras.optimizers.Optimizer,
    keras.optimizers.schedules.LearningRateSchedule,
    keras.initializers.Initializer,
    keras.regularizers.Regularizer,
    keras.constraints.Constraint,
    keras.callbacks.Callback,
    keras.losses.Loss,
)


def alike(ours, theirs):
    """Tell whether both are activations or of one base, so that they can be swapped."""
    if inspect.isclass(ours) and inspect.isclass(theirs):
        return any(issubclass(ours, b) and issubclass(theirs, b) for b in BASES)
    return kind(ours) == kind(theirs) == "activations"


def kind(component):
    """Return the name of the package, `study`'s or Keras's, that holds it."""
    return (
        component.__module__.removeprefix("keras.src.")
        .removeprefix("study.")
        .partition(".")[0]
    )


def substitutes():
    """Map each twin that a component can stand for to the first that can."""
    found = {}
    for row in ROWS:
        for path in row.twins if row.component else ():
            theirs = operator.attrgetter(path)(keras)
            if alike(row.ours, theirs):
                found.setdefault(theirs, row.ours)
    return found


OURS = substitutes()


class Substituted(types.ModuleType):
    """A module of Keras that hands out our components instead of their twins."""

    def __init__(self, module):
        super().__init__(module.__name__)
        self.module = module

    def __getattr__(self, name):
        value = getattr(self.module, name)
        if isinstance(value, types.ModuleType):
            return ours_for(value)
        if isinstance(value, type | types.FunctionType):
            return OURS.get(value, value)
        return value


def ours_for(module):
    keras_own = module.__name__.partition(".")[0] == "keras"
    return Substituted(module) if keras_own else module


def skip_if_backend(name, reason):
    """Stand for what Keras's tests import from a file that its wheel leaves out."""
    return pytest.mark.skipif(keras.backend.backend() == name, reason=reason)


def _import(name, *further):
    if name == "conftest":
        return types.SimpleNamespace(skip_if_backend=skip_if_backend)
    return ours_for(__import__(name, *further))


def load(path):
    """Return the module of a test file; all that it imports goes through `_import`."""
    name = ".".join(("keras.src", *path.relative_to(SOURCES).with_suffix("").parts))
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    module.__builtins__ = vars(builtins) | {"__import__": _import}
    sys.modules[name] = module
    exec(spec.loader.get_code(name), vars(module))
    return module


def test_files():
    """List the test files of the twins' kinds that name a twin."""
    for folder in sorted({kind(each) for each in OURS}):
        named = re.compile(rf"\b({'|'.join(names(folder))})\b")
        for path in sorted((SOURCES / folder).rglob("*_test.py")):
            if named.search(path.read_text(encoding="utf-8")):
                yield path


def names(folder):
    """List the twins' names that mean them in the tests of a kind.

    Elsewhere `relu` is an operation or a module.
    """
    return sorted(
        each.__name__ for each in OURS if inspect.isclass(each) or kind(each) == folder
    )


def test_classes():
    """Map the dotted paths of the classes in these files to the classes."""
    found = {}
    for path in test_files():
        module = load(path)
        start = ".".join(path.relative_to(SOURCES).with_suffix("").parts)
        for name, each in vars(module).items():
            if inspect.isclass(each) and issubclass(each, unittest.TestCase):
                found[f"{start}.{name}"] = each
    return found


def uses_ours(test_class, name):
    """Tell whether a test, or a function of its file that it names, names a twin."""
    module = vars(sys.modules[test_class.__module__])
    seen, ahead = set(), [inspect.unwrap(getattr(test_class, name)).__code__]
    while ahead:
        code = ahead.pop()
        ahead += [each for each in code.co_consts if inspect.iscode(each)]
        for each in {*code.co_names} - seen:
            seen.add(each)
            for place in (module, vars(test_class)):
                if inspect.isfunction(place.get(each)):
                    ahead.append(place[each].__code__)
    return bool(seen & {*names(test_class.__module__.split(".")[2])})
