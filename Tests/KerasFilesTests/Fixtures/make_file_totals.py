"""Writes keras-file-totals.json: the last lines of Keras' own summary of each file beside it.

    KERAS_BACKEND=jax python make_file_totals.py keras-files > keras-file-totals.json

Made with Keras 3.15.1. A file that Keras cannot open without code of its own is left out.
"""

import json
import os
import pathlib
import sys
import warnings

os.environ.setdefault("KERAS_BACKEND", "jax")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras  # noqa: E402

warnings.simplefilter("ignore")


def totals(path):
    """`Total params: …` and what follows it."""
    keras.utils.clear_session()
    lines = []
    keras.saving.load_model(path).summary(print_fn=lambda text, **_: lines.append(text))
    text = "\n".join(lines)
    return [line.strip() for line in text.splitlines() if " params: " in line]


found = {}
for path in sorted(pathlib.Path(sys.argv[1]).glob("*.keras")):
    try:
        found[path.stem] = totals(path)
    except Exception as error:
        print(f"{path.stem}: {str(error).splitlines()[0]}", file=sys.stderr)
lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(text)}" for name, text in found.items())
print("{\n" + lines + "\n}")
