"""Imports from before the lab had folders are answered with the new place."""

import importlib

import pytest

from study.lab import MOVED
from study.lab.declare import registry
from study.lab.errors import DefinitionError

FILE = '''"""One sentence."""

from study.lab.experiment import Simulation
'''


@pytest.mark.parametrize("name", MOVED)
def test_an_old_import_is_told_the_new_place(name):
    with pytest.raises(ImportError) as error:
        importlib.import_module(f"study.lab.{name}")
    old, told, new = str(error.value).partition(": moved to ")
    assert (old, told) == (f"study.lab.{name}", ": moved to ")
    assert importlib.import_module(new).__name__ == new


def test_it_is_told_where_the_module_is_taken_from_the_package():
    with pytest.raises(ImportError, match=r"moved to study\.lab\.rules\.verdicts$"):
        from study.lab import verdicts  # noqa: F401


def test_a_definition_with_an_old_import_is_answered_in_one_line(tmp_path):
    path = tmp_path / "old.py"
    path.write_text(FILE)
    with pytest.raises(DefinitionError) as error:
        registry.load(path)
    assert str(error.value) == (
        f"{path}: line 3: ImportError: study.lab.experiment: moved to "
        "study.lab.declare.finding"
    )


def test_a_name_that_never_was_is_answered_as_ever():
    with pytest.raises(ModuleNotFoundError, match=r"study\.lab\.verdict'"):
        importlib.import_module("study.lab.verdict")
