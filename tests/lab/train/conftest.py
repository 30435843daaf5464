"""What tests of the engine share: stacks of any network, and NumPy in their place."""

import numpy_stack
import pytest
import twin
from digits_study import stacks_of

from study.lab.train import loop


@pytest.fixture
def stacked():
    """Stack runs, also of networks that the thresholds train one by one."""
    with stacks_of(200):
        yield


@pytest.fixture(params=["numpy", pytest.param("compiled", marks=pytest.mark.slow)])
def fit_alone(request, monkeypatch):
    """Let NumPy stand for the compiled stack; return what trains one run alone."""
    if request.param == "compiled":
        return twin.fit_alone
    monkeypatch.setattr(loop, "Stack", numpy_stack.Stack)
    return numpy_stack.fit_alone
