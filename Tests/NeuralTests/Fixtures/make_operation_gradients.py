"""Asks real Keras 3.15 with JAX how a loss changes with the inputs of operations.

    KERAS_BACKEND=jax python make_operation_gradients.py > operation-gradients.json

The cases are those of `operation-numbers.json`, in its order; the loss is the sum of all outputs,
each number times cos(0.7 k + output). Each line has the gradients of a case's inputs: null where an
input is no float or Keras refuses, 0 where all numbers are 0.
"""

import json
import math
import os

os.environ.setdefault("KERAS_BACKEND", "jax")

import jax  # noqa: E402
import jax.numpy as jnp  # noqa: E402
import keras  # noqa: E402
import numpy as np  # noqa: E402

import make_operation_numbers as numbers  # noqa: E402


def short(number):
    number = float(number)
    if not math.isfinite(number):
        return str(number)
    return int(number) if number == int(number) and abs(number) < 1e6 else float("%.6g" % number)


def gradients(number, name, module, config, constants, inputs, outputs):
    if outputs is None:
        return None
    config = {k: float(v) if v in ("inf", "-inf") else v for k, v in config.items()}
    if not constants:
        constants = "list" if name in ("Concatenate", "Stack") else [None] * len(inputs)
    function, tensors = numbers.call(number, name, module, config, constants, inputs)
    isfloat = [t.dtype == jnp.float32 for t in tensors]

    def loss(*floats):
        rest = list(floats)
        outputs = function(*[rest.pop(0) if f else t for f, t in zip(isfloat, tensors)])
        total = 0.0
        for place, output in enumerate(outputs):
            weights = np.cos(0.7 * np.arange(output.size) + place).reshape(output.shape)
            if jnp.issubdtype(output.dtype, jnp.floating):
                total += jnp.sum(output.astype("float32") * weights.astype("float32"))
        return total

    floats = [t for f, t in zip(isfloat, tensors) if f]
    found = list(jax.grad(loss, argnums=tuple(range(len(floats))))(*floats)) if floats else []
    result = []
    for f in isfloat:
        if not f:
            result.append(None)
            continue
        values = [short(v) for v in np.ravel(np.asarray(found.pop(0), "float64"))]
        result.append(values if any(v != 0 for v in values) else 0)
    return result


def main():
    table = json.load(open(os.path.join(os.path.dirname(__file__), "operation-numbers.json")))
    print('{"keras": "%s", "cases": [' % keras.__version__)
    lines = [
        json.dumps(gradients(number, *case), separators=(",", ":"))
        for number, case in enumerate(table["cases"])]
    print(",\n".join(lines))
    print("]}")


if __name__ == "__main__":
    main()
