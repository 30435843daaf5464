"""Repeat every promise for every component of a kind, and train each kind once."""

import pytest
from contract import Kind


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


@pytest.fixture(scope="class")
def fresh(request, folder, plain):
    return request.cls().train_afresh(folder)
