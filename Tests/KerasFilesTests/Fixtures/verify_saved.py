"""Opens what Unroll saved with real Keras 3, and says whether that worked.

    KERAS_BACKEND=jax python verify_saved.py DIRECTORY

Every .json goes through keras.models.model_from_json; every .py is executed, so run this on files
of your own only. Prints a JSON list with file, ok, error, total_params and layers.
"""

import contextlib
import io
import json
import os
import sys
import warnings

os.environ.setdefault("KERAS_BACKEND", "jax")
warnings.simplefilter("ignore")
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path = [p for p in sys.path if os.path.abspath(p or ".") != HERE]

import keras  # noqa: E402
from keras.src import tree  # noqa: E402


def row(layer):
    nodes = layer._inbound_nodes
    outputs = nodes[-1].output_tensors if nodes else []
    return {
        "name": layer.name,
        "class_name": type(layer).__name__,
        "output_shapes": [list(t.shape) for t in tree.flatten(outputs)],
        "params": layer.count_params() if layer.built else 0,
    }


def opened(path):
    """The models in a file, by variable name for a script."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    if path.endswith(".json"):
        # Scripts may hold Lambda layers; they are our own here.
        keras.config.enable_unsafe_deserialization()
        return {"model": keras.models.model_from_json(text)}
    space = {"__name__": "__main__", "__file__": path}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(compile(text, path, "exec"), space)
    return {k: v for k, v in space.items() if isinstance(v, keras.Model)}


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: verify_saved.py DIRECTORY")
    results = []
    for name in sorted(os.listdir(sys.argv[1])):
        if not name.endswith((".json", ".py")):
            continue
        entry = {"file": name, "ok": False, "error": None, "total_params": None, "layers": []}
        keras.utils.clear_session()
        try:
            models = opened(os.path.join(sys.argv[1], name))
            if not models:
                raise ValueError("the script makes no model")
            model = models.get("model") or list(models.values())[-1]
            entry["layers"] = [row(layer) for layer in model.layers]
            entry["total_params"] = model.count_params() if model.built else 0
            entry["class_name"] = type(model).__name__
            entry["name"] = model.name
            entry["ok"] = True
        except Exception as error:
            first = next((l for l in str(error).splitlines() if l.strip()), "")
            entry["error"] = f"{type(error).__name__}: {first}"
        results.append(entry)
    print(json.dumps(results, indent=1))


if __name__ == "__main__":
    main()
