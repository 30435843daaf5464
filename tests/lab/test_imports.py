"""Keras is imported without what nothing here calls."""

import importlib
import json
import sys

import pytest
from processes import python

from study.lab.imports import hidden

PROGRAM = """
import importlib, sys
sys.argv, sys.orig_argv = ["-m"], ["python", "-m", "study.lab.execute.worker"]
from study.lab.imports import UNUSED, keras_alone
assert "keras" not in sys.modules
keras_alone()
print([each for each in UNUSED if each in sys.modules], "keras" in sys.modules)
for each in UNUSED:
    importlib.import_module(each)
"""


def test_what_was_imported_before_is_found():
    with hidden("json"):
        import json as found
    assert found is json
    assert sys.modules["json"] is json


def test_what_was_hidden_is_found_after_an_error():
    with pytest.raises(ModuleNotFoundError), hidden("pydoc_data"):
        importlib.import_module("pydoc_data")
    assert importlib.import_module("pydoc_data")


@pytest.mark.slow
def test_keras_comes_alone_and_the_rest_when_it_is_asked_for():
    ran = python("-c", PROGRAM)
    assert ran.returncode == 0, ran.stderr[-3000:]
    assert ran.stdout == "[] True\n"
