"""Know when the memory of a GPU is short, and in which smaller stacks to train then."""

from study.lab import machine
from study.lab.train.plan import Program

# How JAX and TensorFlow say so.
SHORT = ("RESOURCE_EXHAUSTED", "ResourceExhaustedError", "CUDA_ERROR_OUT_OF_MEMORY")


def stacks(program: Program) -> list[Program]:
    """List a program in all stacks in which it may be trained, the largest first."""
    found = [program]
    while smaller := found[-1].smaller():
        found.append(smaller)
    return found


def fitting(program: Program, why: str) -> Program | None:
    """Return a program in smaller stacks, if it failed for want of memory on a GPU."""
    short = machine.DEVICE == "gpu" and any(each in why for each in SHORT)
    return program.smaller() if short else None
