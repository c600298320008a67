"""Runs the scripts of scripts/ under real Keras 3 and writes what their models hold.

    KERAS_BACKEND=jax python make_script_expectations.py

The scripts are written for Keras 2. This program lends Keras 3 what they miss: the old module
names, keyword arguments such as batch_input_shape and input_length, functions of the backend, data
sets made of zeros, and training that does nothing. Layers, shapes and counts are Keras' own.
"""

import ast
import io
import json
import os
import sys
import types
import warnings

os.environ.setdefault("KERAS_BACKEND", "jax")
warnings.simplefilter("ignore")
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path = [p for p in sys.path if os.path.abspath(p or ".") != HERE]

import keras  # noqa: E402
import numpy as np  # noqa: E402
from keras import layers, ops  # noqa: E402
from keras.src import tree  # noqa: E402

# What a script takes from data, by the text of the expression.
ANSWERS = {
    "text_generation.py": {"len(chars)": 57},
    "reuters_mlp.py": {"num_classes": 46},
    "babi_memory.py": {"vocab_size": 36, "story_maxlen": 68, "query_maxlen": 5},
    "seq2seq_chars.py": {"num_encoder_tokens": 71, "num_decoder_tokens": 93},
    "free_names.py": {"lstm_size": 50, "seq_length": 128, "feature_dim": 20, "n_tags": 9},
}
# The model to show first where it is not the only one.
MAIN = {
    "stateful_lstm.py": "deep", "seq2seq_chars.py": "model", "helper_functions.py": "tagger",
    "several_models.py": "pair", "numpy_shapes.py": "model", "cifar_frames.py": "model",
    "babi_memory.py": "model", "mnist_siamese.py": "model",
}

made = []


class Answered(ast.NodeTransformer):
    """Puts the answers where the script would have to look at its data."""

    def __init__(self, answers):
        self.answers = answers

    def visit(self, node):
        if isinstance(node, ast.expr) and not isinstance(getattr(node, "ctx", None), ast.Store):
            text = ast.unparse(node)
            if text in self.answers:
                return ast.copy_location(ast.Constant(self.answers[text]), node)
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in self.answers:
            node.value = ast.Constant(self.answers[ast.unparse(node.targets[0])])
            return ast.fix_missing_locations(node)
        return self.generic_visit(node)


def lend_old_keywords():
    original = layers.Layer.__init__

    def init(self, *args, batch_input_shape=None, batch_size=None, **keywords):
        if isinstance(self, layers.InputLayer):
            if batch_size is not None:
                keywords["batch_size"] = batch_size
            return original(self, *args, **keywords)
        original(self, *args, **keywords)
        shape = getattr(self, "_input_shape_arg", None)
        if batch_input_shape is not None:
            self._whole_shape = tuple(batch_input_shape)
        elif batch_size is not None and shape is not None:
            self._whole_shape = (batch_size,) + tuple(shape)

    layers.Layer.__init__ = init
    embed = layers.Embedding.__init__

    def embedding(self, *args, input_length=None, **keywords):
        embed(self, *args, **keywords)
        if isinstance(input_length, (list, tuple)):
            self._input_shape_arg = tuple(input_length)
        else:
            # Keras 2 takes words of any number for granted.
            self._input_shape_arg = (input_length,)

    layers.Embedding.__init__ = embedding
    add = keras.Sequential.add

    def add_layer(self, layer, rebuild=True):
        whole = getattr(layer, "_whole_shape", None)
        if not self._layers and whole is not None:
            add(self, layers.InputLayer(batch_shape=whole), rebuild=rebuild)
        return add(self, layer, rebuild=rebuild)

    keras.Sequential.add = add_layer
    for kind in (keras.Sequential, keras.src.models.Functional):
        remember(kind)


def remember(kind):
    init = kind.__init__

    def wrapped(self, *args, **keywords):
        caller = sys._getframe(1)
        while caller and caller.f_code.co_name in ("__new__", "wrapped", "__init__", "error_handler",
                                                   "__call__"):
            if "keras" not in caller.f_code.co_filename:
                break
            caller = caller.f_back
        init(self, *args, **keywords)
        if caller is not None and caller.f_code.co_filename.startswith("script:"):
            if not any(m is self for m in made):
                made.append(self)

    kind.__init__ = wrapped


def lend_backend():
    backend = keras.backend
    for name in ("sum", "square", "sqrt", "abs", "mean", "max", "exp", "equal", "maximum", "squeeze",
                 "expand_dims", "cast", "concatenate", "transpose", "reshape"):
        if not hasattr(backend, name):
            setattr(backend, name, getattr(ops, name))


def empty_lists(count):
    data = np.empty(count, dtype=object)
    for i in range(count):
        data[i] = [1]
    return data


def lend_data():
    sets = keras.datasets
    picture = lambda n, *s: (np.zeros((n,) + s, "uint8"), np.arange(n) % 10)  # noqa: E731
    sets.mnist.load_data = lambda *a, **k: (picture(60000, 28, 28), picture(10000, 28, 28))
    colour = lambda n: (np.zeros((n, 32, 32, 3), "uint8"), np.zeros((n, 1), "uint8"))  # noqa: E731
    sets.cifar10.load_data = lambda *a, **k: (colour(500), colour(100))
    words = lambda n: (empty_lists(n), np.zeros(n, "int64"))  # noqa: E731
    sets.imdb.load_data = lambda *a, **k: (words(25000), words(25000))
    sets.reuters.load_data = lambda *a, **k: (words(8982), words(2246))


