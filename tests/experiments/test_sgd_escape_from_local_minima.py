"""Escape from wells: the setting that is judged was chosen on draft seeds."""

from pathlib import Path

from study.lab.data import Draws
from study.lab.declare import registry

FILE = Path(__file__).parents[2] / "experiments" / "sgd_escape_from_local_minima.py"
SWEPT = ("SGD", "momentum", "Adam")


def test_the_setting_that_leads_deepest_on_draft_seeds_is_judged():
    # the very runs that choose
    table = registry.load(FILE).definition.run(Draws("draft"), replicates=5, starts=500)
    depth = table.groupby(["landscape", "method", "setting"])["depth"].mean()
    judged = table[table["judged"] == 1].groupby(["landscape", "method"])["setting"]
    assert judged.nunique().eq(1).all()
    for (landscape, method), setting in judged.first().items():
        depths = depth[landscape, method]
        assert len(depths) == (6 if method in SWEPT else 1)
        assert depths[setting] == depths.min()
