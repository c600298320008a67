"""Asks real Keras 3.15 for the numbers that operations give.

    KERAS_BACKEND=jax python make_operation_numbers.py > operation-numbers.json

Each line is a case: class, Keras module, parameters, constants among the operands (null where a
tensor stands), inputs as [sizes, kind], and the outputs as [sizes, numbers], or null where
Keras refuses. Inputs are not stored: `values` makes them of their kind, the number of the case and the
place of the input, and the tests make the same.
"""

import importlib
import json
import math
import os

os.environ.setdefault("KERAS_BACKEND", "jax")

import jax.numpy as jnp  # noqa: E402
import keras  # noqa: E402
import numpy as np  # noqa: E402

import make_operation_shapes as shapes  # noqa: E402

NUMPY, NN, CORE = shapes.NUMPY, shapes.NN, shapes.CORE
MATH, LINALG = "keras.src.ops.math", "keras.src.ops.linalg"
ACTIVATIONS = "keras.src.activations.activations"
SPECIAL = [0.0, -0.0, math.nan, math.inf, -math.inf, 1, -1, 2.5, -2.5, 0.5, -0.5, 90, -90, 1e-3]


def values(kind, count, case, place):
    wave = [math.sin(k * 0.37 + case + 10 * place) for k in range(count)]
    if kind == "unit":
        return [0.99 * w for w in wave]
    if kind == "positive":
        return [1.5 + w for w in wave]
    if kind == "whole":
        return [math.floor(3 * w + 0.5) for w in wave]
    if kind == "truth":
        return [1 if w > 0 else 0 for w in wave]
    if kind == "index":
        return [(k * 7 + case) % 5 for k in range(count)]
    if kind == "special":
        return [SPECIAL[(k * (3 if place else 1) + place) % len(SPECIAL)] for k in range(count)]
    return [2 * w for w in wave]


def short(number):
    number = float(number)
    if not math.isfinite(number):
        return str(number)
    return int(number) if number == int(number) and abs(number) < 1e9 else float("%.8g" % number)


def call(number, name, module, config, constants, inputs):
    """What an operation makes of tensors, as a function, and the tensors of a case."""
    config = dict(config)
    key = config.pop("key", None)
    filling = config.pop("constant_values", None)
    tensors = [
        jnp.asarray(np.array(values(kind, math.prod(s), number, place), "float32").reshape(s))
        for place, (s, kind) in enumerate(inputs)
    ]
    if name == "OneHot" or (name == "Take" and len(tensors) > 1):
        tensors[-1] = tensors[-1].astype("int32")

    def function(*tensors):
        operation = getattr(importlib.import_module(module), name)(**config)
        # With lists, which a file has for tuples, other backends can, JAX cannot.
        for part in ["axis", "repeats"]:
            if isinstance(getattr(operation, part, None), list):
                setattr(operation, part, (tuple if part == "axis" else np.array)(
                    getattr(operation, part)))
        if constants == "list":
            result = operation.call(list(tensors))
        elif key is not None:
            result = operation.call(tensors[0], tuple(shapes.index(k) for k in key))
        elif filling is not None:
            result = operation.call(tensors[0], constant_values=filling)
        else:
            rest = list(tensors)
            result = operation.call(
                *[rest.pop(0) if c is None else (np.array(c) if isinstance(c, list) else c)
                  for c in constants])
        return list(result) if isinstance(result, (list, tuple)) else [result]

    return function, tensors


def answer(*case):
    function, tensors = call(*case)
    try:
        outputs = function(*tensors)
    except Exception:
        return None
    return [[list(t.shape), [short(v) for v in np.ravel(np.asarray(t, "float64"))]]
            for t in outputs]


