"""Asks real Keras 3.15 what numbers attention of several heads and EinsumDense make.

    KERAS_BACKEND=jax python make_layer_numbers_heads.py > layer-numbers-heads.json

Cases as in `make_layer_numbers.py`. "call" says what a call looks like, with {"__tensor__": i} for
input i; "masks" are those that flow with the inputs. What comes behind the first output is "more".
"""

import keras
import numpy as np
from keras.src import backend

import make_layer_numbers as base

R, add, some, flag, mask = base.R, base.add, base.some, base.flag, base.mask
R.seed(20260903)
base.CASES.clear()
ask_others = base.ask


def place(index):
    return {"__tensor__": index}


def call(*places, **keywords):
    return {"args": [place(p) for p in places], "kwargs": keywords}


def filled(value, tensors):
    if isinstance(value, dict) and "__tensor__" in value:
        return tensors[value["__tensor__"]]
    return np.array(value) if isinstance(value, list) else value


def ask(case, name, config, shapes, how):
    if "call" not in how:
        return ask_others(case, name, config, shapes, how)
    layer = base.make(name, config)
    args, kwargs = how["call"]["args"], how["call"]["kwargs"]

    def run():
        tensors = [keras.ops.convert_to_tensor(base.formula(case, i, shape, how.get("values")))
                   for i, shape in enumerate(shapes)]  # fmt: skip
        for tensor, given in zip(tensors, how.get("masks", [])):
            if given is not None:
                backend.set_keras_mask(tensor, keras.ops.convert_to_tensor(np.array(given, bool)))
        return layer(*[filled(a, tensors) for a in args],
                     **{k: filled(v, tensors) for k, v in kwargs.items()},
                     training=how.get("training", False))  # fmt: skip

    run()
    base.weights(case, layer)
    outputs = run()
    outputs = list(outputs) if isinstance(outputs, (list, tuple)) else [outputs]
    first, *more = [{"sizes": list(o.shape), "numbers": base.numbers(o)} for o in outputs]
    return first | ({"more": more} if more else {})


for equation, output, shape, biases in [
    ("ab,bc->ac", 3, (2, 4), ["c", None]), ("abc,cd->abd", [None, 3], (2, 3, 4), ["d", None]),
    ("abc,cd->abd", [3, 2], (2, 3, 4), ["b", "bd"]), ("abc,cde->abde", [None, 2, 3], (2, 2, 3), ["de", "d"]),
    ("...x,xy->...y", 3, (2, 3, 4), ["y"]), ("...x,xy->...y", [2], (2, 2, 3, 4), ["y", None]),
    ("...ab,bc->...ac", [None, 3], (2, 2, 3, 4), ["c"]), ("ab...,bc->ac...", 3, (2, 4, 3), ["c", None]),
    ("ab...,bc->ac...", [3], (2, 2, 3, 2), ["c"]), ("abc,bcd->ad", 3, (2, 3, 4), ["d"]),
    ("abc,bc->abc", [3, 4], (2, 3, 4), ["c", "bc"]), ("abc,bd->acd", [None, 3], (2, 3, 4), ["d"]),
    ("abcd,cde->abe", [None, 3], (2, 2, 3, 2), ["e"]), ("abc,cd->adb", [3, None], (2, 4, 3), ["d"]),
]:  # fmt: skip
    for bias in biases:
        config = {"equation": equation, "output_shape": output, "bias_axes": bias}
        add("EinsumDense", config | some(activation=lambda: R.choice(["relu", "softmax", "gelu"])), shape)


def heads():
    return {"num_heads": R.randint(1, 3), "key_dim": R.randint(1, 3)} | some(
        use_bias=flag, use_gate=flag, sliding_window=lambda: R.randint(1, 3),
        dropout=lambda: 0.4, output_shape=lambda: R.choice([3, [2, 2]]))  # fmt: skip


def groups():
    few = R.randint(1, 2)
    return {"head_dim": R.randint(1, 3), "num_query_heads": few * R.randint(1, 3),
            "num_key_value_heads": few} | some(
        use_bias=flag, use_gate=flag, sliding_window=lambda: R.randint(1, 3),
        dropout=lambda: 0.4)  # fmt: skip


def keywords():
    return some(use_causal_mask=lambda: True, return_attention_scores=flag)


queries, keys = 3, 4
for name, settings in [("MultiHeadAttention", heads), ("GroupQueryAttention", groups)]:
    for _ in range(5):
        add(name, settings(), (2, queries, 4), (2, queries, 4), call=call(0, 1, **keywords()))
        add(name, settings(), (2, queries, 2), (2, keys, 2), call=call(0, 1, **keywords()))
    # Masks that flow with the inputs; every number of a sample may be masked.
    for given in [(True, False), (False, True), (True, True)]:
        flowing = [mask(2, queries) if given[0] else None, mask(2, keys) if given[1] else None]
        flowing = [f and [f[0], [0] * len(f[1])] for f in flowing]
        for more in ({}, {"dropout": 0.2}):
            add(name, settings() | more, (2, queries, 2), (2, keys, 2), masks=flowing,
                call=call(0, 1, **keywords()))  # fmt: skip
    # Masks that the call gives, and a key; a mask of the caller's may be anything but 0.
    for shape in [(queries, keys), (2, queries, keys), (2, 1, keys), (2, queries, 1), (1, 1)]:
        given = call(0, 1, attention_mask=place(2), **keywords())
        values = [[R.choice([0, 0, 0.3, 1, 2]) for _ in range(int(np.prod(s)))]
                  for s in [(2, queries, 2), (2, keys, 2), shape]]  # fmt: skip
        add(name, settings(), (2, queries, 2), (2, keys, 2), shape, values=values, call=given)
    given = {"key": place(2), "value_mask": mask(2, keys), "key_mask": mask(2, keys)}
    add(name, settings(), (2, queries, 2), (2, keys, 2), (2, keys, 3), call=call(0, 1, **given))
    given = {"query_mask": mask(2, queries), "attention_mask": mask(1, keys)}
    add(name, settings(), (2, queries, 2), (2, keys, 2), call=call(0, 1, **given))

# Further axes: which of them queries look along.
for axes in (None, [1], [2], [1, 2], [2, 1], [-2], [-3]):
    config = {"num_heads": 2, "key_dim": 2, "attention_axes": axes} | some(use_gate=flag)
    add("MultiHeadAttention", config, (2, 2, 3, 2), (2, 2, 3, 2), call=call(0, 1))
    add("MultiHeadAttention", config, (2, 2, 3, 2), (2, 2, 3, 2),
        call=call(0, 1, return_attention_scores=True))  # fmt: skip
config = {"num_heads": 2, "key_dim": 2, "value_dim": 3, "dropout": 0.1}
add("MultiHeadAttention", config, (2, 3, 2), (2, 3, 2), call=call(0, 1))

base.ask = ask
if __name__ == "__main__":
    base.write(base.CASES)
