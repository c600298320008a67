"""Opens .keras files that Unroll saved with real Keras 3, and compares all weights.

    UNROLL_ARCHIVES=DIRECTORY swift test --filter everyModelComesBackWithItsWeights
    KERAS_BACKEND=jax python verify_archives.py DIRECTORY

The weights are those of make_model_numbers.py: each follows from its place in Keras' order.
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
names = sorted(name for name in os.listdir(sys.argv[1]) if name.endswith(".keras"))
for name in names:
    try:
        model = keras.models.load_model(os.path.join(sys.argv[1], name), compile=False)
        for index, variable in enumerate(model.weights):
            wanted = weight(variable.path.split("/")[-1], variable.shape, index)
            if not np.array_equal(np.asarray(variable), wanted):
                raise ValueError(f"{variable.path} differs")
        good += 1
    except Exception as error:  # noqa: BLE001
        print(f"{name}: {type(error).__name__}: {str(error).strip()[:300]}")
print(f"{good} of {len(names)} open in Keras {keras.__version__} with all their weights")
