"""Asks real Keras 3.15 what layers for volumes and adaptive pooling make of random settings.

    KERAS_BACKEND=jax python make_layer_shapes_volumes.py [CASES] [SEED] > layer-shapes-volumes.json

The cases are as in make_layer_shapes.py.
"""

import random
import sys

sys.argv[1:] = sys.argv[1:] or ["9"]
import make_layer_shapes as table  # noqa: E402
from make_layer_shapes import R, border, conv, flag, formats, pool, some, usual  # noqa: E402

R.seed(int(sys.argv[2]) if len(sys.argv) > 2 else 20261121)


def borders():
    return R.choice([R.randint(0, 2), [border(), border(), border()]])


def adaptive(rank):
    """Keras takes inputs of another rank, whose numbers then have other shapes than it says."""
    size = table.window(rank, 1, 6)
    config = {"output_size": size, **some(data_format=formats)}
    while len(inputs := usual(rank + 2)[0]) != rank + 2:
        pass
    return config, [inputs]


table.MAKERS = {
    "Conv3D": lambda: conv(3, groups=True),
    "Conv3DTranspose": lambda: conv(3, transpose=True),
    "MaxPooling3D": lambda: pool(3),
    "AveragePooling3D": lambda: pool(3, True),
    "GlobalMaxPooling3D": lambda: (some(data_format=formats, keepdims=flag), usual(5)),
    "GlobalAveragePooling3D": lambda: (some(data_format=formats, keepdims=flag), usual(5)),
    "ZeroPadding3D": lambda: (some(padding=borders, data_format=formats), usual(5)),
    "Cropping3D": lambda: (some(cropping=borders, data_format=formats), usual(5)),
    "UpSampling3D": lambda: (
        some(size=lambda: table.window(3), data_format=formats), usual(5)),
    "SpatialDropout3D": lambda: ({"rate": 0.3, **some(data_format=formats)}, usual(5)),
    **{f"Adaptive{kind}Pooling{rank}D": lambda rank=rank: adaptive(rank)
       for kind in ("Average", "Max") for rank in (1, 2, 3)},
}  # fmt: skip

if __name__ == "__main__":
    table.main()
