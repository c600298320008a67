"""Asks real Keras 3.15 with JAX for the slopes of its activation functions.

    KERAS_BACKEND=jax python make_activation_gradients.py > activation-gradients.json

Each line is a case: the function's name, further settings of a rectifier, the sizes of the
arguments, the arguments, the gradients of the values and the gradients of the arguments.
Arguments meet the kinks, ties and the places where functions are flat.
"""

import json
import math
import os

os.environ.setdefault("KERAS_BACKEND", "jax")

import jax  # noqa: E402
import jax.numpy as jnp  # noqa: E402
import keras  # noqa: E402
import numpy as np  # noqa: E402

KINKS = [0, -0.0, 0.5, -0.5, 1, -1, 2, -2, 3, -3, 6, -6, 0.25, -0.25, 1.5]
EASY = KINKS + [0.3, -0.3, 1.7, -1.7, 5.2, -5.2, 9, -9, 40, -40]
ROWS = [
    [0.5, -1, 2, 0.25, 0.5, 0], [0, 0, 0, 0, 0, 0], [3, 3, -2, 1, 3, 3], [0.1, 0.2, 0.3, 0.4, 0.5, 0.6],
    [-40, 0, 40, 1, 2, 3], [1, 0, 0, 0, 0, 1], [-1.5, -0.3, -0.7, -0.9, -0.2, -2], [9, 8.5, 8, 7.9, 9, 0],
]
ELEMENTWISE = (
    "elu exponential gelu hard_shrink hard_sigmoid hard_silu hard_tanh leaky_relu linear "
    "log_sigmoid mish relu relu6 selu sigmoid silu soft_shrink softplus softsign sparse_plus "
    "sparse_sigmoid squareplus tanh tanh_shrink celu"
).split()
SETTINGS = [
    ("elu", {"alpha": 0.3}), ("elu", {"alpha": 2.0}), ("elu", {"alpha": -1.5}),
    ("celu", {"alpha": 0.3}), ("celu", {"alpha": 2.0}), ("celu", {"alpha": -1.5}),
    ("leaky_relu", {"negative_slope": 0.05}), ("leaky_relu", {"negative_slope": 0.0}),
    ("leaky_relu", {"negative_slope": -0.5}),
] + [
    ("relu", settings)
    for settings in [
        {"negative_slope": 0.1}, {"max_value": 1.0}, {"max_value": 6.0}, {"threshold": 0.5},
        {"threshold": 0.5, "max_value": 2.0}, {"negative_slope": 0.2, "max_value": 1.0},
        {"negative_slope": 0.2, "max_value": 1.0, "threshold": 0.5},
        {"negative_slope": 0.2, "threshold": 2.0}, {"threshold": 0.5, "max_value": 6.0},
        {"threshold": -2.0}, {"threshold": -2.0, "max_value": 3.0},
        {"threshold": -2.0, "max_value": 3.0, "negative_slope": 0.25}, {"max_value": 0.0},
    ]
]


def answer(name, settings, rows):
    function = getattr(keras.activations, name)
    arguments = jnp.asarray(np.array(rows, "float32"))
    _, pullback = jax.vjp(lambda x: function(x, **settings), arguments)
    weights = np.array(
        [math.cos(0.7 * k) for k in range(arguments.size)], "float32").reshape(arguments.shape)
    (found,) = pullback(jnp.asarray(weights))
    return [name, settings, list(arguments.shape)] + [
        [float("%.8g" % v) for v in np.ravel(np.asarray(t, "float64"))]
        for t in (arguments, weights, found)]


def main():
    cases = [(name, {}, EASY) for name in ELEMENTWISE]
    cases += [(name, settings, EASY) for name, settings in SETTINGS]
    cases += [(name, {}, ROWS) for name in ["softmax", "log_softmax", "sparsemax"]]
    lines = [json.dumps(answer(*case), separators=(",", ":")) for case in cases]
    print('{"keras": "%s", "cases": [' % keras.__version__)
    print(",\n".join(lines))
    print("]}")


if __name__ == "__main__":
    main()
