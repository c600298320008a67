"""Asks real Keras 3.15 what further layers of normalisation make of random settings and inputs.

    KERAS_BACKEND=jax python make_layer_shapes_normalization.py [CASES] [SEED]

Prints layer-shapes-normalization.json; cases are as make_layer_shapes.py says.
"""

import make_layer_shapes as base

R, axis = base.R, base.axis
wrapped = ["Dense", "Conv1D", "Conv2D", "DepthwiseConv1D", "Conv1DTranspose", "Embedding",
           "Flatten", "LSTM", "SeparableConv1D", "BatchNormalization"]  # fmt: skip
axes = lambda: R.choice([axis(), [axis()], [-1, -2], [1, 2], [2, 1]])  # noqa: E731
plain = dict(base.MAKERS)


def spectral():
    name = R.choice(wrapped)
    config, inputs = plain[name]()
    config.pop("return_state", None)
    return {"layer": [name, config], **base.some(power_iterations=lambda: R.randint(1, 3))}, inputs


def cannot_run(name, config, inputs):
    """Cases whose shape Keras computes though the layer could not run on real numbers."""
    rank = len(inputs[0])
    if name == "SpectralNormalization":
        # The layer inside is built without a look at the rank.
        return rank < 2
    given = config.get("axis", -1)
    given = given if isinstance(given, list) else [given]
    if not all(-rank <= index < rank for index in given):
        return False
    if name == "GroupNormalization":
        return given[0] % rank == 0
    if len({index % rank for index in given}) < len(given):
        return True
    if name == "RMSNormalization":
        sizes = [inputs[0][index] for index in sorted(given)]
        return any(a != 1 and None not in (a, b) and a != b
                   for a, b in zip(reversed(sizes), reversed(inputs[0])))  # fmt: skip
    return False


base.MAKERS = {
    "GroupNormalization": lambda: (
        base.some(groups=lambda: R.choice([-1, 1, 2, 3, 4]), axis=axis, center=base.flag,
                  scale=base.flag), base.any_rank()),
    "RMSNormalization": lambda: (base.some(axis=axes), base.any_rank()),
    "UnitNormalization": lambda: (base.some(axis=axes), base.any_rank()),
    "SpectralNormalization": spectral,
}
base.cannot_run = cannot_run

if __name__ == "__main__":
    base.main()
