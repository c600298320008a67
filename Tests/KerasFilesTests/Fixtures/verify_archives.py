"""Opens .keras and .h5 files that Unroll saved with real Keras 3, and compares all weights.

    UNROLL_ARCHIVES=DIRECTORY swift test --filter everyModelComesBackWithItsWeights
    KERAS_BACKEND=jax python verify_archives.py DIRECTORY

The weights are those of make_model_numbers.py: each follows from its place in Keras' order. Where
a model is there in both formats, what the two give is compared, too.
"""

import os
import sys
import warnings

os.environ.setdefault("KERAS_BACKEND", "jax")
warnings.simplefilter("ignore")
HERE = os.path.dirname(os.path.abspath(__file__))

import keras  # noqa: E402
import numpy as np  # noqa: E402

sys.path.insert(0, HERE)
from make_model_numbers import weight  # noqa: E402

keras.config.enable_unsafe_deserialization()
good = 0
names = sorted(name for name in os.listdir(sys.argv[1])
               if name.endswith((".keras", ".h5")) and not name.startswith("again-"))
models = {}


def outputs(model):
    """What a model gives for whole numbers; nothing where sizes of its inputs depend on others."""
    random = np.random.RandomState(5)
    inputs = [random.randint(0, 2, [n or 6 for n in i.shape]).astype(i.dtype) for i in model.inputs]
    try:
        found = model(inputs if len(inputs) > 1 else inputs[0])
    except Exception:  # noqa: BLE001
        return []
    return [np.asarray(y) for y in keras.tree.flatten(found)]


compared = 0
for name in names:
    try:
        model = keras.models.load_model(os.path.join(sys.argv[1], name), compile=False)
        for index, variable in enumerate(model.weights):
            wanted = weight(variable.path.split("/")[-1], variable.shape, index)
            if not np.array_equal(np.asarray(variable), wanted):
                raise ValueError(f"{variable.path} differs")
        stem = name.rsplit(".", 1)[0]
        if stem in models:
            pairs = list(zip(outputs(models.pop(stem)), outputs(model), strict=True))
            compared += bool(pairs)
            for a, b in pairs:
                if not np.allclose(a, b, atol=1e-5, rtol=1e-5, equal_nan=True):
                    raise ValueError(f"outputs differ by {np.abs(a - b).max()}")
        else:
            models[stem] = model
        good += 1
    except Exception as error:  # noqa: BLE001
        print(f"{name}: {type(error).__name__}: {str(error).strip()[:300]}")
print(f"{good} of {len(names)} open in Keras {keras.__version__} with all their weights")
print(f"{compared} give the same outputs in both formats")
