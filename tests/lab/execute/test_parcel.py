"""What travels to a node: a definition, and modules of one's own that it reaches."""

import pytest
import tiny_study

from study.lab.execute import parcel

TEXT = '''"""Needs a module of its own, and that one of a package."""

import first_of_mine

from study.lab.declare.finding import Simulation
from study.lab.declare.measures import Column


def run():
    return first_of_mine.table()


EXPERIMENT = Simulation(
    title="Own", claims=(), run=run, measures=(Column("number"),)
)
'''
FIRST = """import pandas as pd
import unused_of_mine

from package_of_mine import second


def table():
    return pd.DataFrame({"number": [second.NUMBER]})
"""


@pytest.fixture
def definition(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "first_of_mine.py").write_text(FIRST)
    (tmp_path / "package_of_mine").mkdir()
    (tmp_path / "package_of_mine" / "second.py").write_text("NUMBER = 42\n")
    (tmp_path / "package_of_mine" / "third.py").write_text("NUMBER = 43\n")
    (tmp_path / "package_of_mine" / "fourth.py").write_text("")
    (tmp_path / "package_of_mine" / "__init__.py").write_text("from . import third\n")
    (tmp_path / "unused_of_mine.py").write_text("")
    (tmp_path / "nowhere_imported.py").write_text("")
    return tiny_study.write(tmp_path, "parcelled", TEXT)


def test_modules_that_a_definition_imports_go_along_and_no_others(definition):
    found = parcel.files(definition)
    assert {*found} == {
        "experiments/parcelled.py",
        "first_of_mine.py",
        "package_of_mine/__init__.py",
        "package_of_mine/second.py",
        "package_of_mine/third.py",
        "unused_of_mine.py",
    }
    assert found["experiments/parcelled.py"] == definition.read_bytes()


def test_the_record_of_spent_replicates_goes_along(definition):
    record = definition.with_name("spent.csv")
    record.write_text("finding,first,last,why\nother,0,9,seen\n")
    assert parcel.files(definition)["experiments/spent.csv"] == record.read_bytes()
