"""Asks real Keras 3.15 what shapes and weights attention of several heads and EinsumDense have.

    KERAS_BACKEND=jax python make_layer_shapes_heads.py > layer-shapes-heads.json

Cases as in `make_layer_shapes.py`; inputs of attention are query, value and key.
"""

import json

import keras

import make_layer_shapes as base

R, some, flag = base.R, base.some, base.flag
R.seed(20260904)


def size():
    return None if R.random() < 0.2 else R.randint(1, 6)


def attention():
    rank = R.choice([3, 3, 3, 4, 2])
    query = [None] + [size() for _ in range(rank - 2)] + [R.randint(1, 6)]
    value = query[:1] + ([size()] + query[2:-1] if rank == 3 else query[1:-1]) + [R.randint(1, 6)]
    config = {"num_heads": R.randint(1, 4), "key_dim": R.randint(1, 4)} | some(
        value_dim=lambda: R.randint(1, 4), use_bias=flag, use_gate=flag,
        output_shape=lambda: R.choice([5, [2, 3], [4]]))  # fmt: skip
    key = [value[:-1] + [R.randint(1, 6)]] if R.random() < 0.3 else []
    if key and R.random() < 0.3:
        key[0][1] = R.choice([3, None])
    return config, [query, value] + key


def grouped():
    few = R.randint(1, 3)
    config = {"head_dim": R.randint(1, 4), "num_query_heads": R.choice([few, 2 * few, 3 * few, 5]),
              "num_key_value_heads": few} | some(use_bias=flag, use_gate=flag)  # fmt: skip
    features = R.randint(1, 5)
    query, value = [None, size(), features], [None, size(), R.choice([features] * 4 + [3])]
    key = [value[:-1] + [R.randint(1, 6)]] if R.random() < 0.3 else []
    return config, [query, value] + key


def einsum():
    t, f, s = size(), R.choice([1, 2, 3, 5, None]), R.randint(1, 4)
    equation, output, shape, bias = R.choice([
        ("ab,bc->ac", 3, [None, f], "c"), ("abc,cd->abd", [None, 4], [None, t, f], "d"),
        ("abc,cd->abd", [t, 4], [None, t, f], "bd"), ("abc,cd->abd", [3, 4], [None, t, f], "b"),
        ("abc,cde->abde", [None, 2, 3], [None, t, f], "de"), ("...x,xy->...y", 3, [None, t, f], "y"),
        ("...x,xy->...y", 3, [None, f], None), ("ab...,bc->ac...", 4, [None, f, t], "c"),
        ("abc,bcd->ad", 3, [None, t, f], "d"), ("abc,bd->acd", [None, 3], [None, t, f], "e"),
        ("abc,cd->abe", [None, 4], [None, t, f], None), ("abc,xd->abd", [None, 4], [None, t, f], None),
        ("ab,bc", 4, [None, f], None), ("abc,cd->abd", [None, None], [None, t, f], "d"),
        ("abc,bc->abc", [t, f], [None, t, f], "c"), ("ab, bc->ac", 3, [None, f], None),
    ])  # fmt: skip
    return {"equation": equation, "output_shape": output, "bias_axes": R.choice([bias, bias, None])}, [shape]


def answer(name, config, inputs):
    """What Keras makes of a case: the shapes of the outputs and the weights, or None."""
    try:
        layer = base.make(name, config)
        result = layer(*[keras.Input(batch_shape=shape) for shape in inputs])
    except Exception:
        return None
    weights = [[w.name, list(w.shape), True] for w in layer.weights]
    return {"outputs": [list(result.shape)], "weights": weights}


def main():
    lines = []
    for name, maker, count in [("MultiHeadAttention", attention, 30),
                               ("GroupQueryAttention", grouped, 25), ("EinsumDense", einsum, 50)]:
        for _ in range(count):
            config, inputs = maker()
            if len(inputs[0]) == 2 and name == "MultiHeadAttention":
                found = None  # The layer is built, but nothing can be computed by it.
            else:
                found = answer(name, config, inputs)
            lines.append(json.dumps([name, config, inputs, found], separators=(",", ":")))
    print('{"keras": "%s", "cases": [' % keras.__version__)
    print(",\n".join(lines))
    print("]}")


if __name__ == "__main__":
    main()
