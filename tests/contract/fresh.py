"""Load saved models where nothing but the components' modules has been imported."""

import importlib
import sys
from pathlib import Path

import keras
import numpy as np


def main(folder, batch, *modules):
    """Write the outputs of all models in a folder, before and after one epoch more."""
    sys.path.insert(0, str(Path(__file__).parent))
    for module in ("registered", *modules):
        importlib.import_module(module)
    for path in folder.glob("*.keras"):
        model = keras.saving.load_model(path)
        *x, y = np.load(path.with_suffix(".npz")).values()
        model.run_eagerly = True  # few steps: compiling would take longer
        before = outputs(model, x)
        model.fit(x, y, int(batch), shuffle=False, verbose=0)
        after = outputs(model, x)
        np.savez(folder / f"{path.stem}-fresh.npz", before=before, after=after)


def outputs(model, x):
    return keras.ops.convert_to_numpy(model(x, training=False))


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
