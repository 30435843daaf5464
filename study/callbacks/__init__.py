"""Act while a model trains."""

from study.callbacks.renew_masks import RenewMasks

__all__ = ["RenewMasks"]