def random_cases():
    """Random parameters of many operations, as for shapes; free axes are 2 long."""
    for name, (module, maker) in shapes.MAKERS.items():
        for _ in range(7):
            config, constants, inputs = maker()
            kind = {"OneHot": "index", "Any": "truth", "Where": "truth"}.get(name, "wave")
            sized = [[[2 if s is None else s for s in sizes], kind] for sizes in inputs]
            if name == "Where":
                sized[1][1] = sized[2][1] = "wave"
            # What Keras refuses in a graph, it may well compute.
            if shapes.answer(name, module, config, constants, [i for i, _ in sized]) is None:
                sized = None
            elif name == "Power":
                sized = [[s, "positive"] for s, _ in sized]
            if sized:
                yield name, module, config, constants, sized


def fixed_cases():
    def one(name, module, config={}, sizes=(2, 3, 4), kind="wave"):
        return name, module, config, [None], [[list(sizes), kind]]

    def two(name, constants, *inputs):
        return name, NUMPY, {}, constants, [list(i) for i in inputs]

    plain = {
        NUMPY: "Absolute Negative Square Sqrt Reciprocal Exp Expm1 Log Log1p Log2 Log10 Sign Floor "
        "Ceil Sin Cos Tan Sinh Cosh Arcsin Arccos Arctan Tanh LogicalNot Isnan Isfinite Isinf Copy",
        MATH: "Rsqrt Erf",
        NN: "Relu Relu6 Sigmoid LogSigmoid Softplus Softsign Silu HardSigmoid HardSilu HardTanh "
        "TanhShrink Selu",
        CORE: "StopGradient",
    }
    for module, names in plain.items():
        for name in names.split():
            kind = {"Sqrt": "positive", "Log": "positive", "Log2": "positive",
                    "Log10": "positive", "Rsqrt": "positive", "Reciprocal": "positive",
                    "Arcsin": "unit", "Arccos": "unit", "Log1p": "unit",
                    "LogicalNot": "whole"}.get(name, "wave")
            yield one(name, module, kind=kind, sizes=(2, 9))
            yield one(name, module, kind="special", sizes=(14,))

    binary = ("Add Subtract Multiply Divide DivideNoNan TrueDivide FloorDivide Power Mod Maximum "
              "Minimum Equal NotEqual Greater GreaterEqual Less LessEqual LogicalAnd LogicalOr "
              "LogicalXor Arctan2 Logaddexp Hypot Isclose").split()
    for name in binary:
        base = "positive" if name == "Power" else "whole"
        yield two(name, [None, None], ([2, 1, 4], base), ([3, 1], "wave"))
        yield two(name, [None, None], ([3, 4], "whole"), ([3, 4], "whole"))
        yield two(name, [None, 2], ([2, 4], base))
        yield two(name, [1.5, None], ([2, 4], "positive"))
        yield two(name, [[[1.0], [-2.0]] if name != "Power" else [[1.0], [2.0]], None],
                  ([1, 4], "wave"))
        yield two(name, [None, None], ([2, 14], "special"), ([2, 14], "special"))
    yield two("Where", [None, 1.0, None], ([2, 3], "truth"), ([3], "wave"))
    yield two("Where", [None, None, 0], ([2, 1], "whole"), ([2, 3], "wave"))

    for sizes in [(6,), (2, 5), (2, 3, 4)]:
        last = len(sizes) - 1
        for axis in {-1, 0, last}:
            for name in ["Softmax", "LogSoftmax", "Sparsemax"]:
                yield one(name, NN, {"axis": axis}, sizes)
            for name in ["Sort", "Argsort"]:
                yield one(name, NUMPY, {"axis": axis}, sizes, "whole")
    yield one("Softmax", NN, {"axis": [0, 2]})
    yield one("Softmax", NN, {"axis": -1}, (2, 14), "special")
    yield one("Argsort", NUMPY, {"axis": None}, (3, 4))
    yield one("Sort", NUMPY, {"axis": -1}, (14,), "special")
    yield one("Argsort", NUMPY, {"axis": -1}, (14,), "special")
    for name in ["Elu", "Celu"]:
        for alpha in [1.0, 0.3]:
            yield one(name, NN, {"alpha": alpha}, (2, 9))
            yield one(name, NN, {"alpha": alpha}, (14,), "special")
    yield one("LeakyRelu", NN, {"negative_slope": 0.2}, (2, 9))
    yield one("LeakyRelu", NN, {"negative_slope": 0.05}, (14,), "special")
    for config in [{}, {"negative_slope": 0.1}, {"max_value": 1.0}, {"threshold": 0.5},
                   {"negative_slope": 0.2, "max_value": 1.5, "threshold": 0.25}]:
        yield one("ReLU", ACTIVATIONS, config, (2, 9))
        yield one("ReLU", ACTIVATIONS, config, (14,), "special")
    for approximate in [True, False]:
        yield one("Gelu", NN, {"approximate": approximate}, (2, 9))
        yield one("Gelu", NN, {"approximate": approximate}, (14,), "special")
    for config in [{"x_min": -1, "x_max": 0.5}, {"x_min": 0, "x_max": 6.0}]:
        yield one("Clip", NUMPY, config, (2, 9))
        yield one("Clip", NUMPY, config, (14,), "special")
    for dtype in ["bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "float16",
                  "bfloat16", "float32", "float64"]:
        yield one("Cast", CORE, {"dtype": dtype}, (2, 9))
        yield one("Cast", CORE, {"dtype": dtype}, (14,), "special")
    for name in ["OnesLike", "ZerosLike"]:
        yield one(name, NUMPY, {}, (2, 3))
        yield one(name, NUMPY, {"dtype": "bool"}, (2, 3))
    for decimals in [0, 1, 2, -1]:
        yield one("Round", NUMPY, {"decimals": decimals}, (3, 7))
        yield one("Round", NUMPY, {"decimals": decimals}, (14,), "special")
    for axis in [None, 0, -1, [0, 2], [1]]:
        yield one("Flip", NUMPY, {"axis": axis})
        yield one("Roll", NUMPY, {"shift": 2, "axis": axis})
    yield one("Roll", NUMPY, {"shift": -7, "axis": 2})
    yield one("Roll", NUMPY, {"shift": [1, -1], "axis": [0, 2]})
    yield one("Roll", NUMPY, {"shift": [1, 2], "axis": 1})
    for axis, order in [(-1, 2), (0, 2), ([1, 2], 2), (-1, 1), (1, 3), ([1, 2], 1)]:
        yield one("Normalize", NN, {"axis": axis, "order": order})
        yield one("Normalize", NN, {"axis": axis, "order": order, "epsilon": 2.0})
    for k in [0, 1, -1, -9, 9]:
        yield one("Tril", NUMPY, {"k": k}, (2, 3, 4))
        yield one("Triu", NUMPY, {"k": k}, (4, 3))

    for name in ["Sum", "Mean", "Any", "All", "Std", "Var", "Median", "Ptp", "Max", "Min", "Prod"]:
        kind = "truth" if name in ("Any", "All") else "wave"
        for axis in [None, 0, -1, [0, 2], [2, 1]]:
            yield one(name, NUMPY, {"axis": axis, "keepdims": axis == 0}, (2, 3, 4), kind)
        yield one(name, NUMPY, {"axis": -1}, (2, 14), "special")
        yield one(name, NUMPY, {"axis": None, "keepdims": True}, (3, 5), kind)
        yield one(name, NUMPY, {"axis": 1}, (2, 0), kind)
    for axis in [None, 0, -1, [0, 2]]:
        yield one("Logsumexp", MATH, {"axis": axis})
        yield one("CountNonzero", NUMPY, {"axis": axis}, kind="whole")
    yield one("Logsumexp", MATH, {"axis": -1}, (2, 14), "special")
    for name in ["Argmax", "Argmin"]:
        for axis in [None, 0, 1, -1]:
            yield one(name, NUMPY, {"axis": axis}, kind="whole")
            yield one(name, NUMPY, {"axis": axis, "keepdims": True})
        yield one(name, NUMPY, {"axis": -1}, (2, 14), "special")
        yield one(name, NUMPY, {"axis": -1}, (2,), "special")
    for initial in [0.0, 3, -3]:
        yield one("Max", NUMPY, {"axis": 1, "initial": initial})
        yield one("Min", NUMPY, {"axis": 1, "initial": initial})
    yield one("Max", NUMPY, {"axis": 1, "initial": 1.0}, (2, 0))
    yield one("Prod", NUMPY, {"axis": 1, "dtype": "int32"})
    for axis, order in [(None, None), (-1, None), (1, 1), (0, 2), (2, 3), (1, math.inf),
                        (1, -math.inf), (1, 0), (1, 0.5), ([1, 2], None), ([1, 2], "fro"),
                        ([1, 2], "nuc"), ([1, 2], 1), ([1, 2], -1), ([2, 1], 1), ([1, 2], math.inf),
                        ([1, 2], -math.inf), ([1, 2], 2), ([0, 2], -2), ([0, 1], "nuc")]:
        yield one("Norm", LINALG, {"ord": order, "axis": axis, "keepdims": axis == 1})
    yield one("Norm", LINALG, {"ord": 2}, (5,))
    yield one("Norm", LINALG, {"ord": "nuc"}, (4, 3))

    for mode in ["constant", "edge", "reflect", "symmetric", "wrap", "maximum", "minimum", "mean",
                 "median", "linear_ramp", "empty"]:
        yield one("Pad", NUMPY, {"pad_width": [[0, 0], [2, 4], [5, 1]], "mode": mode}, (2, 2, 3))
        yield one("Pad", NUMPY, {"pad_width": 2, "mode": mode}, (1, 3))
    for filling in [2.5, [1.0, 2.0], [[1.0, 2.0], [3.0, 4.0]]]:
        yield one("Pad", NUMPY, {"pad_width": 1, "constant_values": filling}, (2, 3))
    yield one("Repeat", NUMPY, {"repeats": [1, 0, 3], "axis": 1})
    yield one("BroadcastTo", NUMPY, {"shape": [4, 2, 3]}, (2, 1))
    yield one("BroadcastTo", NUMPY, {"shape": [2, 3, 4]}, (2, 3, 4))
    yield one("Moveaxis", NUMPY, {"source": [0, 1], "destination": [-1, 0]})
    yield one("Moveaxis", NUMPY, {"source": 0, "destination": -1})
    yield one("OneHot", NN, {"num_classes": 3, "axis": -1}, (2, 5), "index")
    yield one("OneHot", NN, {"num_classes": 6, "axis": 1}, (2, 5), "index")
    yield one("Unstack", CORE, {"axis": 1, "num": 3})
    for sizes in [((2, 3, 4), (4, 5)), ((2, 3, 4), (2, 4, 5)), ((3, 4), (2, 4, 5)), ((4,), (4,)),
                  ((2, 1, 3, 4), (5, 4, 2)), ((4,), (2, 4, 3)), ((2, 3, 4), (4,))]:
        for name in ["Matmul", "Dot"]:
            yield two(name, [None, None], (list(sizes[0]), "wave"), (list(sizes[1]), "unit"))
    yield two("Matmul", [None, [[1.0, 2.0], [3.0, -1.0]]], ([2, 3, 2], "wave"))
    yield two("Dot", [[1.0, -2.0], None], ([2, 3], "wave"))
    yield two("Dot", [None, 3.0], ([2, 3], "wave"))
    for axis in [0, 1, -1]:
        yield "Take", NUMPY, {"axis": axis}, [None, None], [[[5, 5, 5], "wave"], [[2, 3], "index"]]
        yield "Take", NUMPY, {"axis": axis}, [None, [0, -1]], [[[5, 5, 5], "wave"]]
    yield "Take", NUMPY, {"axis": None}, [None, [[0, 7], [3, -1]]], [[[3, 4], "wave"]]


