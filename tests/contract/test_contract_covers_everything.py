"""No component is public, or saved with models, without a contract."""

import importlib
import pkgutil
from pathlib import Path

import keras
from contract import Kind, component

import study

FILES = sorted(
    each.stem for each in Path(__file__).parent.glob("test_contract_of_*.py")
)
# Not components: the lab, the worlds of its simulations, what trains before training,
# and gradients of anything.
OTHERS = (
    "study.lab",
    "study.theory",
    "study.__main__",
    "study.pretraining",
    "study.gradients",
)


def contracts():
    modules = [importlib.import_module(name) for name in FILES]
    kinds = [each for module in modules for each in vars(module).values()]
    return [
        each
        for each in kinds
        if isinstance(each, type)
        and issubclass(each, Kind)
        and each.__name__.startswith("Test")
    ]


def public_modules():
    found = pkgutil.iter_modules(study.__path__, "study.")
    return [
        importlib.import_module(each.name) for each in found if each.name not in OTHERS
    ]


def test_every_kind_of_component_has_a_contract():
    under_contract = {path for kind in contracts() for path in kind.modules}
    components = {
        module.__name__
        for module in public_modules()
        if any(component(getattr(module, name)) for name in module.__all__)
    }
    missing = components - under_contract
    assert not missing, f"write tests/contract/test_contract_of_…py for {missing}"


def test_everything_registered_is_public_and_under_contract():
    for module in public_modules():
        for each in pkgutil.iter_modules(getattr(module, "__path__", ())):
            importlib.import_module(f"{module.__name__}.{each.name}")
    covered = {each for kind in contracts() for each in kind.components().values()}
    registered = {
        name: each
        for name, each in keras.saving.get_custom_objects().items()
        if name.startswith("study>")
    }
    assert registered
    missing = sorted(name for name, each in registered.items() if each not in covered)
    assert not missing, f"not in the `__all__` of a kind under contract: {missing}"
