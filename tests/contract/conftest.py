"""Repeat every promise for every component of a kind, and train each kind once."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from contract import Kind
from processes import environment

HERE = Path(__file__).parent


def pytest_generate_tests(metafunc):
    kind = metafunc.cls
    if "name" in metafunc.fixturenames and kind and issubclass(kind, Kind):
        metafunc.parametrize("name", kind.names())


@pytest.fixture(scope="class")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("contract")


@pytest.fixture(scope="class")
def plain(request, folder):
    return request.cls().train_plainly(folder)


@pytest.fixture(scope="class")
def compiled(request):
    return request.cls().train_compiled()


@pytest.fixture(scope="class")
def half(request):
    return request.cls().train_in_half_precision()


@pytest.fixture(scope="session")
def elsewhere(tmp_path_factory):
    """Return a function that loads and trains what a folder holds in a process."""
    errors = tmp_path_factory.mktemp("elsewhere") / "errors"
    with (
        errors.open("w") as file,
        subprocess.Popen(
            [sys.executable, HERE / "fresh.py"],
            env=environment(os.environ.get("HIDDEN", "").split()),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=file,
            text=True,
        ) as process,
    ):

        def train(folder, batch, modules):
            request = json.dumps([str(folder), batch, modules])
            print(request, file=process.stdin, flush=True)
            assert process.stdout.readline() == "done\n", errors.read_text()[-3000:]

        yield train
        process.stdin.close()


@pytest.fixture(scope="class")
def fresh(request, folder, plain, elsewhere):
    _, further = plain
    return request.cls().train_afresh(folder, further, elsewhere)
