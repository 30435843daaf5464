"""The components need Keras and its backend, and nothing else that is installed.

`.ci/run` installs the wheel where there is nothing else. Here everything else is
hidden, which takes no package index.
"""

import importlib.metadata as metadata
import json
import re
import tomllib
from pathlib import Path

import keras
import pytest
from processes import python

ROOT = Path(__file__).parents[1]
BACKEND = {"tensorflow": ["tensorflow", "tensorflow-cpu"]}.get(
    keras.backend.backend(), [keras.backend.backend()]
)
PROGRAM = """
import importlib, json, pkgutil, sys
from importlib.machinery import PathFinder
hidden = {*json.loads(sys.argv[1])}

class Finder(PathFinder):
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        if name.partition(".")[0] not in hidden:
            return PathFinder.find_spec(name, path, target)

sys.meta_path = [Finder if each is PathFinder else each for each in sys.meta_path]
import study
lab = ("study.lab", "study.__main__")
def components(path, package):
    for each in pkgutil.iter_modules(path, package):
        if each.name not in lab:
            module = importlib.import_module(each.name)
            yield each.name
            yield from components(getattr(module, "__path__", ()), f"{each.name}.")
print(json.dumps([*components(study.__path__, "study.")]))
for name in sys.argv[2:]:
    try:
        importlib.import_module(name)
    except ImportError as error:
        print(error)
"""


def needed(names):
    """Return the distributions of these names and all that they need."""
    found, open_ = set(), [_plain(each) for each in names]
    while open_:
        name = open_.pop()
        try:
            requirements = metadata.requires(name) or ()
        except metadata.PackageNotFoundError:
            continue
        if name not in found:
            found.add(name)
            open_ += [_plain(each) for each in requirements if "extra ==" not in each]
    return found


def hidden():
    """List the importable names that Keras and its backend do not bring."""
    bring = needed(["keras", *BACKEND])
    return sorted(
        name
        for name, distributions in metadata.packages_distributions().items()
        if name != "study" and not bring & {_plain(each) for each in distributions}
    )


def lab():
    """List the importable names of what the lab needs beside the components."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    extra = tomllib.loads(text)["project"]["optional-dependencies"]["lab"]
    bring = {_plain(each) for each in extra} - needed(["keras", *BACKEND])
    return sorted(
        name
        for name, distributions in metadata.packages_distributions().items()
        if bring & {_plain(each) for each in distributions}
    )


def _plain(requirement):
    name = re.match(r"[\w.-]+", requirement)[0]
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.fixture(scope="module")
def bare():
    """What a process says that imports all components, then something of the lab."""
    ran = python("-c", PROGRAM, json.dumps(hidden()), *lab()[:1])
    assert ran.returncode == 0, ran.stderr[-3000:]
    return ran.stdout.splitlines()


def test_every_component_imports_beside_keras_alone(bare):
    modules = json.loads(bare[0])
    files = {
        each.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".")
        for each in (ROOT / "study").rglob("*.py")
        if "lab" not in each.parts and each.stem not in ("__init__", "__main__")
    }
    assert files <= {*modules}


def test_what_the_lab_needs_is_hidden(bare):
    names = lab()
    if not names:
        pytest.skip("nothing of the lab is installed")
    assert {*names} <= {*hidden()}
    assert bare[1:] == [f"No module named '{names[0]}'"]
