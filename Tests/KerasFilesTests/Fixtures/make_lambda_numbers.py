"""Runs scripts with Lambda layers in real Keras 3.15 and stores what comes out.

    KERAS_BACKEND=jax python make_lambda_numbers.py > lambda-numbers.json

Each case is the script, the sizes of each input, and the outputs as [sizes, numbers]. Number k of
input i is 2 sin(0.37 k + 10 i + 1).
"""

import json
import math
import os

os.environ.setdefault("KERAS_BACKEND", "jax")

import keras  # noqa: E402
import numpy as np  # noqa: E402

HEAD = """import keras
from keras import Input, Model, Sequential, activations, layers, ops
from keras.layers import Bidirectional, Concatenate, Lambda, TimeDistributed
"""

# Bodies of one Lambda on (None, 6, 4).
FUNCTIONS = [
    "lambda x: x[:, -1] * 2",
    "lambda x: x[:, -1, :]",
    "lambda x: x[:, ::-1]",
    "lambda x: x[..., 1:3]",
    "lambda x: x[:, 1:-1:2, None]",
    "lambda x: x ** 2 + x / 2 - 1",
    "lambda x: -x",
    "lambda x: abs(x) // 0.5 % 3",
    "lambda x: 1 - x",
    "lambda x: ops.multiply(x, [1.0, 2.0, 3.0, 4.0])",
    "lambda x: (x > 0.5) * x",
    "lambda x: ops.where(x > 0, x, 0.1 * x)",
    "lambda x: ops.expand_dims(x, -1)",
    "lambda x: ops.mean(x, axis=1)",
    "lambda x: ops.sum(x, axis=-1, keepdims=True)",
    "lambda x: ops.max(x, axis=[1, 2])",
    "lambda x: x - ops.mean(x, axis=-1, keepdims=True)",
    "lambda x: ops.softmax(x, axis=1) * x",
    "lambda x: ops.concatenate([x, ops.flip(x, axis=1)], axis=-1)",
    "lambda x: ops.stack([x, x * 2], axis=1)",
    "lambda x: ops.reshape(x, (-1, 24))",
    "lambda x: ops.reshape(x, (-1, x.shape[1] * 2, x.shape[2] // 2))",
    "lambda x: ops.transpose(x, (0, 2, 1))",
    "lambda x: ops.matmul(x, ops.transpose(x, (0, 2, 1))) / 4 ** 0.5",
    "lambda x: x @ ops.swapaxes(x, 1, 2)",
    "lambda x: ops.squeeze(x[:, :1], 1)",
    "lambda x: ops.clip(x, -1, 1)",
    "lambda x: ops.round(x * 10) / 10",
    "lambda x: ops.cast(x, 'int32')",
    "lambda x: ops.argmax(x, axis=-1)",
    "lambda x: ops.one_hot(ops.argmax(x, axis=-1), 4)",
    "lambda x: ops.normalize(x, axis=-1)",
    "lambda x: ops.pad(x, [[0, 0], [1, 1], [0, 0]])",
    "lambda x: ops.pad(x, [[0, 0], [2, 1], [0, 0]], mode='reflect')",
    "lambda x: ops.repeat(x, 2, axis=1)",
    "lambda x: ops.tile(x, [1, 2, 1])",
    "lambda x: ops.split(x, 2, axis=-1)[1]",
    "lambda x: ops.unstack(x, axis=1)[3]",
    "lambda x: ops.sort(x, axis=-1)",
    "lambda x: ops.take(x, [0, 2], axis=1)",
    "lambda x: ops.std(x, axis=1) + ops.var(x, axis=1)",
    "lambda x: ops.logsumexp(x, axis=-1)",
    "lambda x: ops.tanh(x) * ops.sigmoid(x) + ops.relu(x)",
    "lambda x: activations.gelu(x)",
    "lambda x: keras.activations.relu(x, negative_slope=0.1, max_value=1.0)",
    "lambda x: ops.maximum(x, 0.25)",
    "lambda x: ops.logical_and(x > -1, x < 1)",
    "lambda x: ops.triu(x)",
    "lambda x: x",
    "ops.tanh",
    "activations.softplus",
    "lambda x: layers.GlobalAveragePooling1D()(x)",
]

SCRIPTS = [
    """
def attend(x):
    scores = ops.softmax(ops.sum(x * x, axis=-1), axis=1)
    total = 0
    for step in range(6):
        total = total + x[:, step] * scores[:, step:step + 1]
    return total

i = Input((6, 4))
model = Model(i, Lambda(attend)(i))
""",
    """
def scaled(x, factor=1.0, offset=0.0):
    return x * factor + offset

model = Sequential([Input((6, 4)), Lambda(scaled, arguments={"factor": 3.0, "offset": -0.5})])
""",
    """
def last(x, steps):
    if x.shape[1] > 3:
        return x[:, -steps:]
    return x

model = Sequential([Input((6, 4)), Lambda(last, arguments={"steps": 2}), layers.Flatten()])
""",
    """
rate = 0.25
model = Sequential([Input((6, 4)), Lambda(lambda x: x * rate, output_shape=(6, 4))])
""",
    """
a, b = Input((6, 4)), Input((6, 4))
distance = Lambda(lambda t: ops.abs(t[0] - t[1]))([a, b])
model = Model([a, b], ops.sqrt(ops.sum(distance, axis=[1, 2], keepdims=False) + 1e-7))
""",
    """
def cosine(pair):
    x, y = pair
    return ops.sum(ops.normalize(x) * ops.normalize(y), axis=-1, keepdims=True)

a, b = Input((4,)), Input((4,))
model = Model([a, b], Lambda(cosine, output_shape=lambda shapes: (shapes[0][0], 1))([a, b]))
""",
    """
i = Input((6, 4))
x = Lambda(lambda t: t[:, :, 0])(i)
x = ops.expand_dims(x, 1) * 2 - 0.5
model = Model(i, [x, Lambda(lambda t: t * t)(x)])
""",
    """
model = Sequential([Input((3, 6, 4)), TimeDistributed(Lambda(lambda x: x[:, -1] + 1))])
""",
    """
i = Input((None, 4))
model = Model(i, Lambda(lambda x: ops.concatenate([x[:, -1], ops.max(x, axis=1)], axis=-1))(i))
""",
    """
shared = Lambda(lambda x: ops.exp(-x))
a, b = Input((5,)), Input((5,))
model = Model([a, b], shared(a) - shared(b))
""",
]


def values(sizes, place):
    wave = [2 * math.sin(k * 0.37 + 10 * place + 1) for k in range(math.prod(sizes))]
    return np.array(wave, "float32").reshape(sizes)


def main():
    texts = [f"model = Sequential([Input((6, 4)), Lambda({f})])\n" for f in FUNCTIONS]
    lines = []
    for text in texts + SCRIPTS:
        script = HEAD + text.lstrip("\n")
        names = {}
        exec(script, names)
        model = names["model"]
        sizes = [[3 if index == 0 else size or 7 for index, size in enumerate(tensor.shape)]
                 for tensor in model.inputs]
        found = model([values(s, i) for i, s in enumerate(sizes)] if len(sizes) > 1
                      else values(sizes[0], 0))
        outputs = found if isinstance(found, (list, tuple)) else [found]
        stored = [[list(t.shape), [float("%.8g" % v) for v in np.ravel(np.asarray(t, "float64"))]]
                  for t in outputs]
        lines.append(json.dumps([script, sizes, stored]))
    print('{"keras": "%s", "cases": [' % keras.__version__)
    print(",\n".join(lines))
    print("]}")


if __name__ == "__main__":
    main()
