"""What is shown: the order and the words of a sweep, from a plain table."""

from xml.etree import ElementTree

import pandas as pd
import pytest

from study.lab.errors import StudyError
from study.lab.figures import Points
from study.lab.figures.shown import Shown

TABLE = pd.DataFrame(
    {
        "rate": ["slow", "fast"] * 2,
        "replicate": [0, 0, 1, 1],
        "diverged": [None] * 4,
        "error": [3.0, 1.0, 4.0, 2.0],
    }
)
FIGURE = Points("error", rows="rate")


def test_labels_stand_in_the_order_of_the_sweep_or_of_the_rows():
    assert Shown(TABLE).levels(TABLE, "rate") == ["slow", "fast"]
    swept = Shown(TABLE, sweep={"rate": ("fast", "none", "slow")})
    assert swept.levels(TABLE, "rate") == ["fast", "slow"]


def test_a_measure_has_its_label_and_unit_where_it_has_them():
    shown = Shown(TABLE, labels={"error": "test error"}, units={"error": "%"})
    assert shown.label("error") == "test error (%)"
    assert shown.label("error", unit=False) == "test error"
    assert Shown(TABLE).label("error") == "error"


def test_a_figure_is_drawn_of_a_table_alone():
    svg = FIGURE.svg(Shown(TABLE))
    assert ElementTree.fromstring(svg).tag.endswith("svg")
    assert FIGURE.alt(Shown(TABLE)).endswith("3.5 with slow, 1.5 with fast.")


def test_a_message_begins_with_the_finding_s_name():
    shown = Shown(TABLE.drop(columns="rate"), name="rates")
    with pytest.raises(StudyError, match=r"^rates: figures\[Points\]: .*no 'rate'"):
        FIGURE.draw(shown)