def lend_training():
    nothing = lambda *a, **k: None  # noqa: E731
    for name in ("compile", "fit", "save", "fit_generator", "reset_states"):
        setattr(keras.Model, name, nothing)
    keras.Model.evaluate = lambda *a, **k: (0.0, 0.0)
    keras.Model.predict = lambda *a, **k: np.zeros((1, 1, 1))
    keras.Model.predict_classes = lambda *a, **k: np.zeros((1, 1), int)
    for name in ("Adam", "RMSprop", "SGD", "Adadelta"):
        setattr(keras.optimizers, name, nothing)
    keras.losses.categorical_crossentropy = nothing


def lend_modules():
    from keras.src.utils import module_utils
    assert not module_utils.tensorflow.available  # asked before the stand-in below exists

    def module(name, **content):
        made_module = types.ModuleType(name)
        made_module.__dict__.update(content)
        sys.modules[name] = made_module
        return made_module

    class Tokenizer:
        def __init__(self, num_words=None):
            self.num_words = num_words

        def sequences_to_matrix(self, sequences, mode="binary"):
            return np.zeros((len(sequences), self.num_words))

    def get_file(*_, **__):
        path = "/tmp/unroll-corpus.txt"
        with open(path, "w", encoding="utf-8") as file:
            for i in range(60):
                file.write(f"john went to the hall {i % 7}\nwhere is john?\thall\t1\n")
        return path

    module("keras.preprocessing.text", Tokenizer=Tokenizer)
    module("keras.utils.data_utils", get_file=get_file)
    module("keras.layers.embeddings", Embedding=layers.Embedding)
    module("keras.layers.merge", add=layers.add, concatenate=layers.concatenate)
    module("six.moves", range=range)
    module("six")
    if "pandas" not in sys.modules:
        class Frame:
            def __init__(self, *_):
                pass

            def rolling(self, **_):
                return self

            def mean(self):
                return self
        module("pandas", DataFrame=Frame)
    module("tensorflow", keras=keras, random=types.SimpleNamespace(set_seed=lambda s: None))
    sys.modules["tensorflow.keras"] = keras
    for part in ("layers", "models", "backend", "datasets"):
        sys.modules[f"tensorflow.keras.{part}"] = getattr(keras, part)


def read_text(path, *rest, **keywords):
    if str(path) == "pairs.txt":
        return io.StringIO("go\tva\nrun\tcours\n" * 5)
    return open(path, *rest, **keywords)


def shapes(tensors):
    return [list(t.shape) for t in tree.flatten(tensors)]


def described(model):
    rows = []
    for layer in model.layers:
        nodes = layer._inbound_nodes
        found = shapes(nodes[-1].output_tensors) if nodes else []
        rows.append([type(layer).__name__, found[0] if len(found) == 1 else found,
                     layer.count_params() if layer.built else 0])
    trainable = sum(int(np.prod(w.shape)) for w in model.trainable_weights)
    frozen = sum(int(np.prod(w.shape)) for w in model.non_trainable_weights)
    return {
        "class_name": type(model).__name__,
        "total_params": trainable + frozen, "trainable_params": trainable, "layers": rows,
    }


def run(path):
    keras.utils.clear_session()
    made.clear()
    name = os.path.basename(path)
    answers = ANSWERS.get(name, {})
    with open(path, encoding="utf-8") as file:
        source = file.read()
    syntax = ast.fix_missing_locations(Answered(answers).visit(ast.parse(source)))
    module = types.ModuleType("__main__")
    space = module.__dict__
    space["open"] = read_text
    sys.modules["script_under_test"] = module
    space["__name__"] = "__main__"
    for key, value in answers.items():
        if key.isidentifier():
            space[key] = value
    sys.argv = [name]
    stdout, sys.stdout = sys.stdout, io.StringIO()
    try:
        exec(compile(syntax, "script:" + name, "exec"), space)
    except SystemExit:
        pass
    finally:
        sys.stdout = stdout
    found, order = {}, list(made)
    for index, model in enumerate(order):
        variable = next((k for k, v in space.items() if v is model), None)
        found[variable or str(index)] = described(model)
    keys = list(found)
    main = MAIN.get(name) or keys[-1]
    assert main in found, (name, keys)
    return {"set": answers, "models": found, "order": keys, "main": main}


def main():
    lend_old_keywords()
    lend_backend()
    lend_data()
    lend_training()
    lend_modules()
    folder = os.path.join(HERE, "scripts")
    names = sorted(n for n in os.listdir(folder) if n.endswith(".py"))
    results = {}
    for name in names:
        try:
            results[name] = run(os.path.join(folder, name))
        except Exception as error:
            print("FAILED", name, type(error).__name__, error, file=sys.stderr)
            continue
        totals = {k: v["total_params"] for k, v in results[name]["models"].items()}
        print(f"{name:28} {totals} main {results[name]['main']}")
    with open(os.path.join(folder, "expected.json"), "w", encoding="utf-8") as file:
        entries = [f"{json.dumps(n)}: {json.dumps(r)}" for n, r in results.items()]
        file.write("{\n" + ",\n".join(entries) + "\n}\n")


if __name__ == "__main__":
    main()
