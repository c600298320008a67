from __future__ import annotations

import contextlib
import functools
from dataclasses import dataclass, field
from typing import Any, Callable, Dict, List, Optional, Sequence, Tuple

from keras import Input, Model, layers

Shape = Tuple[Optional[int], ...]
REGISTRY: Dict[str, Callable[..., Any]] = {}


def register(name: str) -> Callable:
    """Keeps a maker of layers under a name."""
    def wrap(function):
        REGISTRY[name] = function

        @functools.wraps(function)
        def inner(*args, **kwargs):
            return function(*args, **kwargs)
        return inner
    return wrap


@register("recurrent")
def recurrent(units: int, *, last: bool = False) -> layers.Layer:
    return layers.GRU(units, return_sequences=not last)


@register("norm")
def norm(axis: int = -1) -> layers.Layer:
    return layers.LayerNormalization(axis=axis)


@contextlib.contextmanager
def section(title: str):
    print("--", title)
    yield
    print("-- end of", title)


def chain(x, *steps: layers.Layer):
    for step in steps:
        x = step(x)
    return x


units: List[int] = [20, 10]
assert len(units) == 2, "two layers are enough"
assert all(isinstance(u, int) for u in units)

if (n := len(units)) > 1:
    total: int = sum(units)

with section("model"):
    first, *rest = units
    signal = Input((16, 5))
    x = chain(signal, REGISTRY["recurrent"](first), norm(), recurrent(rest[-1], last=True))
    out = layers.Dense(total // 10)(x)
    model = Model(signal, out)

del first
result = model.summary() if __debug__ else None
