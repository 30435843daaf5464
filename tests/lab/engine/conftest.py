"""Stack the engine's runs, also of networks that the thresholds train one by one."""

import dataclasses

import pytest

from study.lab import thresholds


@pytest.fixture(autouse=True)
def stack_of(monkeypatch):
    """Let a stack hold 200 runs, or as many as a test calls this with."""
    limit = thresholds.limit

    def hold(runs):
        monkeypatch.setattr(
            thresholds,
            "limit",
            lambda model: dataclasses.replace(limit(model), runs=runs),
        )

    hold(200)
    return hold
