"""Escape from wells: the setting that is judged was chosen on draft seeds."""

from modules import module

from study.lab.data import Draws


def test_the_setting_that_leads_deepest_most_often_on_draft_seeds_is_judged(
    monkeypatch,
):
    finding = module("sgd_escape_from_local_minima")
    monkeypatch.setattr(finding, "STEPS", 200)
    # the very runs that choose
    table = finding.run(Draws("draft"), replicates=5, starts=500)
    share = table.groupby(["landscape", "method", "setting"])["in_deepest"].mean()
    judged = table[table["judged"] == 1].groupby(["landscape", "method"])["setting"]
    assert judged.nunique().eq(1).all()
    assert len(judged) == 8
    for (landscape, method), setting in judged.first().items():
        shares = share[landscape, method]
        assert len(shares) == 6
        assert shares[setting] == shares.max()


def test_gradient_descent_gets_no_step_that_is_unstable():
    finding = module("sgd_escape_from_local_minima")
    assert max(finding.SETTINGS[finding.PLAIN]) < 2
    assert {len(each) for each in finding.SETTINGS.values()} == {6}
