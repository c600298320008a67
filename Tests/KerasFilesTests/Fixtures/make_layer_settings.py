"""Writes layer-settings.json: names, keyword arguments and default configs, as Keras has them.

    KERAS_BACKEND=jax python make_layer_settings.py --out layer-settings.json
"""

import argparse
import inspect
import json
import os
import sys

os.environ.setdefault("KERAS_BACKEND", "jax")
sys.path = [p for p in sys.path if os.path.abspath(p or ".") != os.path.dirname(__file__)]

import keras  # noqa: E402
from keras import activations, constraints, initializers, layers, regularizers  # noqa: E402

# Each class of the explorer with the fewest arguments that make one.
MINIMAL = {
    "InputLayer": lambda: layers.InputLayer(shape=(3,)),
    "Dense": lambda: layers.Dense(4),
    "Activation": lambda: layers.Activation("relu"),
    "Dropout": lambda: layers.Dropout(0.5),
    "SpatialDropout1D": lambda: layers.SpatialDropout1D(0.5),
    "GaussianNoise": lambda: layers.GaussianNoise(0.1),
    "BatchNormalization": lambda: layers.BatchNormalization(),
    "LayerNormalization": lambda: layers.LayerNormalization(),
    "LSTM": lambda: layers.LSTM(4),
    "GRU": lambda: layers.GRU(4),
    "SimpleRNN": lambda: layers.SimpleRNN(4),
    "Bidirectional": lambda: layers.Bidirectional(layers.LSTM(4)),
    "RNN": lambda: layers.RNN(layers.LSTMCell(4)),
    "LSTMCell": lambda: layers.LSTMCell(4),
    "GRUCell": lambda: layers.GRUCell(4),
    "SimpleRNNCell": lambda: layers.SimpleRNNCell(4),
    "StackedRNNCells": lambda: layers.StackedRNNCells([layers.LSTMCell(4)]),
    "ConvLSTM1D": lambda: layers.ConvLSTM1D(4, 3),
    "ConvLSTM2D": lambda: layers.ConvLSTM2D(4, 3),
    "TimeDistributed": lambda: layers.TimeDistributed(layers.Dense(4)),
    "Embedding": lambda: layers.Embedding(10, 4),
    "Masking": lambda: layers.Masking(),
    "Conv1D": lambda: layers.Conv1D(4, 3),
    "Conv2D": lambda: layers.Conv2D(4, 3),
    "MaxPooling1D": lambda: layers.MaxPooling1D(),
    "MaxPooling2D": lambda: layers.MaxPooling2D(),
    "AveragePooling1D": lambda: layers.AveragePooling1D(2),
    "AveragePooling2D": lambda: layers.AveragePooling2D(2),
    "GlobalMaxPooling1D": lambda: layers.GlobalMaxPooling1D(),
    "GlobalMaxPooling2D": lambda: layers.GlobalMaxPooling2D(),
    "GlobalAveragePooling1D": lambda: layers.GlobalAveragePooling1D(),
    "GlobalAveragePooling2D": lambda: layers.GlobalAveragePooling2D(),
    "Flatten": lambda: layers.Flatten(),
    "Reshape": lambda: layers.Reshape((2, 2)),
    "Permute": lambda: layers.Permute((2, 1)),
    "RepeatVector": lambda: layers.RepeatVector(3),
    "Lambda": lambda: layers.Lambda(doubled),
    "Add": lambda: layers.Add(),
    "Subtract": lambda: layers.Subtract(),
    "Multiply": lambda: layers.Multiply(),
    "Average": lambda: layers.Average(),
    "Maximum": lambda: layers.Maximum(),
    "Minimum": lambda: layers.Minimum(),
    "Concatenate": lambda: layers.Concatenate(),
    "Dot": lambda: layers.Dot(axes=1),
    "EinsumDense": lambda: layers.EinsumDense("ab,bc->ac", 4),
    "MultiHeadAttention": lambda: layers.MultiHeadAttention(2, 3),
    "GroupQueryAttention": lambda: layers.GroupQueryAttention(3, 4, 2),
    "Conv3D": lambda: layers.Conv3D(4, 3),
    "Conv3DTranspose": lambda: layers.Conv3DTranspose(4, 3),
    "MaxPooling3D": lambda: layers.MaxPooling3D(),
    "AveragePooling3D": lambda: layers.AveragePooling3D(2),
    "GlobalMaxPooling3D": lambda: layers.GlobalMaxPooling3D(),
    "GlobalAveragePooling3D": lambda: layers.GlobalAveragePooling3D(),
    "ZeroPadding3D": lambda: layers.ZeroPadding3D(),
    "Cropping3D": lambda: layers.Cropping3D(),
    "UpSampling3D": lambda: layers.UpSampling3D(),
    "SpatialDropout3D": lambda: layers.SpatialDropout3D(0.5),
    "AdaptiveAveragePooling1D": lambda: layers.AdaptiveAveragePooling1D(3),
    "AdaptiveAveragePooling2D": lambda: layers.AdaptiveAveragePooling2D(3),
    "AdaptiveAveragePooling3D": lambda: layers.AdaptiveAveragePooling3D(3),
    "AdaptiveMaxPooling1D": lambda: layers.AdaptiveMaxPooling1D(3),
    "AdaptiveMaxPooling2D": lambda: layers.AdaptiveMaxPooling2D(3),
    "AdaptiveMaxPooling3D": lambda: layers.AdaptiveMaxPooling3D(3),
    "Attention": lambda: layers.Attention(),
    "AdditiveAttention": lambda: layers.AdditiveAttention(),
    "GroupNormalization": lambda: layers.GroupNormalization(),
    "RMSNormalization": lambda: layers.RMSNormalization(),
    "UnitNormalization": lambda: layers.UnitNormalization(),
    "SpectralNormalization": lambda: layers.SpectralNormalization(layers.Dense(4)),
    "Rescaling": lambda: layers.Rescaling(0.5),
    "Normalization": lambda: layers.Normalization(),
    "Discretization": lambda: layers.Discretization([0.0, 1.0]),
    "CategoryEncoding": lambda: layers.CategoryEncoding(4),
    "ReversibleEmbedding": lambda: layers.ReversibleEmbedding(10, 4),
    "Resizing": lambda: layers.Resizing(4, 4),
    "CenterCrop": lambda: layers.CenterCrop(4, 4),
    "AutoContrast": lambda: layers.AutoContrast(),
    "RandomCrop": lambda: layers.RandomCrop(4, 4),
    "RandomFlip": lambda: layers.RandomFlip(),
    "RandomRotation": lambda: layers.RandomRotation(0.1),
    "RandomZoom": lambda: layers.RandomZoom(0.1),
    "RandomTranslation": lambda: layers.RandomTranslation(0.1, 0.1),
    "RandomShear": lambda: layers.RandomShear(),
    "RandomPerspective": lambda: layers.RandomPerspective(),
    "RandomElasticTransform": lambda: layers.RandomElasticTransform(),
    "RandomErasing": lambda: layers.RandomErasing(),
    "RandomBrightness": lambda: layers.RandomBrightness(0.1),
    "RandomContrast": lambda: layers.RandomContrast(0.1),
    "RandomSaturation": lambda: layers.RandomSaturation(0.1),
    "RandomHue": lambda: layers.RandomHue(0.1),
    "RandomColorJitter": lambda: layers.RandomColorJitter(),
    "RandomColorDegeneration": lambda: layers.RandomColorDegeneration(0.1),
    "RandomGrayscale": lambda: layers.RandomGrayscale(),
    "RandomSharpness": lambda: layers.RandomSharpness(0.1),
    "RandomGaussianBlur": lambda: layers.RandomGaussianBlur(),
    "RandomPosterization": lambda: layers.RandomPosterization(4),
    "RandomInvert": lambda: layers.RandomInvert(),
    "Solarization": lambda: layers.Solarization(),
    "Equalization": lambda: layers.Equalization(),
}


