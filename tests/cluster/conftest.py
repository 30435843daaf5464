"""What the tests of the cluster share: its nodes, and a definition for tasks."""

import os
from importlib.util import find_spec

import pytest
from ray_nodes import ENVIRONMENT, Nodes

from study.lab.execute.tasks import Task

DEFINITION = '''"""Stands for a definition."""

import helper_of_mine
from study.lab.declare.finding import Simulation
from study.lab.declare.measures import Column


def run():
    return helper_of_mine.table()


EXPERIMENT = Simulation(
    title="Quick", claims=(), run=run, measures=(Column("number"),)
)
'''
HELPER = """import pandas as pd


def table():
    return pd.DataFrame({"number": [42]})
"""


@pytest.fixture(scope="module")
def nodes():
    """Return a cluster with no node that does tasks yet."""
    if find_spec("ray") is None:
        pytest.skip("the extra `cluster` is not installed: run `make test-cluster`")
    before = {name: os.environ.get(name) for name in ENVIRONMENT}
    os.environ.update(ENVIRONMENT)
    found = Nodes()
    yield found
    found.shut()
    for name, value in before.items():
        if value is None:
            del os.environ[name]
        else:
            os.environ[name] = value


@pytest.fixture(scope="module")
def definition(tmp_path_factory):
    """Return the path of a definition that needs a module of its own."""
    folder = tmp_path_factory.mktemp("own")
    (folder / "helper_of_mine.py").write_text(HELPER)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        path = folder / "quick.py"
        path.write_text(DEFINITION)
        yield path


@pytest.fixture
def task(definition):
    def make(*words, structure=""):
        program = " ".join(map(str, words))
        return Task(definition, "smoke", program, structure=structure)

    return make
