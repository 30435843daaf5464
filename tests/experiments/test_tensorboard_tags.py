"""TensorBoard's tags: what lacks a tag or a value is told."""

import pandas as pd
from modules import module


def missing(tags, epochs):
    names = vars(module("tensorboard_tags"))
    rows = [{"tag": tag, "epoch": i} for tag in tags for i in range(epochs)]
    rows.append({"tag": "else", "epoch": 0})
    found = {row["kind"]: row["missing"] for row in names["counts"](pd.DataFrame(rows))}
    return found["gradients: a norm a layer"], found["gradients: a histogram a layer"]


def test_every_tag_counts_and_every_epoch():
    tags = [f"gradient_norms:gradient_norms/{i}" for i in range(3)]
    assert missing(tags, 10) == (0, 3)
    assert missing(tags[:2], 10) == (1, 3)
    assert missing(tags, 9) == (3, 3)
    assert missing([], 0) == (3, 3)
    histograms = [f"{tag}/histogram" for tag in tags]
    assert missing(histograms, 10) == (3, 0)
    assert missing([*tags, *histograms[:1]], 10) == (0, 2)
