"""Opens files that Unroll made of other files with real Keras 3, and compares them.

    python verify_round_trips.py FOLDER

FOLDER/list.json names the originals: [{"name": …, "original": PATH, "files": [NAME.keras, …]}, …],
the files beside it. Each is opened (load_model, model_from_json, or by running the script, so run
this on files of your own only) and compared with the original as Keras opens it: classes, names,
shapes and counts of its layers, how it is compiled, and what it predicts with the original's
weights; a .keras or .h5 file with its own. Prints a JSON list with file, ok, error and apart.
"""

import contextlib
import copy
import io
import json
import os
import sys
import tempfile
import traceback
import warnings

os.environ.setdefault("KERAS_BACKEND", "jax")
warnings.simplefilter("ignore")
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path = [p for p in sys.path if os.path.abspath(p or ".") != HERE]

import keras  # noqa: E402
import numpy as np  # noqa: E402

sys.path.append(HERE)
import make_keras_files as own  # noqa: E402, the classes that are not Keras' own

OWN = {name: getattr(own, name) for name in (
    "Attend", "Twice", "TwoOutputs", "Wrap", "OwnFunctional", "OwnSequential", "own_activation",
    "own_loss")}


class Namespace(dict):
    """What a script defines; classes of our own stand where it has placeholders for them."""

    def __init__(self):
        super().__init__(OWN)

    def __setitem__(self, key, value):
        if key not in OWN:
            super().__setitem__(key, value)


def opened(path):
    """The model of a file, compiled as the file says."""
    keras.utils.clear_session()
    # Files of our own hold Lambda layers, which Keras opens for those who trust them.
    keras.config.enable_unsafe_deserialization()
    if path.endswith(".json"):
        with open(path, encoding="utf-8") as file:
            return keras.models.model_from_json(file.read())
    if path.endswith(".py"):
        with open(path, encoding="utf-8") as file:
            text = file.read()
        space = Namespace()
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compile(text, path, "exec"), {"__name__": "__main__"}, space)
        return space["model"]
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        return keras.models.load_model(path, safe_mode=False)


def rows(model, kind):
    """What a summary says of each layer."""
    result = []
    for layer in model.layers:
        nodes = layer._inbound_nodes
        outputs = nodes[-1].output_tensors if nodes else []
        shapes = [list(t.shape) for t in keras.tree.flatten(outputs)]
        # A stack says of its parts only what they are; where it was called makes no difference.
        # A file without weights says the mean and variance that were adapted as settings.
        is_stated = kind in ("json", "py") and isinstance(layer, keras.layers.Normalization)
        result.append([type(layer).__name__, layer.name, shapes,
                       layer.count_params() if layer.built and not is_stated else 0,
                       sum(int(np.prod(v.shape)) for v in layer.trainable_variables)])
    return result


def compiled(model):
    """How a model is compiled, as its config says it, shared numbers left out."""
    if not model.compiled:
        return None
    try:
        config = copy.deepcopy(model.get_compile_config())
        config = json.loads(json.dumps(config))
    except Exception:  # noqa: BLE001, Keras cannot say it of everything
        return None
    # Keras chooses this for the machine; a script leaves it to it.
    config.pop("jit_compile", None)
    return plain(config)


def through_h5(model):
    """The model as it comes back from an .h5 file of Keras itself, which says less."""
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
        path, said = os.path.join(folder, "model.h5"), model._compile_config
        # Saving takes the optimizer out of what the model says of itself.
        model._compile_config = copy.deepcopy(said)
        try:
            model.save(path)
            return keras.models.load_model(path, safe_mode=False)
        finally:
            model._compile_config = said


def plain(value):
    """Names and objects that mean the same become the same."""
    if isinstance(value, dict):
        if value.get("class_name") == "function":
            return value["config"]
        return {k: plain(v) for k, v in value.items() if k != "shared_object_id"}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if isinstance(value, float):
        return float(np.float32(value))
    return value


def called(model, rng):
    """The outputs for numbers that depend on the shapes alone."""
    values = own.inputs_of(model, np.random.default_rng(rng), own_bound(model))
    return own.called(model, values)


