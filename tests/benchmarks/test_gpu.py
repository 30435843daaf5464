"""On a GPU: every contestant runs, here at a tiny size, and targets are judged."""

import json

import pandas as pd
import pytest

from benchmarks import gpu, gpu_report, table, works
from benchmarks.contestant import ON_GPU, load
from study.lab import machine
from study.lab.errors import StudyError

TORCH = [name for name in ON_GPU if name.startswith("torch")]


def timed(folder, *rows):
    """Write a table of what was timed: work, contestant, runs, ms, TF32."""
    names = ("work", "contestant", "runs", "ms", "tf32")
    found = [dict(zip(names, row, strict=True)) for row in rows]
    found = [{"start": 1.0, "memory": 100, "gflops": None} | row for row in found]
    found.append({"work": "peak", "tf32": "off", "gflops": 50_000.0})
    pd.DataFrame(found).to_csv(folder / "gpu.csv", index=False)
    told = {"versions": {"jax": "0.10"}, "processor": "a card", "device": "GPU, x86_64"}
    (folder / "gpu.json").write_text(json.dumps(told))
    return "\n".join(gpu_report.lines(folder))


def test_every_contestant_has_steps_and_every_target_something_to_compare():
    assert [*works.ON_GPU] == ["A", "C", "D", "E"]
    for work in works.ON_GPU.values():
        assert {*work.steps} <= {*ON_GPU}
        assert work.chief in work.steps["ours_gpu"]
    for target in gpu_report.TARGETS:
        steps = works.ON_GPU[target.work].steps
        assert target.runs in steps["ours_gpu"]
        assert target.peer in {*steps, "peak"}
    assert {*gpu_report.TITLES} == {*ON_GPU}


def test_a_target_takes_the_fastest_stack_of_a_peer_under_the_same_setting(tmp_path):
    said = timed(
        tmp_path,
        ("A", "ours_gpu", 1_000, 0.01, "off"),
        ("A", "torch_vmap", 100, 0.014, "off"),
        ("A", "torch_vmap", 1_000, 0.012, "off"),
        ("A", "torch_eager", 1, 0.4, "off"),
        ("A", "ours_gpu", 1_000, 0.02, "on"),
        ("A", "torch_eager", 1, 0.4, "on"),
    )
    vmap = "A, 1,000 runs, by `torch.func.vmap`"
    eager = "A, 1,000 runs, by PyTorch, eager loop"
    assert f"| {vmap} | 1.3 | off | 1.2 | **no** |" in said
    assert f"| {vmap} | 1.3 | on | not measured |  |" in said
    assert f"| {eager} | 30 | off | 40 | yes |" in said
    assert f"| {eager} | 30 | on | 20 | **no** |" in said


def test_the_share_of_the_peak_counts_products(tmp_path):
    ms = works.ON_GPU["C"].flops / 26_000 / 1e6  # 26 TFLOP/s of 50
    said = timed(tmp_path, ("C", "ours_gpu", 1, ms, "off"))
    assert "| C, 1 run, by the peak of sgemm | 0.5 | off | 0.52 | yes |" in said
    assert "| C | ours, JAX | 1 | off |" in said
    assert "| 52.0% | 1.0 | 100 |" in said


def test_where_nothing_was_timed_the_page_says_that_no_gpu_was_seen(tmp_path):
    assert gpu_report.lines(tmp_path) == [gpu_report.NOTHING]
    assert gpu_report.NOTHING in table.render(table.Path("benchmarks"))


def test_without_a_gpu_one_line_says_so_and_nothing_is_written(tmp_path, monkeypatch):
    monkeypatch.setattr(machine, "DEVICE", "gpu")
    monkeypatch.setattr(machine, "_gpus", list)
    monkeypatch.setattr(machine.os, "environ", {**machine.os.environ})
    with pytest.raises(StudyError, match=r"^DEVICE: \w+ sees no GPU"):
        gpu.measure([], tmp_path)
    assert [*tmp_path.iterdir()] == []


def test_an_unknown_work_is_named(tmp_path):
    with pytest.raises(StudyError, match=r"among A, C, D, E\. Received: B"):
        gpu.measure(["B"], tmp_path)


def test_both_sides_are_told_of_tensorfloat_alike(monkeypatch):
    monkeypatch.setattr(machine, "DEVICE", "gpu")
    ours, torch = (gpu._environment(x, "on") for x in ("ours_gpu", "torch_eager"))
    assert ours["JAX_DEFAULT_MATMUL_PRECISION"] == "tensorfloat32"
    assert torch["BENCHMARK_PRECISION"] == "high"
    assert not {"NVIDIA_TF32_OVERRIDE"} & ({*ours} | {*torch})
    ours, torch = (gpu._environment(x, "off") for x in ("ours_gpu", "torch_eager"))
    assert ours["JAX_DEFAULT_MATMUL_PRECISION"] == "highest"
    assert torch["BENCHMARK_PRECISION"] == "highest"


def tried(contestant, work):
    """Time a contestant on a tiny work by each number of runs."""
    tiny = works.ON_GPU[work].tiny()
    for runs, steps in tiny.steps[contestant].items():
        found = load(contestant).measure(tiny, runs, steps)
        assert found["ms"] > 0
        assert found["start"] >= 0
        assert found["memory"] > 0


@pytest.mark.skipif(machine.BACKEND != "jax", reason="that trains on JAX there")
@pytest.mark.parametrize("work", works.ON_GPU)
def test_ours_trains_every_work(work, monkeypatch):
    from study.lab.train import stretches

    monkeypatch.setattr(stretches, "LONGEST", stretches.LONGEST)  # put back after it
    tried("ours_gpu", work)


@pytest.mark.slow
@pytest.mark.parametrize("contestant", TORCH)
@pytest.mark.parametrize("work", works.ON_GPU)
def test_pytorch_trains_every_work(contestant, work):
    pytest.importorskip("torch")
    tried(contestant, work)