def later_cases():
    """Behind the random ones, which would change with the place where they stand."""
    for axis in [None, 0, 1, -1]:
        for dtype in [None, "int32"]:
            config = {"axis": axis, "dtype": dtype}
            yield "Cumsum", NUMPY, config, [None], [[[2, 3, 4], "wave"]]
    yield "Cumsum", NUMPY, {"axis": None, "dtype": None}, [None], [[[5], "wave"]]
    yield "Cumsum", NUMPY, {"axis": -1, "dtype": None}, [None], [[[14], "special"]]

    def einsum(subscripts, *sizes, constants=None):
        places = constants or [None] * len(sizes)
        return "Einsum", NUMPY, {"subscripts": subscripts}, places, [[list(s), "wave"] for s in sizes]

    for case in [
        ("btf,bsf->bts", (2, 3, 4), (2, 5, 4)), ("bij,bjk", (2, 3, 4), (2, 4, 5)),
        ("ab,bc->ca", (2, 3), (3, 4)), ("abc,cde->abde", (2, 3, 4), (4, 2, 3)),
        ("btnh,bsnh->bnts", (2, 3, 2, 4), (2, 5, 2, 4)), ("bnts,bsnh->btnh", (2, 2, 3, 5), (2, 5, 2, 4)),
        ("bskh,btkgh->bkgts", (2, 3, 2, 2), (2, 2, 2, 3, 2)), ("...j,jk->...k", (2, 3, 4), (4, 5)),
        ("...ij,...jk->...ik", (2, 3, 4), (2, 2, 4, 5)), ("i...,i...->...", (2, 3, 4), (2, 1, 4)),
        ("ii->i", (3, 3)), ("ii", (3, 3)), ("bii->b", (2, 3, 3)), ("ijij->ji", (2, 3, 2, 3)),
        ("iji,jk->ik", (2, 3, 2), (3, 4)), ("ij->ji", (2, 3)), ("ba", (2, 3)), ("ij->", (2, 3)),
        ("bij->bj", (2, 3, 4)), ("bij,bij->bij", (2, 3, 4), (2, 3, 4)), ("bij,bij->b", (2, 3, 4), (2, 3, 4)),
        ("bij,bij->bi", (2, 3, 1), (2, 3, 4)), ("bij,bk->bijk", (2, 1, 2), (2, 3)),
        ("i,j->ij", (3,), (4,)), ("i,i->", (4,), (4,)), ("ij,j->i", (1, 4), (4,)),
        ("ab,bc,cd->ad", (2, 3), (3, 4), (4, 2)), ("ab,ac,ad->abcd", (2, 3), (2, 2), (2, 4)),
        ("abc,cd,ad->b", (2, 3, 4), (4, 5), (2, 5)), ("aBc,Bd->adc", (2, 3, 4), (3, 2)),
        ("...ij,jk->ik", (2, 3, 4), (4, 2)), ("bij, bjk -> bik", (2, 3, 4), (2, 4, 2)),
        ("ij,ij->ij", (1, 3), (2, 1)), ("abcd,efcd->abef", (2, 2, 3, 2), (2, 1, 3, 2)),
    ]:  # fmt: skip
        yield einsum(*case)
    yield einsum("ij,jk->ik", (2, 3), constants=[None, [[1.0, -2.0], [0.5, 3.0], [2.0, 1.0]]])
    yield einsum("j,ij->ij", (3, 2), constants=[[1.0, 2.0], None])
    for dtype in [None, "int32"]:
        config = {"dtype": dtype, "sparse": None, "ragged": None}
        yield "ConvertToTensor", CORE, config, [None], [[[2, 3, 4], "wave"]]


def main():
    print('{"keras": "%s", "cases": [' % keras.__version__)
    lines = []
    number = 0
    for name, module, config, constants, inputs in [*fixed_cases(), *random_cases(), *later_cases()]:
        found = answer(number, name, module, config, constants, inputs)
        if constants == "list" or all(c is None for c in constants):
            constants = []
        config = {k: str(v) if isinstance(v, float) and math.isinf(v) else v
                  for k, v in config.items()}
        lines.append(json.dumps([name, module, config, constants, inputs, found],
                                separators=(",", ":")))
        number += 1
    print(",\n".join(lines))
    print("]}")


if __name__ == "__main__":
    main()