def own_bound(model):
    """A bound for whole numbers: the rows of the smallest table that could be looked up."""
    tables = [layer.input_dim for layer in every_layer(model)
              if isinstance(layer, keras.layers.Embedding)]
    return min(tables, default=None)


def every_layer(model):
    for layer in model.layers:
        yield layer
        if hasattr(layer, "layers"):
            yield from every_layer(layer)


def compare(original, model, kind, expected):
    """What is wrong, in words, and how far apart the numbers are."""
    if type(model) is not type(original) and kind != "py":
        return f"{type(original).__name__} became {type(model).__name__}", None
    if model.built != original.built:
        return f"built {original.built} became {model.built}", None
    ours, theirs = rows(model, kind), rows(original, kind)
    if kind == "py":
        # A script leaves names to Keras where they show nowhere.
        plainly = {"OwnFunctional": "Functional", "OwnSequential": "Sequential"}
        ours, theirs = (
            [[plainly.get(r[0], r[0]), *r[2:]] for r in x] for x in (ours, theirs))
        if sorted(map(str, ours)) == sorted(map(str, theirs)):
            ours = theirs
    if ours != theirs:
        wrong = [(a, b) for a, b in zip(theirs, ours) if a != b][:2]
        return f"{len(theirs)} layers became {len(ours)}: {wrong}", None
    found, wanted = compiled(model), compiled(original)
    if found != wanted and kind == "h5":
        try:
            wanted = compiled(through_h5(original))
        except ValueError:
            # Keras does not open its own: short names of losses such as "mse" are lost on it.
            found, wanted = found["optimizer"], wanted["optimizer"]
    if found != wanted:
        return f"compiled {wanted} became {found}", None
    if expected is None:
        return None, None
    if kind in ("json", "py"):
        give(original, model)
    found = called(model, 1)
    if [f.shape for f in found] != [e.shape for e in expected]:
        return f"outputs {[e.shape for e in expected]} became {[f.shape for f in found]}", None
    apart = max((float(np.max(np.abs(f - e) / (1 + np.abs(e)), initial=0))
                 for f, e in zip(found, expected)), default=0.0)
    return (None if apart <= 1e-5 else f"outputs are {apart} apart"), apart


def give(original, model):
    """Gives a model the weights of another, by the names of layers, or else by their order."""
    weights = {layer.name: layer.get_weights() for layer in original.layers}
    names = {layer.name for layer in model.layers}
    if names == set(weights):
        for layer in model.layers:
            if layer.weights:
                layer.set_weights(weights[layer.name])
    else:
        model.set_weights(original.get_weights())
    for layer in every_layer(model):
        # Layers that keep more than their weights work it out from them.
        if hasattr(layer, "finalize_state"):
            layer.finalize_state()


def main():
    folder = sys.argv[1]
    results = []
    with open(os.path.join(folder, "list.json"), encoding="utf-8") as file:
        entries = json.load(file)
    for entry in entries:
        original, expected, refusal = None, None, None
        try:
            original = opened(entry["original"])
            expected = called(original, 1) if original.built else None
        except Exception as error:  # noqa: BLE001
            refusal = f"{type(error).__name__}: {str(error).strip()[:300]}"
        for name in entry["files"]:
            result = {"file": name, "ok": False, "error": None, "apart": None,
                      "refused": refusal}
            try:
                model = opened(os.path.join(folder, name))
                if refusal is None:
                    result["error"], result["apart"] = compare(
                        original, model, name.rsplit(".", 1)[-1], expected)
                result["ok"] = result["error"] is None
            except Exception as error:  # noqa: BLE001
                result["error"] = f"{type(error).__name__}: {str(error).strip()[:600]}"
                # What Keras refuses of the original, it may refuse of the copy; a script has
                # placeholders for what only a person can give.
                result["ok"] = (
                    refusal is not None and refusal[:100] == result["error"][:100]
                    or name.endswith(".py") and isinstance(error, NotImplementedError))
                if "--trace" in sys.argv:
                    traceback.print_exc()
            results.append(result)
    print(json.dumps(results, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
