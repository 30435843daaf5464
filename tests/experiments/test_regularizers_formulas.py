"""Regularizers: the bound of max-norm lacks its end."""

from modules import module

from study.lab.data import Draws
from study.lab.judge import judge_all


def test_a_unit_that_is_put_back_lies_on_the_bound():
    finding = module("regularizers_formulas").EXPERIMENT
    tables = finding.run(draws=Draws("draft"), replicates=1)
    judged = {x.id: y for x, y in judge_all(finding, tables)}
    assert judged["d4-28"].word == "exact"
    assert judged["d4-29"].word == "exact (with a condition)"
    assert judged["d4-29"].reason.startswith("provided that c itself is allowed")
