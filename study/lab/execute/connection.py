"""Start Ray on this machine or join its cluster, without opening either to others."""

import ipaddress
import os
import secrets
import signal
import socket
from contextlib import suppress

from study.lab.errors import StudyError

LOCAL = "local"
SECONDS = 5  # in which an address must answer
# The type of the frame by which HTTP/2, and so Ray, answers whoever connects. Of what
# answers otherwise, or not at all, Ray itself would tell after 13 minutes.
SETTINGS = b"\4"
# Before Ray is imported: it reads them then.
ALWAYS = {"RAY_USAGE_STATS_ENABLED": "0"}
# The variable for clusters on Windows and macOS is what keeps Ray to the loopback.
LOOPBACK = {"RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0"}
NICENESS = "RAY_worker_niceness"
TOKEN = "RAY_AUTH_MODE"
ADVICE = (
    "`ray get-auth-token --generate` makes a token in ~/.ray/auth_token; copy it to "
    f"every machine and set {TOKEN}=token there and here, before `ray start`"
)


def connect(address: str, slots: int):
    """Return the module `ray`, connected.

    Args:
        address: `"local"`, for a cluster of this machine alone that ends with this
            process, or host:port of one that was started by `ray start`.
        slots: How many tasks at a time a cluster of this machine does.

    Raises:
        StudyError: Where Ray is lacking, the address is wrong, unreachable or refuses
            this process, or where others could reach the cluster without a token.
    """
    os.environ.update(ALWAYS)
    if address == LOCAL:
        os.environ.update(LOOPBACK)
        # At Ray's own niceness for them, 15, actors lose to whatever else is done here.
        os.environ[NICENESS] = str(os.nice(0))
        if TOKEN not in os.environ:  # a token for this once, which Ray writes nowhere
            os.environ.update({TOKEN: "token", "RAY_AUTH_TOKEN": secrets.token_hex(32)})
        # Named, or Ray joins whatever cluster it finds on this machine.
        options = {"address": LOCAL, "num_cpus": slots, "include_dashboard": False}
    else:
        options = {"address": _checked(address)}
    ray = _ray()
    handlers = {each: signal.getsignal(each) for each in (signal.SIGTERM,)}
    try:
        ray.init(**options, log_to_driver=False, logging_level="ERROR")
    except Exception as error:
        what = str(error).strip().partition("\n")[0]
        raise StudyError(
            f"--cluster: expected a Ray cluster that takes this process in. Received: "
            f"{address}: {type(error).__name__}: {what}; see that Ray, Python and the "
            "token are the same there"
        ) from error
    finally:
        for each, handler in handlers.items():  # Ray sets its own
            signal.signal(each, handler)
    open_to = [each["NodeManagerAddress"] for each in ray.nodes() if each["Alive"]]
    if not token() and not all(map(_is_loopback, open_to)):
        ray.shutdown()
        raise _unsafe(address)
    return ray


def token() -> bool:
    """Return whether Ray's processes here ask others for a token."""
    return os.environ.get(TOKEN, "").lower() == "token"


def _checked(address):
    """Return an address that answers and is safe to join."""
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal() or int(port) > 65_535:
        raise StudyError(
            f"--cluster: expected {LOCAL}, or host:port of a cluster that `ray start` "
            f"told. Received: {address!r}"
        )
    if _is_loopback(host):
        os.environ.update(LOOPBACK)
    elif not token():
        raise _unsafe(address)
    try:
        with socket.create_connection((host, int(port)), SECONDS) as there:
            if not os.environ.get("RAY_USE_TLS") and there.recv(4)[3:] != SETTINGS:
                raise OSError("what answers there is not Ray")
    except OSError as error:
        raise StudyError(
            f"--cluster: expected a cluster that answers within {SECONDS} s. Received: "
            f"{address}: {error}; `ray start --head` starts one"
        ) from error
    return address


def _unsafe(address):
    return StudyError(
        f"--cluster: expected Ray's token authentication where machines other than "
        f"this one are reached, for whoever reaches Ray runs what he likes. Received: "
        f"{address} with {TOKEN}={os.environ.get(TOKEN, '')}; {ADVICE}"
    )


def _is_loopback(host):
    with suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return host == "localhost"


def _ray():
    try:
        import ray
    except ModuleNotFoundError as error:
        raise StudyError(
            "--cluster: expected the package ray. Received: none; `make reports "
            f"CLUSTER={LOCAL}` installs it, or install study with its extras lab, cpu "
            "and cluster"
        ) from error
    return ray
