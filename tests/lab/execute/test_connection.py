"""Joining a cluster: what is wrong is one line, and nothing opens to others."""

import importlib.util
import socket
import sys
import threading

import pytest

from study.lab.errors import StudyError
from study.lab.execute import connection


@pytest.fixture(autouse=True)
def alone(monkeypatch):
    """Have none of Ray's variables, before the test and after."""
    monkeypatch.setattr(connection.os, "environ", {})


def refused(address):
    with pytest.raises(StudyError) as error:
        connection.connect(address, 1)
    assert "\n" not in str(error.value)
    return str(error.value)


@pytest.mark.parametrize("address", ["", "host", "host:", ":6379", "host:x", "h:70000"])
def test_an_address_is_local_or_a_host_and_a_port(address):
    said = refused(address)
    assert "expected local, or host:port" in said
    assert f"Received: {address!r}" in said


@pytest.mark.parametrize("mode", [None, "disabled"])
def test_another_machine_is_not_reached_without_a_token(mode, monkeypatch):
    def reached(*_):
        raise AssertionError("it was reached")

    monkeypatch.setattr(socket, "create_connection", reached)
    if mode:
        connection.os.environ["RAY_AUTH_MODE"] = mode
    said = refused("192.0.2.1:6379")
    assert "expected Ray's token authentication" in said
    assert "`ray get-auth-token --generate`" in said
    assert "RAY_AUTH_MODE=token" in said


def test_an_address_that_does_not_answer_is_told_with_what_starts_a_cluster():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    said = refused(f"127.0.0.1:{port}")
    assert f"Received: 127.0.0.1:{port}: " in said
    assert "`ray start --head` starts one" in said


@pytest.mark.parametrize("words", [b"", b"HTTP/1.1 400 Bad Request"])
def test_what_answers_and_is_not_ray_is_told_soon(words, monkeypatch):
    monkeypatch.setattr(connection, "SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as server:
        answers = threading.Thread(target=lambda: server.accept()[0].sendall(words))
        answers.start()
        said = refused(f"127.0.0.1:{server.getsockname()[1]}")
        answers.join()
    assert "is not Ray; `ray start --head` starts one" in said


def test_what_takes_a_connection_and_says_nothing_is_told_soon(monkeypatch):
    monkeypatch.setattr(connection, "SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert ": timed out; " in refused(f"127.0.0.1:{server.getsockname()[1]}")


def test_without_ray_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    assert "install study with its extras lab, cpu and cluster" in refused("local")


def test_the_loopback_is_set_and_statistics_are_off_before_ray_is_imported(monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    refused("local")
    assert connection.os.environ["RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"] == "0"
    assert connection.os.environ["RAY_USAGE_STATS_ENABLED"] == "0"
    assert connection.os.environ["RAY_AUTH_MODE"] == "token"
    assert len(connection.os.environ["RAY_AUTH_TOKEN"]) == 64


def test_actors_of_this_machine_are_as_nice_as_this_process(monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    monkeypatch.setattr(connection.os, "nice", lambda change: 7 + change)
    refused("local")
    assert connection.os.environ["RAY_worker_niceness"] == "7"


def test_a_token_of_one_s_own_is_kept(monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    connection.os.environ.update(RAY_AUTH_MODE="token", RAY_AUTH_TOKEN="mine")
    refused("local")
    assert connection.os.environ["RAY_AUTH_TOKEN"] == "mine"


def test_nothing_of_ray_is_imported_unless_it_is_asked_for():
    for name in ("command", "cluster", "asking", "actors", "relay", "connection"):
        text = importlib.util.find_spec(f"study.lab.execute.{name}").loader.get_data(
            importlib.util.find_spec(f"study.lab.execute.{name}").origin
        )
        tops = [each for each in text.decode().splitlines() if each[:1] not in " #"]
        assert not any("import ray" in each or "from ray" in each for each in tops)
