"""Show a training live."""

import os
import signal
from pathlib import Path

from study.lab import machine


def add_options(parser):
    """Take no options."""


def call(options) -> int:
    """train a small network and show it live in TensorBoard"""
    from study.lab.execute import tensorboard

    machine.require_device()
    tensorboard.DATA.prepare(print)
    folder = tensorboard.fresh(Path("build", "tensorboard"))
    url = tensorboard.serve(folder)
    print(f"{url} shows {folder}; Ctrl-C ends it", flush=True)
    try:
        tensorboard.train(folder, tensorboard.DATA, tensorboard.EPOCHS)
        print(f"{url} still shows what was trained; Ctrl-C ends it", flush=True)
        signal.pause()
    except KeyboardInterrupt:
        print(f"\n{folder}: the event files are kept", flush=True)
        # TensorBoard's reader, a thread in native code, may abort an orderly end.
        os._exit(0)
    return 0