@keras.saving.register_keras_serializable(package="fixtures")
def doubled(x):
    return x * 2


def plain(value):
    """A value as JSON has it; a repr where JSON has none."""
    try:
        json.dumps(value)
        return value
    except TypeError:
        return {"repr": repr(value)}


def parameters(function):
    found = []
    for parameter in inspect.signature(function).parameters.values():
        if parameter.name == "self":
            continue
        entry = {"name": parameter.name, "kind": parameter.kind.description}
        if parameter.default is not inspect.Parameter.empty:
            entry["default"] = plain(parameter.default)
        found.append(entry)
    return found


def exported(module):
    return [n for n in sorted(dir(module)) if not n.startswith("_")]


def layer_entry(name):
    keras.utils.clear_session()
    made = MINIMAL[name]()
    kind = getattr(layers, name)
    return {
        "class_name": name,
        "aliases": [n for n in exported(layers) if n != name and getattr(layers, n) is kind],
        "parameters": parameters(kind.__init__),
        "config": json.loads(json.dumps(made.get_config())),
    }


def named_objects(module, table, base):
    """Names under a module and string identifiers, each with its class and default config."""
    names = {}
    for name in exported(module):
        value = getattr(module, name)
        if isinstance(value, type) and value is not base and issubclass(value, base):
            names[name] = value
        elif name in table and isinstance(table[name], type):
            names[name] = table[name]
    identifiers = dict(table)
    result = {"exported": {}, "identifiers": {}, "classes": {}}
    for name, kind in sorted(names.items()):
        result["exported"][name] = kind.__name__
    for name, kind in sorted(identifiers.items()):
        result["identifiers"][name] = kind.__name__
    for kind in {k for k in list(names.values()) + list(identifiers.values())}:
        entry = {"parameters": parameters(kind.__init__)}
        try:
            entry["config"] = json.loads(json.dumps(kind().get_config()))
        except Exception:
            entry["config"] = None
        try:
            entry["serialized"] = json.loads(json.dumps(module.serialize(kind())))
        except Exception:
            entry["serialized"] = None
        result["classes"][kind.__name__] = entry
    result["classes"] = dict(sorted(result["classes"].items()))
    return result


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", default="layer-settings.json")
    options = parser.parse_args()
    from keras.src.activations import ALL_OBJECTS_DICT as activation_table
    from keras.src.constraints import ALL_OBJECTS_DICT as constraint_table
    from keras.src.initializers import ALL_OBJECTS_DICT as initializer_table
    from keras.src.regularizers import ALL_OBJECTS_DICT as regularizer_table

    classes = {n: getattr(layers, n).__name__ for n in exported(layers)
               if isinstance(getattr(layers, n), type)
               and issubclass(getattr(layers, n), keras.layers.Layer)}
    functions = [n for n in exported(layers) if not isinstance(getattr(layers, n), type)]
    facts = {
        "keras": keras.__version__,
        "base_parameters": parameters(keras.layers.Layer.__init__),
        "layers": [layer_entry(n) for n in MINIMAL],
        "input_function": parameters(keras.Input),
        "exported_layers": classes,
        "exported_functions": functions,
        "initializers": named_objects(initializers, initializer_table, initializers.Initializer),
        "regularizers": named_objects(regularizers, regularizer_table, regularizers.Regularizer),
        "constraints": named_objects(constraints, constraint_table, constraints.Constraint),
        "activations": {
            "exported": {n: getattr(activations, n).__name__ for n in exported(activations)
                         if n not in ("get", "serialize", "deserialize")},
            "identifiers": {n: f.__name__ for n, f in sorted(activation_table.items())},
            "serialized": {n: plain(activations.serialize(f))
                           for n, f in sorted(activation_table.items())},
        },
    }
    with open(options.out, "w", encoding="utf-8") as file:
        json.dump(facts, file, indent=1, ensure_ascii=False)
        file.write("\n")
    print(len(facts["layers"]), "classes;", len(classes), "exported names of",
          len(set(classes.values())), "classes")


if __name__ == "__main__":
    main()
