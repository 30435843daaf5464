"""Load saved models in a process that has trained nothing.

It is told, a line at a time, a folder, a batch size and the modules of the components;
it answers with a line when the folder's outputs are written.
"""

import importlib
import json
import sys
from pathlib import Path

import keras
import numpy as np


def train(folder, batch, modules):
    """Write the outputs of all models in a folder, before and after one epoch more."""
    for module in ("registered", *modules):
        importlib.import_module(module)
    for path in folder.glob("*.keras"):
        model = keras.saving.load_model(path)
        *x, y = np.load(path.with_suffix(".npz")).values()
        model.run_eagerly = True  # few steps: compiling would take longer
        before = outputs(model, x)
        model.fit(x, y, batch, shuffle=False, verbose=0)
        after = outputs(model, x)
        np.savez(folder / f"{path.stem}-fresh.npz", before=before, after=after)


def outputs(model, x):
    return keras.ops.convert_to_numpy(model(x, training=False))


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    for line in sys.stdin:
        folder, batch, modules = json.loads(line)
        train(Path(folder), batch, modules)
        print("done", flush=True)
