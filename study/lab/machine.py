"""Say what trains: the backend and the device, from the environment."""

import os
from pathlib import Path

from study.lab.errors import StudyError, nearest

BACKEND = os.environ.get("KERAS_BACKEND") or "tensorflow"
DEVICE = os.environ.get("STUDY_DEVICE") or "cpu"

# One thread a worker, whatever the machine, so that results do not depend on it.
_NARROW = {
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false",
}
_ALWAYS = {"TF_CPP_MIN_LOG_LEVEL": "3", "KERAS_BACKEND": BACKEND}
_ON = {
    "cpu": {"CUDA_VISIBLE_DEVICES": "", "JAX_PLATFORMS": "cpu"},
    "gpu": {
        "TF_FORCE_GPU_ALLOW_GROWTH": "true",
        "XLA_PYTHON_CLIENT_PREALLOCATE": "false",
    },
}


def environment(threads: str) -> dict[str, str]:
    """Return what a worker's environment holds, for `threads` `"one"` or `"all"`."""
    check()
    # JAX keeps what it compiled from run to run; TensorFlow has no such cache on CPUs.
    cache = {"JAX_COMPILATION_CACHE_DIR": str(Path("build", "jax").absolute())}
    return _ALWAYS | cache | _ON[DEVICE] | (_NARROW if threads == "one" else {})


def check() -> None:
    """Raise where the environment names what there is not."""
    for name, value, valid in (
        ("BACKEND", BACKEND, ("tensorflow", "jax")),
        ("DEVICE", DEVICE, tuple(_ON)),
    ):
        if value not in valid:
            raise StudyError(
                f"{name}: no such thing trains here. Received: {name}={value}; "
                f"{nearest(value, valid)}"
            )


def require_device() -> None:
    """Raise where a GPU is asked for and none is seen."""
    check()
    if DEVICE == "gpu" and not _gpus():
        raise StudyError(
            f"DEVICE: {BACKEND} sees no GPU. Received: DEVICE=gpu; see that the driver "
            "is installed (nvidia-smi), or leave DEVICE out to train on the CPU"
        )


def _gpus():
    if BACKEND == "jax":
        import jax

        return [each for each in jax.devices() if each.platform == "gpu"]
    import tensorflow

    return tensorflow.config.list_physical_devices("GPU")
