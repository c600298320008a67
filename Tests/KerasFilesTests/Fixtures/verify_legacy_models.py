"""Opens with real Keras 3 what Unroll saved of the files of Keras 2, and compares the outputs.

    UNROLL_ARCHIVES=DIRECTORY swift test --filter whatIsSavedAgainHasTheSameWeights
    KERAS_BACKEND=jax python verify_legacy_models.py DIRECTORY

Inputs and outputs are those of make_legacy_models.py, computed by the Keras that each file is of.
Training settings are opened, too. TensorFlow is not needed.
"""

import io
import os
import sys
import warnings
import zipfile

os.environ.setdefault("KERAS_BACKEND", "jax")
warnings.simplefilter("ignore")
HERE = os.path.dirname(os.path.abspath(__file__))

import keras  # noqa: E402
import numpy as np  # noqa: E402

good = count = 0
for version in (2, 3):
    archive = zipfile.ZipFile(os.path.join(HERE, f"legacy-{version}.zip"))
    numbers = np.load(io.BytesIO(archive.read("numbers.npz")))
    for name in sorted({key.split(".")[0] for key in numbers} - {"weights_alone"}):
        count += 1

        def arrays(kind):
            return [numbers[key] for key in sorted(numbers) if key[:-1] == f"{name}.{kind}"]

        try:
            model = keras.models.load_model(os.path.join(sys.argv[1], f"again-{name}.h5"))
            x = arrays("x")
            found = keras.tree.flatten(model(x if len(x) > 1 else x[0]))
            apart = [np.abs(np.asarray(a) - b).max() for a, b in zip(found, arrays("y"), strict=True)]
            if max(apart) > 1e-5:
                raise ValueError(f"outputs differ by {max(apart)}")
            if name.startswith("trained"):
                print(f"{name}: {type(model.optimizer).__name__}, {model.loss}")
            good += 1
        except Exception as error:  # noqa: BLE001
            print(f"{name}: {type(error).__name__}: {str(error).strip()[:300]}")
print(f"{good} of {count} give the same outputs in Keras {keras.__version__}")
