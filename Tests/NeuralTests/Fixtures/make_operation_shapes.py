"""Asks real Keras 3.15 what operations make of random parameters and inputs.

    KERAS_BACKEND=jax python make_operation_shapes.py [CASES] [SEED] > operation-shapes.json

Each line is a case: class, Keras module, parameters, constants among the operands (null where a
tensor stands), input shapes, and the shapes of the outputs, or null where Keras refuses.
"""

import importlib
import json
import os
import random
import sys

os.environ.setdefault("KERAS_BACKEND", "jax")

import keras  # noqa: E402

CASES = int(sys.argv[1]) if len(sys.argv) > 1 else 12
R = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 20260702)
NUMPY, NN, CORE = (f"keras.src.ops.{m}" for m in ("numpy", "nn", "core"))


def shape(rank=None, free=0.2):
    rank = R.randint(1, 4) if rank is None else rank
    first = R.choice([None, None, 2, 1])
    return ([first] + [None if R.random() < free else R.randint(1, 6) for _ in range(rank - 1)])[:rank]


def axis(rank):
    return R.randint(-rank - (R.random() < 0.05), rank - (R.random() > 0.05) * 1)


def axes_or_none(rank):
    two = sorted({axis(rank), axis(rank)})
    if len({a % rank for a in two}) < len(two):  # Keras does not see one axis twice here
        two = two[:1]
    return R.choice([None, axis(rank), axis(rank), [axis(rank)], two])


def alike(base):
    other = [R.choice([s, s, s, s, 1, None]) for s in base]
    if R.random() < 0.3:
        other = other[R.randint(0, len(other)):]
    return other


def one(config, rank=None):
    s = shape(rank)
    return (config(len(s)) if callable(config) else config), [None], [s]


def binary():
    a = shape()
    b = alike(a)
    constants = R.choice([[None, None]] * 3 + [[None, 2], [0.5, None]])
    inputs = [a, b] if constants == [None, None] else [a]
    R.shuffle(inputs)
    return {}, constants, inputs


def where():
    a = shape()
    return {}, [None, None, None], [alike(a), a, alike(a)]


def squeeze():
    s = [R.choice([v, 1]) for v in shape()]
    return {"axis": axes_or_none(len(s))}, [None], [s]


def transpose():
    s = shape()
    order = list(range(len(s)))
    R.shuffle(order)
    return {"axes": R.choice([None, order, order[:-1] + [-1]])}, [None], [s]


def reshape():
    s = shape(free=0.1)
    target = list(s)
    R.shuffle(target)
    target = [v or -1 for v in target]
    if R.random() < 0.3:
        target = [R.choice([-1, 1, 2, 3, 6]) for _ in range(R.randint(0, 3))]
    return {"newshape": target}, [None], [s]


def joined(config):
    s = shape(R.randint(2, 4))
    others = [[R.choice([v] * 12 + [None, 3]) for v in s] for _ in range(R.randint(0, 2))]
    return {"axis": axis(len(s))}, "list", [s] + others


def matmul():
    a = shape()
    b = shape(R.choice([1, len(a), 2, 3]))
    if len(b) == 1:
        b = [a[-1]]
    else:
        b[-2] = R.choice([a[-1], a[-1], None, 4])
        b[0] = a[0] if len(b) > 2 else b[0]
    return {}, [None, None], [a, b]


def get_item():
    s = shape(R.randint(1, 4))
    number = lambda: R.choice([None, None, R.randint(-7, 7)])  # noqa: E731
    cut = lambda: {"class_name": "__slice__", "config": {  # noqa: E731
        "start": number(), "stop": number(), "step": R.choice([None, None, 1, 2, -1, -2])}}
    key = [R.choice([cut(), cut(), cut(), R.randint(-3, 3), None]) for _ in range(R.randint(0, 4))]
    if R.random() < 0.3:
        key.insert(R.randint(0, len(key)), {"class_name": "__ellipsis__", "config": {}})
    return {"key": key}, [None], [s]


def pad():
    s = shape()
    pair = lambda: [R.randint(0, 2), R.randint(0, 2)]  # noqa: E731
    width = R.choice([R.randint(0, 2), pair(), [pair() for _ in s], [pair(), pair()]])
    return {"pad_width": width}, [None], [s]


def reduced():
    s = shape()
    config = {"axis": axes_or_none(len(s))}
    if R.random() < 0.5:
        config["keepdims"] = True
    return config, [None], [s]


def single_axis():
    s = shape()
    config = {"axis": R.choice([None, axis(len(s))])}
    if R.random() < 0.5:
        config["keepdims"] = True
    return config, [None], [s]


def split():
    s = shape()
    return {"indices_or_sections": R.choice([1, 2, 3, [1, 2], [1]]), "axis": axis(len(s))}, [None], [s]


def take():
    s = shape()
    return {"axis": R.choice([None, axis(len(s))])}, [None, R.choice([0, [0, 1], [[0], [1]]])], [s]


