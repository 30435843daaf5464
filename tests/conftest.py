"""What all tests share: the real MNIST, and a loud word on what is not there."""

import atexit
import functools
import gc
import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
EXPERIMENTS = ROOT / "experiments"
NOT_PREPARED = "MNIST NOT PREPARED"
NO_BROWSER = "NO BROWSER"


@pytest.fixture(scope="session")
def findings() -> dict:
    """Return every finding by its name."""
    from study.lab.declare import (
        registry,  # which the components' tests have no need of
    )

    return registry.load_all(EXPERIMENTS)


@pytest.fixture(scope="session")
def committed_page(findings):
    """Return a function to a committed page by profile and name, judged once."""
    from study.lab.declare.profiles import PROFILES
    from study.lab.show.page import load_page

    @functools.cache
    def load(profile, name):
        folder = ROOT / PROFILES[profile].folder / name
        return load_page(findings[name], folder, profile)

    return load


@pytest.fixture(scope="session")
def mnist_directory() -> Path:
    """Return the data folder with MNIST in it; tests never fetch it themselves."""
    # And Keras, which who deals the tests out does not need.
    from study.lab.data import mnist_files

    directory = mnist_files.data_directory()
    if not mnist_files.is_prepared(directory):
        reason = f"{NOT_PREPARED} in {directory}: run `make data` first"
        if os.environ.get("STUDY_REQUIRE_MNIST") == "1":
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)
    return directory


@pytest.hookimpl(tryfirst=True)
def pytest_itemcollected(item):
    """Mark the cases of a test as slow, but for those that it calls usual."""
    usual = item.get_closest_marker("usual")
    if usual and item.callspec.id not in usual.args:
        item.add_marker("slow")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    """Refuse a usual case that its test does not have, where all of them are seen."""
    if config.getoption("lf") or any("::" in each for each in config.args):
        return
    missing, cases = {}, {}
    for item in items:
        if usual := item.get_closest_marker("usual"):
            test = item.nodeid.split("[")[0]
            missing[test] = {*usual.args}
            cases.setdefault(test, set()).add(item.callspec.id)
    missing = {test: each - cases[test] for test, each in missing.items()}
    if lost := [f"{test}: {', '.join(each)}" for test, each in missing.items() if each]:
        raise pytest.UsageError("usual cases that are none:\n" + "\n".join(lost))


def pytest_collection():
    """Look for no garbage among what is imported, of which nearly all stays."""
    gc.disable()


def pytest_collection_finish():
    """Leave what was imported out of every later look for garbage, and of the last."""
    gc.enable()
    gc.freeze()
    atexit.register(gc.freeze)


def pytest_terminal_summary(terminalreporter):
    """Say in one line how many tests wanted what is not there and did not run."""
    for lacking, advice in (
        (NOT_PREPARED, "Run `make data`, then the tests again."),
        (NO_BROWSER, "Install Chromium, then run the tests again."),
    ):
        skipped = [
            report
            for report in terminalreporter.stats.get("skipped", [])
            if lacking in str(report.longrepr)
        ]
        if skipped:
            terminalreporter.write_line(
                f"{lacking}: {len(skipped)} tests did not run. {advice}",
                red=True,
                bold=True,
            )
