"""Expect of Keras's tests, with our components, the differences that are listed."""

import builtins

import keras
import pytest
from differences import LIST, LISTED
from substituted import uses_ours


def pytest_configure(config):
    for name in ("multi_device", "requires_trainable_backend"):
        config.addinivalue_line("markers", f"{name}: a marker of Keras's tests")


def pytest_collection_modifyitems(config, items):
    named = {each: name_in_list(each.nodeid) for each in items}
    theirs = {each: name for each, name in named.items() if name}
    idle = {each for each in theirs if not uses_ours(each.cls, each.name)}
    config.hook.pytest_deselected(items=[*idle])
    items[:] = [each for each in items if each not in idle]
    for each in theirs.keys() - idle:
        row = LISTED.get(theirs[each])
        if row:
            error = getattr(builtins, row["error"])
            each.add_marker(pytest.mark.xfail(raises=error, reason=row["why"]))


def name_in_list(node):
    """Return how the list names a test, or "" if it is none of Keras's."""
    path, _, name = node.partition("::")
    return name if path.endswith("test_keras_tests.py") and "::" in name else ""


@pytest.fixture(autouse=True)
def alone():
    """Leave nothing to the next test that Keras's tests set for themselves."""
    keras.utils.set_random_seed(1)
    yield
    keras.config.enable_traceback_filtering()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if call.excinfo:
        report.user_properties.append(("error", call.excinfo.typename))
    return report


def pytest_terminal_summary(terminalreporter):
    """Print the rows that the list lacks or no longer needs."""
    for report in terminalreporter.stats.get("failed", []):
        name = name_in_list(report.nodeid)
        error = dict(report.user_properties).get("error")
        row = f"set {name},{error},WHY" if error else f"drop {name}"
        if name:
            terminalreporter.write_line(f"{LIST.name}: {row}")
