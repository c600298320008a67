"""Asks real Keras 3.15 with JAX how a loss changes with inputs and weights of recurrent layers.

    KERAS_BACKEND=jax python make_recurrent_gradients.py [SEED] > recurrent-gradients.json

A case has the class, its settings, sizes of the inputs (a sequence, and initial states), the mask
of the sequence or null, and the gradients of all inputs and weights. The layers of "Bidirectional"
are [class, settings]. All numbers that go in are formulas that a test can compute as well:

    number k of input i            is 1.5 · sin(0.37 k + case + 2 i)
    number k of weight j           is 0.6 · cos(0.61 k + case + 3 j)
    number k of output i's gradient is cos(0.83 k + case + i)

where case is the place of the case in the file.
"""

import json
import os
import random
import sys

os.environ.setdefault("KERAS_BACKEND", "jax")

import jax  # noqa: E402
import jax.numpy as jnp  # noqa: E402
import keras  # noqa: E402
import numpy as np  # noqa: E402

R = random.Random(int(sys.argv[1]) if len(sys.argv) > 1 else 20260815)
FUNCTIONS = ["tanh", "tanh", "tanh", "sigmoid", "softsign", "linear", "softmax", "elu", "hard_sigmoid"]


def flag(share=0.5):
    return R.random() < share


def recurrent():
    """A layer's class and settings."""
    name = R.choice(["LSTM", "LSTM", "GRU", "GRU", "SimpleRNN"])
    config = {"units": R.randint(1, 4), "activation": R.choice(FUNCTIONS), "use_bias": flag(0.8)}
    if name != "SimpleRNN":
        config["recurrent_activation"] = R.choice(["sigmoid", "sigmoid", "hard_sigmoid", "softmax"])
    if name == "GRU":
        config["reset_after"] = flag()
    config["return_sequences"] = flag(0.7)
    config["return_state"] = flag(0.3)
    config["zero_output_for_mask"] = flag(0.3)
    config["unroll"] = flag(0.3)
    return name, config


def states_of(name):
    return 2 if name == "LSTM" else 1


def made(name, config):
    return getattr(keras.layers, name)(**config)


def numbers(sizes, make):
    count = int(np.prod(sizes))
    return np.array([make(k) for k in range(count)], "float32").reshape(sizes)


def case(place):
    batch, steps, features = R.randint(1, 3), R.randint(1, 5), R.randint(1, 4)
    sizes = [[batch, steps, features]]
    name, config = recurrent()
    given = flag(0.3)
    if flag(0.5):
        config["go_backwards"] = flag()
        layer = made(name, config)
        states = states_of(name) * [config["units"]]
    else:
        inner, outer = (name, config), {"merge_mode": R.choice(["concat", "sum", "mul", "ave", None])}
        layer = made(*inner)
        states = 2 * states_of(name) * [config["units"]]
        backward = None
        if outer["merge_mode"] in ("concat", None) and flag(0.4):
            backward = recurrent()
            for key in ("return_sequences", "return_state"):
                backward[1][key] = config[key]
            backward[1]["go_backwards"] = True
            if states_of(backward[0]) != states_of(name):
                given = False
            states[len(states) // 2:] = states_of(backward[0]) * [backward[1]["units"]]
        layer = keras.layers.Bidirectional(
            layer, backward_layer=made(*backward) if backward else None, **outer)
        name, config = "Bidirectional", {"layer": inner, **outer}
        if backward:
            config["backward_layer"] = backward
    if given:
        sizes += [[batch, units] for units in states]
    mask = None
    if flag():
        mask = [[int(flag(0.6)) for _ in range(steps)] for _ in range(batch)]
    inputs = [
        numbers(shape, lambda k: 1.5 * np.sin(0.37 * k + place + 2 * i)) for i, shape in enumerate(sizes)]
    call = {}
    if mask is not None:
        call["mask"] = jnp.array(mask, bool)
    layer(inputs[0], **({"initial_state": inputs[1:]} if given else {}))
    weights = [
        numbers(v.shape, lambda k: 0.6 * np.cos(0.61 * k + place + 3 * j))
        for j, v in enumerate(layer.trainable_variables)]
    others = [v.value for v in layer.non_trainable_variables]

    def loss(inputs, weights):
        state = {"initial_state": list(inputs[1:])} if given else {}
        outputs, _ = layer.stateless_call(weights, others, inputs[0], **call, **state)
        total = 0
        for i, output in enumerate(jax.tree_util.tree_leaves(outputs)):
            total += jnp.sum(output * numbers(output.shape, lambda k: np.cos(0.83 * k + place + i)))
        return total

    of_inputs, of_weights = jax.grad(loss, argnums=(0, 1))(inputs, weights)

    def told(arrays):
        return [[float(f"{x:.6g}") for x in np.asarray(a).ravel()] for a in arrays]

    return {
        "class": name, "config": config, "sizes": sizes, "mask": mask,
        "inputs": told(of_inputs), "weights": told(of_weights),
    }


def main():
    lines = [json.dumps(case(place), separators=(",", ":")) for place in range(120)]
    print('{"keras":"%s","cases":[\n%s\n]}' % (keras.__version__, ",\n".join(lines)))


main()
