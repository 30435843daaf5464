"""Time our engine on a GPU as `make reports` runs it: in one process, all stacked."""

import keras

from benchmarks import ours

CALLS = 4  # of the engine, the first of which compiles


class OursOnGpu:
    """Train all runs as one stack."""

    @staticmethod
    def measure(work, runs: int, steps: int) -> dict:
        """Train `runs` runs in this process, which sees the GPU."""
        answer = ours.train(work, steps, range(runs), lambda: None, CALLS)
        return {
            "ms": 1_000 / ours.throughput([answer]),
            "start": answer["start"],
            "memory": _memory() or answer["memory"],
        }


def _memory():
    """Return the most memory of the GPU that was held, in MB; None without one."""
    if keras.backend.backend() != "jax":
        return None
    import jax

    told = jax.local_devices()[0].memory_stats()
    return told and told["peak_bytes_in_use"] / 1e6
