"""What the page says of a cluster is read off what was measured."""

from benchmarks import cluster


def test_the_efficiency_is_the_median_of_the_ratios_of_the_rounds(tmp_path):
    path = tmp_path / "race.csv"
    path.write_text(
        "work,executor,slots,seconds,load\n"
        "xor,ray,2,10.0,1\n"
        "xor,workers,2,9.0,1\n"
        "xor,workers,2,20.0,1\n"
        "xor,ray,2,20.0,1\n"
        "xor,ray,2,10.0,1\n"
        "xor,workers,2,9.4,1\n"
    )
    (row,) = cluster.raced(path)
    assert row["ratio"] == "0.94 (0.90 to 1.00)"
    assert (row["ray"], row["workers"], row["rounds"]) == ("10.0", "9.4", 3)
    assert row["met"] == "**no**"
    path.write_text(path.read_text().replace("9.4", "9.5"))
    assert cluster.raced(path)[0]["met"] == "yes"


def test_nothing_measured_is_no_part_of_the_page(tmp_path):
    assert cluster.waited(tmp_path / "none.csv") == []
    assert cluster.raced(tmp_path / "none.csv") == []
