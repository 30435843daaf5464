"""Write MNIST in TFDS's format: `python -P mnist_tfds.py ARRAYS DATA_DIR`.

TFDS's own builder downloads MNIST and is very patient with a dead network. This
one differs only in where the examples come from: the arrays in the folder ARRAYS.
Name, version, features and keys stay the same, so stock TFDS reads the result as
its own. It is a program of its own to keep TensorFlow, its log and its hold on a
GPU out of the process that asks for MNIST.
"""

import sys
from pathlib import Path

import numpy as np
import tensorflow_datasets as tfds
from tensorflow_datasets.image_classification import mnist

with tfds.core.registered.skip_registration():

    class MNIST(mnist.MNIST):
        """TFDS's MNIST, from arrays on disk."""

        def __init__(self, arrays: Path, **options):
            self._arrays = arrays
            super().__init__(**options)

        def _split_generators(self, dl_manager):
            return {name: self._generate_examples(name) for name in ("train", "test")}

        def _generate_examples(self, split):
            images = np.load(self._arrays / f"x_{split}.npy", mmap_mode="r")
            labels = np.load(self._arrays / f"y_{split}.npy", mmap_mode="r")
            for index, (image, label) in enumerate(zip(images, labels, strict=True)):
                yield index, {"image": image[..., None], "label": int(label)}


if __name__ == "__main__":
    builder = MNIST(Path(sys.argv[1]), data_dir=sys.argv[2])
    builder.download_and_prepare(
        download_config=tfds.download.DownloadConfig(try_download_gcs=False)
    )
