"""Prepare MNIST."""


def add_options(parser):
    """Take no options."""


def call(options) -> int:
    """prepare MNIST for TFDS and for the experiments"""
    from study.lab.data import mnist_files

    print(f"{mnist_files.prepare()}: MNIST is ready")
    return 0
