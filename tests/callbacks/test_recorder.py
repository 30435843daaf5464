"""Recorder: how often, what is kept, and the events that TensorBoard reads."""

import sys

import numpy as np
import pytest
from recorded import again, events, fit, scalars

from study.callbacks.recorder import Recorder


class Epochs(Recorder):
    """Record the number of calls and, with bins, counts of it."""

    group = "calls"
    edges = np.array([0.0, 1.0, 3.0])

    def on_train_begin(self, logs=None):
        super().on_train_begin(logs)
        self.calls = 0

    def measure(self, logs):
        self.calls += 1
        counts = np.array([self.calls, 2], "int32")
        return {"number": np.float32(self.calls / 2), "counts": counts}


@pytest.mark.parametrize(
    ("every", "epochs"), [(1, [0, 1, 2, 3, 4]), (2, [1, 3]), (5, [4]), (6, [])]
)
def test_a_record_is_made_every_so_many_epochs(every, epochs):
    record = Epochs(every)
    fit(again(), record)
    assert record.history["epoch"] == epochs
    assert len(record.history.get("number", [])) == len(epochs) == record.calls


def test_the_history_holds_numbers_of_python_and_arrays_of_numpy():
    record = Epochs()
    fit(again(), record, epochs=2)
    assert record.history["number"] == [0.5, 1.0]
    assert all(type(each) is float for each in record.history["number"])
    np.testing.assert_array_equal(record.history["counts"], [[1, 2], [2, 2]])


def test_epochs_are_those_of_fit_and_a_new_fit_starts_anew():
    record = Epochs()
    model = again()
    fit(model, record, epochs=2)
    fit(model, record, initial_epoch=3, epochs=5)
    assert record.history["epoch"] == [3, 4]
    assert record.history["number"] == [0.5, 1.0]


def test_events_have_a_tag_each_with_every_record(tmp_path):
    fit(again(), Epochs(every=2, log_dir=tmp_path), epochs=6)
    found = events(tmp_path / "calls")
    assert found.Tags()["scalars"] == ["calls/number"]
    assert found.Tags()["histograms"] == ["calls/counts"]
    assert scalars(tmp_path / "calls", "calls/number") == ([1, 3, 5], [0.5, 1.0, 1.5])
    times = [each.wall_time for each in found.Scalars("calls/number")]
    assert times == sorted(times)
    assert times[0] > 1e9
    for number, each in enumerate(found.Histograms("calls/counts"), start=1):
        histogram = each.histogram_value
        assert histogram.bucket_limit == [1.0, 3.0]
        assert histogram.bucket == [number, 2]
        assert (histogram.min, histogram.max, histogram.num) == (0, 3, number + 2)


def test_tensorboard_draws_the_histograms_in_their_bins(tmp_path):
    fit(again(), Epochs(log_dir=str(tmp_path)), epochs=1)
    events(tmp_path / "calls")
    from tensorboard import data_compat
    from tensorboard.backend.event_processing import event_file_loader
    from tensorboard.util import tensor_util

    (path,) = (tmp_path / "calls").iterdir()
    raw = event_file_loader.LegacyEventFileLoader(str(path)).Load()
    (entry,) = (
        value
        for event in raw
        for value in event.summary.value
        if value.tag == "calls/counts"
    )
    migrated = data_compat.migrate_value(entry)
    buckets = tensor_util.make_ndarray(migrated.tensor)
    np.testing.assert_array_equal(buckets, [[0, 1, 1], [1, 3, 2]])


def test_a_second_training_adds_a_file(tmp_path):
    record = Epochs(log_dir=tmp_path)
    model = again()
    events(tmp_path)
    fit(model, record, epochs=2)
    fit(model, record, epochs=2)
    assert len(list((tmp_path / "calls").iterdir())) == 2


def test_nothing_is_written_unless_it_is_asked_for(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    fit(again(), Epochs())
    assert not list(tmp_path.iterdir())


def test_without_tensorboard_the_message_says_what_to_install(tmp_path, monkeypatch):
    for name in [each for each in sys.modules if each.startswith("tensorboard")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "tensorboard", None)
    record = Epochs(log_dir=str(tmp_path))
    with pytest.raises(ImportError, match=r"pip install tensorboard.*log_dir="):
        fit(again(), record)
    fit(again(), Epochs())  # which needs none of it


@pytest.mark.parametrize("every", [0, -1, 1.5])
def test_a_distance_that_is_no_positive_integer_is_refused(every):
    message = rf"`every` .*expected a positive integer\. Received: every={every}"
    with pytest.raises(ValueError, match=message):
        Epochs(every)
