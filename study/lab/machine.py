"""Say what trains: the backend and the device, from the environment."""

import functools
import importlib.metadata
import operator
import os
import platform
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
# To compile takes XLA two thirds of the time, and what it compiles runs slower.
_HASTY = {
    "XLA_FLAGS": "--xla_backend_optimization_level=0 "
    "--xla_llvm_disable_expensive_passes=true"
}
# On a GPU the same numbers come out twice, and close to a CPU's: no algorithm is chosen
# by the clock, no sum depends on who comes first, and no product is of TensorFloat-32.
# Memory is taken as it is needed.
SETTINGS = {
    "XLA_FLAGS": "--xla_gpu_deterministic_ops=true",
    "JAX_DEFAULT_MATMUL_PRECISION": "highest",
    "NVIDIA_TF32_OVERRIDE": "0",
}
_ALWAYS = {"TF_CPP_MIN_LOG_LEVEL": "3", "KERAS_BACKEND": BACKEND}
_ON = {
    "cpu": {"CUDA_VISIBLE_DEVICES": "", "JAX_PLATFORMS": "cpu"},
    "gpu": {
        "TF_FORCE_GPU_ALLOW_GROWTH": "true",
        "XLA_PYTHON_CLIENT_PREALLOCATE": "false",
        **SETTINGS,
    },
}


def environment(threads: str, hasty: bool = False) -> dict[str, str]:
    """Return what a worker's environment holds.

    Args:
        threads: `"one"` or `"all"`.
        hasty: Whether it compiles in haste for a CPU what is run for few steps.
    """
    check()
    # JAX keeps what it compiled from run to run. TensorFlow can, but fails where such a
    # file was cut short, and compiles nothing in its place.
    cache = {"JAX_COMPILATION_CACHE_DIR": str(Path("build", "jax-programs").absolute())}
    parts = [_ALWAYS, cache, _ON[DEVICE], *[_NARROW] * (threads == "one")]
    parts += [_HASTY] * (hasty and DEVICE == "cpu")
    flags = [each["XLA_FLAGS"] for each in parts if "XLA_FLAGS" in each]
    joined = {"XLA_FLAGS": " ".join(flags)} if flags else {}
    return functools.reduce(operator.or_, parts) | joined


def usable() -> int:
    """Return how many processors this process may use.

    What TensorFlow and JAX round follows this, and not how many the machine has.
    """
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def narrows() -> bool:
    """Return whether a worker can be kept to one thread.

    JAX takes as many threads as there are processors that it may use, whatever it is
    told: only where a process can be bound to one does it keep to one.
    """
    return BACKEND != "jax" or binds()


@functools.cache
def binds() -> bool:
    """Return whether a process can be bound to processors here."""
    try:
        os.sched_setaffinity(0, os.sched_getaffinity(0))
    except (AttributeError, OSError):  # not on macOS, and not in every container
        return False
    return True


def warning() -> str:
    """Say where workers are not kept to the one thread that is promised them."""
    if narrows():
        return ""
    return (
        f"JAX takes all of {usable()} threads in each worker, since no process can be "
        "bound to a processor here: numbers may differ in their last digits from those "
        "made with one thread, and are kept apart from them"
    )


def threads(wanted: str) -> int:
    """Return how many threads a worker that wants `"one"` or `"all"` has."""
    return 1 if wanted == "one" and narrows() else usable()


def place(threads: int) -> dict:
    """Tell where results come from: all that their bits may depend on, and Python.

    Args:
        threads: How many threads they were made with.
    """
    made = {
        "versions": {"python": platform.python_version()}
        | {name: _version(name) for name in ("keras", *_PACKAGES[BACKEND], "numpy")},
        "device": f"{DEVICE.upper()}, {platform.machine()}",
        "processor": _processor(),
        "threads": threads,
    }
    return made | ({"environment": SETTINGS} if DEVICE == "gpu" else {})


_PACKAGES = {"tensorflow": ("tensorflow",), "jax": ("jax", "jaxlib")}


def _version(name):
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:  # another build of the package
        return importlib.metadata.version(f"{name}-cpu")


@functools.cache
def _processor():
    """Return the name of the processor or the GPU, or "" where it is not told."""
    if DEVICE == "gpu":
        return ", ".join(sorted({_gpu_name(each) for each in _gpus()}))
    try:
        return named(Path("/proc/cpuinfo").read_text())
    except OSError:
        return platform.processor()


def named(processors: str) -> str:
    """Name a processor by what rounding follows, from the text of /proc/cpuinfo.

    Virtual machines call every model of a maker's alike, and programs are compiled for
    the widest vectors that there are.

    Example:

    >>> named("model name: EPYC\\ncpu family: 25\\nmodel: 1\\nflags: fma avx2")
    'EPYC (family 25, model 1, avx2)'
    """
    first = processors.split("\n\n")[0].splitlines()
    pairs = (line.partition(":") for line in first)
    told = {key.strip(): value.strip() for key, _, value in pairs}
    numbers = (("family", "cpu family"), ("model", "model"))
    more = [f"{name} {told[key]}" for name, key in numbers if told.get(key)]
    flags = told.get("flags", "").split()
    more += [each for each in ("avx512f", "avx2") if each in flags][:1]
    name = told.get("model name", "")
    return f"{name} ({', '.join(more)})" if more else name


def _gpu_name(gpu):
    if BACKEND == "jax":
        return gpu.device_kind
    import tensorflow

    details = tensorflow.config.experimental.get_device_details(gpu)
    return details.get("device_name", "")


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
    """Raise where a GPU is asked for and none is seen; take no more of it than needed.

    It is called before a backend is imported, which reads the environment then.
    """
    check()
    if DEVICE == "gpu":
        os.environ.update(_ON["gpu"])
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
