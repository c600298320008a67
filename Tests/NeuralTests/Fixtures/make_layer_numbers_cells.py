"""Asks real Keras 3.15 what RNN with cells, cells by themselves and ConvLSTM make of small inputs.

    KERAS_BACKEND=jax python make_layer_numbers_cells.py > layer-numbers-cells.json

Cases are as make_layer_numbers.py describes them. A cell is [class, settings], as a wrapped layer
is; further inputs are initial states, one behind the other. "output" says which output is meant,
states counted behind the first one.
"""

import sys

import make_layer_numbers as base
from make_layer_numbers import R, flag, formula, keras, mask, names, numbers, weights

CASES = []
UNITS = {"LSTMCell": 2, "GRUCell": 1, "SimpleRNNCell": 1}


def add(name, config, *inputs, **how):
    CASES.append((name, config, [list(shape) for shape in inputs], how))


def some(**choices):
    return {key: make() for key, make in choices.items() if R.random() < 0.4}


functions = ["tanh", "relu", "sigmoid", "hard_sigmoid", "softsign", "elu", "linear", "softmax"]


def cell():
    kind = R.choice(list(UNITS))
    config = {"units": R.randint(1, 3)} | some(
        use_bias=flag, activation=lambda: R.choice(functions))  # fmt: skip
    if kind != "SimpleRNNCell":
        config |= some(recurrent_activation=lambda: R.choice(functions))
    if kind == "GRUCell":
        config |= some(reset_after=flag)
    return [kind, config]


def stack(depth=0):
    cells = [cell() for _ in range(R.randint(2, 3))]
    if depth == 0 and R.random() < 0.25:
        cells[R.randrange(len(cells))] = stack(1)
    return ["StackedRNNCells", {"cells": cells}]


def states(cell):
    """The sizes of the states, one behind the other."""
    kind, config = cell
    if kind == "StackedRNNCells":
        return [size for inner in config["cells"] for size in states(inner)]
    return [config["units"]] * UNITS[kind]


def nested(cell):
    return any(inner[0] == "StackedRNNCells" for inner in cell[1].get("cells", []))


for number in range(70):
    one = cell() if number % 3 == 0 else stack()
    walk = some(return_sequences=flag, go_backwards=flag, unroll=flag, zero_output_for_mask=flag)
    how = {}
    given = []
    # Keras 3.15 fails with a mask or with named states where stacks stand in stacks.
    if not nested(one):
        if R.random() < 0.5:
            how["masks"] = [mask(2, 4)]
            if R.random() < 0.3:
                how["masks"] = [[[0, 0, 1, 0], [0, 1, 1, 0]]]
        elif R.random() < 0.5:
            given = [(2, size) for size in states(one)]
        if R.random() < 0.4:
            walk["return_state"] = True
            how["output"] = R.randrange(1 + len(states(one)))
    add("RNN", {"cell": one} | walk, (2, 4, 3), *given, **how)
for number in range(16):
    one = cell() if number % 2 else stack()
    while nested(one):
        one = stack()
    walk = some(return_sequences=flag)
    how = {"masks": [mask(2, 4)]} if flag() else {}
    if flag():
        walk["return_state"] = True
        how["output"] = R.randrange(1 + 2 * len(states(one)))
    mode = R.choice(["concat", "sum", "mul", "ave"])
    add("Bidirectional", {"layer": ["RNN", {"cell": one} | walk], "merge_mode": mode},
        (2, 4, 3), **how)  # fmt: skip
for _ in range(12):
    one = cell()
    given = [(2, size) for size in states(one)]
    add(*one, (2, 3), *given, output=R.randrange(1 + len(given)))
one = ["StackedRNNCells", {"cells": [["LSTMCell", {"units": 2}], ["GRUCell", {"units": 3}]]}]
for output in range(4):
    add(*one, (2, 3), (2, 2), (2, 2), (2, 3), output=output)
add("TimeDistributed", {"layer": ["RNN", {"cell": stack(1)}]}, (2, 2, 3, 2))


def window(rank, low, high):
    return R.randint(low, high) if flag() else [R.randint(low, high) for _ in range(rank)]


def convolution(rank):
    config = {"filters": R.randint(1, 2), "kernel_size": window(rank, 1, 3)} | some(
        padding=lambda: R.choice(["valid", "same"]), use_bias=flag,
        data_format=lambda: R.choice(["channels_last", "channels_first"]),
        activation=lambda: R.choice(functions), recurrent_activation=lambda: R.choice(functions),
        return_sequences=flag, go_backwards=flag)  # fmt: skip
    config |= R.choice([{}, {"strides": window(rank, 1, 2)}, {"dilation_rate": window(rank, 1, 2)}])
    channels, places = R.randint(1, 2), [R.randint(5, 6) for _ in range(rank)]
    first = config.get("data_format") == "channels_first"
    return config, [channels, *places] if first else [*places, channels]


for rank in (1, 2):
    for number in range(24 if rank == 1 else 14):
        config, sizes = convolution(rank)
        how = {}
        if number % 3 == 0:
            # Without `unroll` Keras 3.15 on JAX applies the mask to the wrong axes.
            how["masks"] = [mask(2, 3)]
            config["unroll"] = True
        if number % 4 == 1:
            config["return_state"] = True
            how["output"] = R.randrange(3)
        add(f"ConvLSTM{rank}D", config, (2, 3, *sizes), **how)
    config, sizes = convolution(rank)
    config["go_backwards"] = False
    add("Bidirectional", {"layer": [f"ConvLSTM{rank}D", config]}, (2, 3, *sizes))
    config = {"filters": 2, "kernel_size": 2, "padding": "same"}
    state = (2, *[3] * rank, 2)
    add(f"ConvLSTM{rank}D", config, (2, 2, *[3] * rank, 1), state, state)


def make(name, config):
    config = dict(config)
    for key in ("layer", "cell"):
        if key in config:
            config[key] = make(*config[key])
    if "cells" in config:
        config["cells"] = [make(*inner) for inner in config["cells"]]
    return getattr(keras.layers, name)(**config)


def ask(case, name, config, shapes, how):
    """What Keras makes of a case; raises where Keras refuses."""
    layer = make(name, config)
    inputs = [keras.ops.convert_to_tensor(formula(case, i, shape, None))
              for i, shape in enumerate(shapes)]  # fmt: skip
    given, more = inputs[1:], {}
    if "masks" in how:
        more["mask"] = keras.ops.convert_to_tensor(base.np.array(how["masks"][0], bool))
    if given:
        sizes = layer.state_size
        sizes = [sizes] if isinstance(sizes, int) else list(sizes)
        if name.startswith("ConvLSTM"):
            packed = given
        else:
            flat = all(isinstance(s, int) for s in sizes)
            lists = [[s] if isinstance(s, int) else list(s) for s in sizes]
            packed = given if flat else keras.tree.pack_sequence_as(lists, given)
        arguments = (inputs[0], packed) if name.endswith(("Cell", "Cells")) else (inputs[0],)
        if len(arguments) == 1:
            more["initial_state"] = packed
    else:
        arguments = (inputs[0],)
    if not layer.built:
        layer.build(inputs[0].shape)
    weights(case, layer)
    output = keras.tree.flatten(layer(*arguments, **more))[how.get("output", 0)]
    return {"sizes": list(output.shape), "numbers": numbers(output)}


if __name__ == "__main__":
    base.ask = ask
    base.write(CASES)
