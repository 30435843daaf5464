"""ActivationStatistics: numbers and histograms after each epoch, here and in events."""

import numpy as np
import pytest
from recorded import X, again, by_hand, events, fit, scalars

from study import probes
from study.callbacks import ActivationStatistics

NAMES = [
    *("first/mean", "first/stddev", "first/zeros"),
    *("second/mean", "second/stddev", "second/zeros", "second/saturated"),
]


def test_it_records_what_the_probe_says_after_each_epoch():
    record = ActivationStatistics(X[:7], margin=0.3)
    fit(again(), record)
    wanted = by_hand(
        again(), lambda model: probes.activation_statistics(model, X[:7], 0.3)
    )
    assert list(record.history) == ["epoch", *NAMES]
    for name in NAMES:
        layer, number = name.split("/")
        values = [float(each[layer][number]) for each in wanted]
        assert record.history[name] == pytest.approx(values, rel=1e-4, abs=1e-6)
    assert len(set(record.history["first/mean"])) == 5


def test_histograms_are_arrays_of_counts():
    record = ActivationStatistics(X, bins=6, range=(-1.5, 1.5))
    model = again()
    fit(model, record, epochs=3)
    assert list(record.history) == [
        *("epoch", *NAMES),
        *("first/histogram", "second/histogram"),
    ]
    np.testing.assert_allclose(record.edges, np.linspace(-1.5, 1.5, 7))
    last = record.history["second/histogram"][-1]
    np.testing.assert_array_equal(
        last, probes.activation_histograms(model, X, 6, (-1.5, 1.5))["second"]
    )
    assert last.sum() == X.shape[0] * 4  # tanh is within the range


def test_events_have_a_tag_a_number_and_histograms(tmp_path):
    record = ActivationStatistics(X, bins=6, range=(-1.5, 1.5), log_dir=tmp_path)
    fit(again(), record)
    folder = tmp_path / "activations"
    found = events(folder)
    assert found.Tags()["scalars"] == [f"activations/{name}" for name in NAMES]
    histograms = ["activations/first/histogram", "activations/second/histogram"]
    assert found.Tags()["histograms"] == histograms
    for name in NAMES:
        steps, values = scalars(folder, f"activations/{name}")
        assert steps == [0, 1, 2, 3, 4]
        assert values == pytest.approx(record.history[name])
    for tag in histograms:
        counts = [each.histogram_value.bucket for each in found.Histograms(tag)]
        kept = record.history[tag.removeprefix("activations/")]
        np.testing.assert_array_equal(counts, kept)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"bins": 0}, r"`bins` .*positive integer.*bins=0"),
        ({"bins": 3, "range": (1, 0)}, r"`range` .*first below the second"),
        ({"every": 0}, r"`every` .*positive integer.*every=0"),
    ],
)
def test_arguments_out_of_range_are_refused_at_once(options, message):
    with pytest.raises(ValueError, match=message):
        ActivationStatistics(X, **options)
