"""A training shown live: every tag is written, on loopback alone, until Ctrl-C."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path

import pytest
from interruptible import interruptible

from study.lab.data import digits
from study.lab.execute import tensorboard

ROOT = Path(__file__).parents[3]
LAYERS = (*tensorboard.HIDDEN, "out")
SHOWN = """
from study.lab.execute import command, tensorboard
from study.lab.data import digits

tensorboard.DATA, tensorboard.EPOCHS = digits(train=50, validation=20), {epochs}
raise SystemExit(command.main(["tensorboard"]))
"""
PLAIN, WEIGHTS = ("loss", "accuracy"), ("kernel", "bias")
LIMIT = 120  # seconds, most of which go into importing TensorFlow on a busy machine


def tags(folder):
    """Map the place of each tag in the event files to the epochs it has values of."""
    found = {}
    for tag, step, _ in tensorboard.recorded(folder):
        found.setdefault(tag, []).append(step)
    return found


def test_a_training_writes_scalars_and_histograms_of_every_epoch(tmp_path):
    tensorboard.train(tmp_path, digits(train=50, validation=20), epochs=2)
    # Keras puts the model's name, which is numbered, before those of its weights.
    found = {
        re.sub(r":sequential\w*/", ":", tag): each
        for tag, each in tags(tmp_path).items()
    }
    wanted = {
        *(f"{part}:epoch_{of}" for part in ("train", "validation") for of in PLAIN),
        *(f"train:{each}/{of}/histogram" for each in LAYERS for of in WEIGHTS),
        *(f"weight_norms:weight_norms/{each}" for each in LAYERS),
        *(f"gradient_norms:gradient_norms/{each}" for each in LAYERS),
        *(f"gradient_norms:gradient_norms/{each}/histogram" for each in LAYERS),
        *(
            f"activations:activations/{each}/{of}"
            for each in tensorboard.HIDDEN
            for of in ("mean", "stddev", "zeros", "histogram")
        ),
        *(f"dead_units:dead_units/{each}" for each in tensorboard.HIDDEN),
        "learning_rate:learning_rate/learning_rate",
    }
    assert wanted <= {*found}
    assert all(found[tag] == [0, 1] for tag in wanted)
    assert "train:keras" in found  # the network


def test_every_run_has_a_folder_of_its_own(tmp_path):
    folders = [tensorboard.fresh(tmp_path / "runs") for _ in range(3)]
    assert [each.name for each in folders] == ["run-1", "run-2", "run-3"]
    assert all(each.is_dir() for each in folders)


@pytest.fixture
def taken():
    """Hold TensorBoard's own port, or find it held by somebody else."""
    with socket.socket() as held:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            held.bind(("127.0.0.1", 6006))
            held.listen()
        except OSError:
            pass
        yield


def refused(host, port):
    with socket.socket() as caller:
        caller.settimeout(5)
        return caller.connect_ex((host, port)) != 0


@pytest.mark.slow
def test_ctrl_c_ends_it_at_once_and_it_is_shown_to_this_machine_alone(tmp_path, taken):
    # In turn: a neighbor at the same time would take the port that the other leaves.
    for epochs, moment in ((10**6, "Epoch 3/"), (1, "still shows")):
        folder = tmp_path / f"{epochs}"
        folder.mkdir()
        assert_ctrl_c_ends_it(folder, epochs, moment)


def assert_ctrl_c_ends_it(tmp_path, epochs, moment):
    with subprocess.Popen(
        [sys.executable, "-c", SHOWN.format(epochs=epochs)],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        preexec_fn=interruptible,
    ) as process:
        late = threading.Timer(LIMIT, process.kill)
        late.start()
        try:
            out = ""
            while moment not in out:
                line = process.stdout.readline()
                assert line, out
                out += line
            port = int(re.search(r"http://127\.0\.0\.1:(\d+)/ shows ", out)[1])
            assert port > 6006  # which is taken
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/data/runs") as page:
                assert page.status == 200
            assert refused("127.0.0.2", port), "it listens on other addresses too"
            start = time.monotonic()
            process.send_signal(signal.SIGINT)
            rest = process.stdout.read()
            code = process.wait()
            assert time.monotonic() - start < 5
        finally:
            late.cancel()
            process.kill()
    assert code == 0, rest
    folder = Path("build", "tensorboard", "run-1")
    assert rest.endswith(f"{folder}: the event files are kept\n")
    assert "Traceback" not in out + rest
    assert refused("127.0.0.1", port)
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)  # nothing that it started is left
    assert any(each.startswith("train:") for each in tags(tmp_path / folder))
