"""WeightNorms: the norms after each epoch, in Python and in TensorBoard."""

import numpy as np
import pytest
from recorded import again, by_hand, events, fit, scalars

from study.callbacks import WeightNorms


def norms(model):
    return [np.sqrt((kernel**2).sum()) for kernel in model.get_weights()[::2]]


def test_it_records_the_norm_of_every_kernel_after_each_epoch():
    record = WeightNorms()
    fit(again(), record)
    wanted = np.transpose(by_hand(again(), norms))
    assert list(record.history) == ["epoch", "first", "second", "out"]
    for name, values in zip(("first", "second", "out"), wanted, strict=True):
        assert record.history[name] == pytest.approx(values, rel=1e-5)
        assert len({*values}) == 5


def test_the_last_record_is_the_trained_model():
    record = WeightNorms(every=5)
    model = again()
    fit(model, record)
    for name, norm in zip(("first", "second", "out"), norms(model), strict=True):
        assert record.history[name] == pytest.approx([norm], rel=1e-6)


def test_events_have_a_tag_a_layer_with_the_same_values(tmp_path):
    record = WeightNorms(every=2, log_dir=tmp_path)
    fit(again(), record)
    folder = tmp_path / "weight_norms"
    tags = [f"weight_norms/{name}" for name in ("first", "second", "out")]
    assert events(folder).Tags()["scalars"] == tags
    for tag in tags:
        steps, values = scalars(folder, tag)
        assert steps == [1, 3]
        assert values == pytest.approx(record.history[tag.split("/")[1]])
