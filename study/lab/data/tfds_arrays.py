"""Write arrays of an image classification: `python -P tfds_arrays.py NAME DATA_DIR`.

Into the current folder it writes x_train.npy and the others. The file `mistake` says of
a data set why it cannot be had as arrays, and `error` what else went wrong. While it
downloads, which TFDS does without a word and for very long where there is no network,
there is a file `downloading`: `study.lab.data.watchdog` ends this program then.
"""

import difflib
import functools
import math
import os
import sys
from pathlib import Path

os.environ["CUDA_VISIBLE_DEVICES"] = ""
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import numpy as np
import tensorflow_datasets as tfds

MOST = 2_000_000_000  # bytes of arrays, which are held in memory
DOWNLOADING = Path("downloading")


class Unfit(Exception):
    """The data set cannot be had as arrays of images and classes."""


def write(name: str, folder: Path) -> None:
    """Write the arrays of the data set that TFDS knows by a name."""
    names = tfds.list_builders(with_community_datasets=False)
    if name not in names:
        near = " or ".join(difflib.get_close_matches(name, names, n=3))
        hint = f"did you mean {near}?" if near else "tfds.list_builders() has them"
        raise Unfit(
            "expected `digits`, a folder of IDX files, a .npz file or a name of "
            f"TensorFlow Datasets. Received: {name!r}; {hint}"
        )
    builder = tfds.builder(name)
    if not builder.is_prepared():
        builder = tfds.builder(name, data_dir=folder)
    check(builder)
    if not builder.is_prepared():
        builder._split_generators = marked(builder._split_generators)
        builder.download_and_prepare(
            download_dir=Path("downloads").absolute(),
            download_config=tfds.download.DownloadConfig(try_download_gcs=False),
        )
        check(builder)
    image, label = builder.info.supervised_keys
    for split in ("train", "test"):
        found = tfds.as_numpy(builder.as_dataset(split=split, batch_size=-1))
        np.save(f"x_{split}.npy", found[image])
        np.save(f"y_{split}.npy", found[label])


def check(builder) -> None:
    """Raise where examples are not images of one size, each of one class."""
    info = builder.info
    keys = info.supervised_keys or ()
    kinds = [type(info.features[each]).__name__ for each in keys if type(each) is str]
    if kinds != ["Image", "ClassLabel"]:
        raise Unfit(
            "expected images, each of one class. Received: "
            f"{', '.join(kinds) or 'examples of another kind'}"
        )
    shape = info.features[keys[0]].shape
    if None in shape:
        raise Unfit(f"expected images of one size. Received: shape {shape}")
    if not info.splits:  # known once it is prepared
        return
    lacking = {"train", "test"} - {*info.splits}
    if lacking:
        raise Unfit(
            "expected examples to train and others to test on. Received: "
            f"{', '.join(info.splits)}; set some apart and save all as a .npz file"
        )
    examples = sum(info.splits[each].num_examples for each in ("train", "test"))
    if examples * math.prod(shape) > MOST:
        raise Unfit(
            f"expected at most {MOST:,} bytes, which are held in memory. Received: "
            f"{examples:,} images of shape {shape}"
        )


def marked(generators):
    """Have a file be there while data are downloaded."""

    @functools.wraps(generators)
    def found(*arguments, **options):
        DOWNLOADING.touch()
        splits = generators(*arguments, **options)
        DOWNLOADING.unlink()
        return splits

    return found


if __name__ == "__main__":
    try:
        write(sys.argv[1], Path(sys.argv[2]))
    except Unfit as why:
        Path("mistake").write_text(str(why))
        sys.exit(1)
    except Exception as error:
        Path("error").write_text(f"{type(error).__name__}: {error}")
        raise