def einsum():
    b, i, j, k = (R.choice([None, 1, 2, 3, 4]) for _ in range(4))
    subscripts, *inputs = R.choice([
        ("bij,bjk->bik", [b, i, j], [b, j, k]), ("bij,bjk", [b, i, j], [b, j, k]),
        ("...j,jk->...k", [b, i, j], [j, k]), ("bij->bji", [b, i, j]), ("bij->b", [b, i, j]),
        ("...i,...i->...", [b, i], [b, i]), ("b...,b...->b...", [b, i, j], [b, i, j]),
        ("bij,bj,bk->bik", [b, i, j], [b, j], [b, k]), ("...ij,...jk->ik", [b, i, j], [b, j, k]),
        ("bij,bij->ij", [b, i, j], [b, i, j]), ("bi,bj->bij", [b, i], [b, j]),
        ("bij", [b, i, j]), ("bii->bi", [b, i, i]), ("bij,bjk", [b, i, j]),
        ("bi->b->i", [b, i]), ("bij->bj", [b, i]),
    ])  # fmt: skip
    return {"subscripts": subscripts}, [None] * len(inputs), inputs


MAKERS = {
    **{n: (NUMPY, binary) for n in ["Add", "Subtract", "TrueDivide", "Power", "Maximum",
                                    "Greater", "NotEqual", "LogicalOr", "Mod", "FloorDivide"]},
    "Where": (NUMPY, where),
    "Squeeze": (NUMPY, squeeze),
    "ExpandDims": (NUMPY, lambda: one(lambda r: {"axis": R.choice([axis(r + 1), [0, -1]])})),
    "Transpose": (NUMPY, transpose),
    "Swapaxes": (NUMPY, lambda: one(lambda r: {"axis1": axis(r), "axis2": axis(r)})),
    "Moveaxis": (NUMPY, lambda: one(lambda r: {"source": [axis(r)], "destination": [axis(r)]})),
    "Reshape": (NUMPY, reshape),
    "Ravel": (NUMPY, lambda: one({})),
    **{n: (NUMPY, reduced) for n in ["Sum", "Mean", "Max", "Prod", "Any", "Std"]},
    "Argmax": (NUMPY, single_axis),
    "Logsumexp": ("keras.src.ops.math", reduced),
    "Concatenate": (NUMPY, lambda: joined({})),
    "Stack": (NUMPY, lambda: joined({})),
    "Matmul": (NUMPY, matmul),
    "Dot": (NUMPY, matmul),
    "GetItem": (NUMPY, get_item),
    "Pad": (NUMPY, pad),
    "Repeat": (NUMPY, lambda: one(lambda r: {"repeats": R.choice([0, 2, 3, [2]]),
                                             "axis": R.choice([None, axis(r)])})),
    "Tile": (NUMPY, lambda: one(lambda r: {"repeats": R.choice(
        [2, [2, 1], [1, 2, 3], [R.randint(1, 3) for _ in range(r)]])})),
    "Split": (NUMPY, split),
    "Take": (NUMPY, take),
    "Unstack": (CORE, lambda: one(lambda r: {"axis": axis(r)})),
    "OneHot": (NN, lambda: one(lambda r: {"num_classes": 5, "axis": R.choice([-1, -1, 0, 1])})),
    "Flip": (NUMPY, lambda: one(lambda r: {"axis": R.choice([None, axis(r)])})),
    "Relu": (NN, lambda: one({})),
    "Softmax": (NN, lambda: one({"axis": -1})),
    "Clip": (NUMPY, lambda: one({"x_min": 0, "x_max": 1})),
    "Cast": (CORE, lambda: one({"dtype": "int32"})),
    "OnesLike": (NUMPY, lambda: one({})),
    "Einsum": (NUMPY, einsum),
}


def index(value):
    if isinstance(value, dict):
        if value["class_name"] == "__ellipsis__":
            return Ellipsis
        c = value["config"]
        return slice(c["start"], c["stop"], c["step"])
    return value


def answer(name, module, config, constants, inputs):
    config = dict(config)
    dtype = "int32" if name in ("OneHot",) else "float32"
    tensors = [keras.Input(batch_shape=s, dtype=dtype) for s in inputs]
    try:
        key = config.pop("key", None)
        operation = getattr(importlib.import_module(module), name)(**config)
        if constants == "list":
            result = operation.symbolic_call(tensors)
        elif key is not None:
            result = operation.symbolic_call(tensors[0], tuple(index(k) for k in key))
        else:
            rest = list(tensors)
            import numpy as np

            arguments = [rest.pop(0) if c is None else (np.array(c) if name == "Take" else c)
                         for c in constants]
            result = operation.symbolic_call(*arguments)
    except Exception:
        return None
    outputs = result if isinstance(result, (list, tuple)) else [result]
    return [list(t.shape) for t in outputs]


def main():
    print('{"keras": "%s", "cases": [' % keras.__version__)
    lines = []
    for name, (module, maker) in MAKERS.items():
        for _ in range(CASES):
            config, constants, inputs = maker()
            found = answer(name, module, config, constants, inputs)
            if constants == "list" or all(c is None for c in constants):
                constants = []
            lines.append(json.dumps([name, module, config, constants, inputs, found],
                                    separators=(",", ":")))
    print(",\n".join(lines))
    print("]}")


if __name__ == "__main__":
    main()
