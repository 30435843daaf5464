"""Tables: one that stands alone has the name of the results, others have their own."""

import pandas as pd
import pytest

from study.lab.rules.named import alone, named, one

ONE, OTHER = pd.DataFrame({"x": [1]}), pd.DataFrame({"y": [2]})


def test_a_table_alone_is_the_results_and_comes_back_alone():
    assert [*named(ONE)] == ["results"]
    assert alone(named(ONE)) is ONE


def test_several_tables_keep_their_names():
    several = {"way": ONE, "end": OTHER}
    assert alone(named(several)) == several
    assert one(several, "end") is OTHER


def test_a_table_that_is_not_there_is_told_with_those_that_are():
    with pytest.raises(ValueError, match=r"Expected a table `results`\. Received: way"):
        one({"way": ONE}, "results")
