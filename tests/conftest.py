"""What all tests share: the real MNIST, and a loud word on what is not there."""

import atexit
import functools
import gc
import os
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
EXPERIMENTS = ROOT / "experiments"
NOT_PREPARED = "MNIST NOT PREPARED"
NO_BROWSER = "NO BROWSER"
# A file of slow tests marks them, or takes them from where both are named.
MARKS_SLOW = re.compile(
    r"\bmark\.(slow|usual)\b|\bfit_alone\b|\bfrom contract import\b"
)


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


@pytest.fixture(autouse=True, scope="module")
def _programs_forgotten():
    """Let JAX forget what a file compiled: 2 MB a program, and each slows the next."""
    yield
    if "jax" in sys.modules:
        sys.modules["jax"].clear_caches()


@functools.cache
def marks_slow(path: Path) -> bool:
    return bool(MARKS_SLOW.search(path.read_text(encoding="utf-8")))


def pytest_ignore_collect(collection_path, config):
    """Import no file without slow tests where those alone are wanted."""
    slow_alone = config.option.markexpr.startswith(("slow", "optimized"))
    if slow_alone and collection_path.suffix == ".py":
        return not marks_slow(collection_path) or None


@pytest.hookimpl(wrapper=True)
def pytest_collect_file():
    """Look for no examples in the files of tests, which have none."""
    found = yield
    return [each for each in found if type(each).__name__ != "DoctestModule"]


@pytest.hookimpl(tryfirst=True)
def pytest_itemcollected(item):
    """Mark the cases of a test as slow, but for those that it calls usual."""
    usual = item.get_closest_marker("usual")
    if usual and item.callspec.id not in usual.args:
        item.add_marker("slow")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    """Have no slow test in a file that would be left out, and no usual case of none."""
    for path in {each.path for each in items if each.get_closest_marker("slow")}:
        if not marks_slow(path):
            raise pytest.UsageError(f"tests/conftest.py finds no slow test in {path}")
    if config.getoption("lf") or any("::" in each for each in config.args):
        return  # not all cases of a test are seen
    wanted, cases = {}, {}
    for item in items:
        if usual := item.get_closest_marker("usual"):
            test = item.nodeid.split("[")[0]
            wanted[test] = {*usual.args}
            cases.setdefault(test, set()).add(item.callspec.id)
    for test, usual in wanted.items():
        if lost := usual - cases[test]:
            raise pytest.UsageError(f"{test}: no case is {', '.join(sorted(lost))}")


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
