"""Whoever does jobs can be asked for all that a command asks of them."""

import pytest
from answers import Answers

from study.lab.execute.cluster import Cluster
from study.lab.execute.executors import Executor, InProcess
from study.lab.execute.supervisor import Workers


@pytest.mark.parametrize("kind", [InProcess, Workers, Cluster, Answers])
def test_an_executor_and_what_stands_for_one_have_every_method_of_executors(kind):
    asked = {name for name in vars(Executor) if not name.startswith("_")}
    assert {"run", "start", "threads"} <= asked
    assert {name for name in asked if not callable(getattr(kind, name, None))} == set()
