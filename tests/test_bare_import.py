"""The components need Keras and its backend, and nothing else that is installed.

`.ci/run` installs the wheel where there is nothing else. Here everything else is
hidden, which takes no package index.
"""

import json
from pathlib import Path

import keras
import pytest
from installed import extra, importable, needed
from processes import python

ROOT = Path(__file__).parents[1]
BACKEND = {"tensorflow": ["tensorflow", "tensorflow-cpu"]}.get(
    keras.backend.backend(), [keras.backend.backend()]
)
PROGRAM = """
import importlib, json, pkgutil, sys
import study
lab = ("study.lab", "study.__main__")
def components(path, package):
    for each in pkgutil.iter_modules(path, package):
        if each.name not in lab:
            module = importlib.import_module(each.name)
            yield each.name
            yield from components(getattr(module, "__path__", ()), f"{each.name}.")
print(json.dumps([*components(study.__path__, "study.")]))
for name in sys.argv[1:]:
    try:
        importlib.import_module(name)
    except ImportError as error:
        print(error)
"""


def hidden():
    """List the importable names that Keras and its backend do not bring."""
    bring = needed(["keras", *BACKEND])
    return importable(lambda distributions: not bring & distributions)


def lab():
    """List the importable names of what the lab needs beside the components."""
    bring = extra("lab") - needed(["keras", *BACKEND])
    return importable(lambda distributions: bring & distributions)


@pytest.fixture(scope="module")
def bare():
    """What a process says that imports all components, then something of the lab."""
    ran = python("-c", PROGRAM, *lab()[:1], hidden=hidden())
    assert ran.returncode == 0, ran.stderr[-3000:]
    return ran.stdout.splitlines()


@pytest.mark.slow
def test_every_component_imports_beside_keras_alone(bare):
    modules = json.loads(bare[0])
    files = {
        each.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".")
        for each in (ROOT / "study").rglob("*.py")
        if "lab" not in each.parts and each.stem not in ("__init__", "__main__")
    }
    assert files <= {*modules}


@pytest.mark.slow
def test_what_the_lab_needs_is_hidden(bare):
    names = lab()
    if not names:
        pytest.skip("nothing of the lab is installed")
    assert {*names} <= {*hidden()}
    assert bare[1:] == [f"No module named '{names[0]}'"]
