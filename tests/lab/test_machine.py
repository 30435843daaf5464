"""The machine: what workers are told, and clear words where there is no such thing."""

import os
import subprocess
import sys

import pytest

from study.lab import machine
from study.lab.errors import StudyError

COMPILED = """
import keras
dense = keras.layers.Dense(1, kernel_initializer="ones")
model = keras.Sequential([keras.Input((2,)), dense])
model.compile(jit_compile=True)
print(model.predict(keras.ops.convert_to_tensor([[2.0, 4.0]]), verbose=0).item())
"""


def test_narrow_workers_have_one_thread_and_wide_ones_are_left_alone():
    one, all_of_them = machine.environment("one"), machine.environment("all")
    assert one["TF_NUM_INTRAOP_THREADS"] == one["OPENBLAS_NUM_THREADS"] == "1"
    assert not {*all_of_them} & {"TF_NUM_INTRAOP_THREADS", "XLA_FLAGS"}


def test_in_haste_a_cpu_s_programs_are_compiled_with_few_passes(monkeypatch):
    flag = "--xla_backend_optimization_level=0"
    for threads in ("one", "all"):
        hasty, usual = (machine.environment(threads, x) for x in (True, False))
        flags = usual.get("XLA_FLAGS", "").split()
        assert hasty["XLA_FLAGS"].split()[: len(flags)] == flags
        assert flag in hasty["XLA_FLAGS"].split()
        assert flag not in flags
    monkeypatch.setattr(machine, "DEVICE", "gpu")
    assert machine.environment("one", hasty=True) == machine.environment("one")


def test_a_gpu_is_seen_by_workers_only_where_asked_for(monkeypatch):
    assert machine.environment("all")["CUDA_VISIBLE_DEVICES"] == ""
    monkeypatch.setattr(machine, "DEVICE", "gpu")
    told = machine.environment("all")
    assert "CUDA_VISIBLE_DEVICES" not in told
    assert told["TF_FORCE_GPU_ALLOW_GROWTH"] == "true"
    assert told["XLA_PYTHON_CLIENT_PREALLOCATE"] == "false"


def test_on_a_gpu_numbers_come_out_twice_and_their_place_says_by_what(monkeypatch):
    assert "environment" not in machine.place(1)
    monkeypatch.setattr(machine, "DEVICE", "gpu")
    monkeypatch.setattr(machine, "_processor", lambda: "a card")
    for threads in ("one", "all"):
        told = machine.environment(threads)
        assert "--xla_gpu_deterministic_ops=true" in told["XLA_FLAGS"].split()
        assert told["NVIDIA_TF32_OVERRIDE"] == "0"
        assert told["JAX_DEFAULT_MATMUL_PRECISION"] == "highest"
    assert machine.environment("one")["XLA_FLAGS"].endswith(
        " --xla_cpu_multi_thread_eigen=false"
    )
    assert machine.place(1)["environment"].items() <= machine.environment("all").items()


CPU = """processor\t: 0
model name\t: AMD EPYC
cpu family\t: 25
model\t\t: 1
flags\t\t: fma avx avx2

processor\t: 1
model name\t: another
"""


def test_processors_of_one_name_are_told_apart_by_model_and_vectors():
    later = CPU.replace(": 1\nflags", ": 17\nflags")
    wider = CPU.replace("avx2", "avx512f")
    assert machine.named(CPU) == "AMD EPYC (family 25, model 1, avx2)"
    assert machine.named(later) == "AMD EPYC (family 25, model 17, avx2)"
    assert machine.named(wider) == "AMD EPYC (family 25, model 1, avx512f)"


def test_a_processor_that_tells_less_has_the_name_that_it_tells():
    assert machine.named("model name\t: ARM\nBogoMIPS\t: 50") == "ARM"
    assert machine.named("CPU implementer\t: 0x41") == ""


@pytest.mark.slow
def test_the_backend_knows_these_settings():
    """It ends a process that asks by `XLA_FLAGS` for what it does not know."""
    ran = subprocess.run(
        [sys.executable, "-c", COMPILED],
        env=os.environ | machine.SETTINGS,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stdout) == (0, "6.0\n"), ran.stderr[-2000:]


@pytest.mark.parametrize(
    ("name", "value", "hint"),
    [("BACKEND", "jaxx", "jax"), ("DEVICE", "gpux", "gpu"), ("DEVICE", "GPU", "gpu")],
)
def test_an_unknown_backend_or_device_is_told_with_the_nearest(
    monkeypatch, name, value, hint
):
    monkeypatch.setattr(machine, name, value)
    with pytest.raises(StudyError) as error:
        machine.environment("one")
    assert f"Received: {name}={value}" in str(error.value)
    assert hint in str(error.value)


def test_a_gpu_that_is_not_there_is_told_before_anything_starts(monkeypatch):
    monkeypatch.setattr(machine, "DEVICE", "gpu")
    monkeypatch.setattr(machine, "_gpus", list)
    monkeypatch.setattr(os, "environ", {**os.environ})
    with pytest.raises(StudyError, match="sees no GPU"):
        machine.require_device()
    monkeypatch.setattr(machine, "_gpus", lambda: ["one"])
    machine.require_device()
    assert os.environ["XLA_PYTHON_CLIENT_PREALLOCATE"] == "false"
    assert machine.SETTINGS.items() <= os.environ.items()


def test_where_jax_cannot_be_kept_to_one_thread_it_is_said(monkeypatch):
    monkeypatch.setattr(machine, "BACKEND", "jax")
    monkeypatch.setattr(machine, "usable", lambda: 6)

    def refused(*_):
        raise PermissionError

    for how in (
        lambda: monkeypatch.setattr(machine.os, "sched_setaffinity", refused),
        lambda: monkeypatch.delattr(machine.os, "sched_setaffinity"),
    ):
        how()
        machine.binds.cache_clear()
        assert not machine.narrows()
        assert machine.warning().startswith("JAX takes all of 6 threads in each wor")
        monkeypatch.setattr(machine, "BACKEND", "tensorflow")
        assert machine.narrows()
        assert machine.warning() == ""
        monkeypatch.setattr(machine, "BACKEND", "jax")
    machine.binds.cache_clear()


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="not on this system")
def test_where_a_process_can_be_bound_nothing_is_said(monkeypatch):
    monkeypatch.setattr(machine, "BACKEND", "jax")
    machine.binds.cache_clear()
    assert machine.narrows()
    assert machine.warning() == ""
