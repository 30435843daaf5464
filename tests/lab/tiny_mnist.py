"""A miniature of MNIST and of the places it comes from, for tests."""

import contextlib
import functools
import gzip
import hashlib
import http.server
import io
import socket
import tarfile
import threading
import time
from pathlib import Path

import numpy as np

from study.lab.data.mnist_sources import IdxFile

PARTS = {
    "x_train": ("train-images-idx3-ubyte", (12, 28, 28)),
    "y_train": ("train-labels-idx1-ubyte", (12,)),
    "x_test": ("t10k-images-idx3-ubyte", (6, 28, 28)),
    "y_test": ("t10k-labels-idx1-ubyte", (6,)),
}


@functools.cache
def contents() -> dict[str, np.ndarray]:
    """Make 12 training and 6 test examples of noise."""
    random = np.random.default_rng(0)
    return {
        name: random.integers(0, 256 if "x" in name else 10, shape, dtype=np.uint8)
        for name, (_, shape) in PARTS.items()
    }


@functools.cache
def raw_files() -> dict[str, bytes]:
    """Return the four IDX files by name."""
    return {
        PARTS[name][0]: bytes([0, 0, 8, array.ndim])
        + np.array(array.shape, ">u4").tobytes()
        + array.tobytes()
        for name, array in contents().items()
    }


@functools.cache
def table() -> tuple[IdxFile, ...]:
    """Return what takes the place of `mnist_sources.FILES`."""
    return tuple(
        IdxFile(array, name, shape, hashlib.sha256(raw_files()[name]).hexdigest())
        for array, (name, shape) in PARTS.items()
    )


def folder(where: Path, *, compressed: bool = False) -> Path:
    """Write the four files to a folder."""
    where.mkdir()
    for name, raw in raw_files().items():
        if compressed:
            (where / f"{name}.gz").write_bytes(gzip.compress(raw))
        else:
            (where / name).write_bytes(raw)
    return where


def package(where: Path) -> Path:
    """Write an npm package that holds the four files."""
    with tarfile.open(where, "w:gz") as archive:
        for name, raw in raw_files().items():
            member = tarfile.TarInfo(f"package/data/{name}")
            member.size = len(raw)
            archive.addfile(member, io.BytesIO(raw))
    return where


def command(where: Path, script: str) -> None:
    """Write an executable that takes the place of a real one on PATH."""
    where.parent.mkdir(exist_ok=True)
    where.write_text(f"#!/bin/sh\n{script}\n")
    where.chmod(0o755)


@contextlib.contextmanager
def host(files: dict[str, bytes], *, pieces: int = 1, pause: float = 0.0):
    """Serve files on loopback, in pieces with a pause after each; yield the URL."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            data = files.get(self.path.lstrip("/"))
            if data is None:
                self.send_error(404)
                return
            self.send_response(200)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            with contextlib.suppress(OSError):
                for piece in np.array_split(np.frombuffer(data, np.uint8), pieces):
                    self.wfile.write(piece.tobytes())
                    time.sleep(pause)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.socket.close()


@contextlib.contextmanager
def black_hole():
    """Accept connections on loopback and never answer; yield the URL."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}/"
