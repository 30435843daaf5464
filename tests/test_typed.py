"""The strict user's program, for `make types`, is of every public component."""

import ast
import importlib
import inspect
from pathlib import Path

import pytest

import study

PROGRAM = Path(__file__).parent / "typed" / "strict_user.py"


def public():
    for module in study.__all__:
        for name in importlib.import_module(f"study.{module}").__all__:
            yield module, name


def test_the_program_uses_every_public_component():
    tree = ast.parse(PROGRAM.read_text(encoding="utf-8"))
    names = {each.id for each in ast.walk(tree) if isinstance(each, ast.Name)}
    assert {name for _, name in public()} - names == set()


@pytest.mark.parametrize(("module", "name"), [*public()])
def test_all_that_a_component_takes_has_a_type(module, name):
    found = getattr(importlib.import_module(f"study.{module}"), name)
    takes = found.__init__ if inspect.isclass(found) else found
    if not takes.__module__.startswith("study."):
        return  # it is inherited from Keras
    signature = inspect.signature(takes)
    untyped = [
        each.name
        for each in signature.parameters.values()
        if each.name != "self" and each.annotation is each.empty
    ]
    assert untyped == []
    assert signature.return_annotation is not signature.empty
