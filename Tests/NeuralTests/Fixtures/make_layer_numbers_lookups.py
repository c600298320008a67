"""Asks real Keras 3.15 what its lookups and hashes make of whole numbers: they need TensorFlow.

    KERAS_BACKEND=tensorflow python make_layer_numbers_lookups.py > layer-numbers-lookups.json

A case is as in make_layer_numbers.py.
"""

import random

from make_layer_numbers import CASES, add, write

CASES.clear()
R = random.Random(20260913)
TOKENS = [-4, 0, 1, 2, 3, 5, 7, 8, 9, 1000, 123456, -77, 16777215]


def some_of(count):
    return [R.choice(TOKENS) for _ in range(count)]


for mode in ("int", "one_hot", "multi_hot", "count", "tf_idf"):
    for shape in ((2, 3), (4, 1), (2, 2, 3)):
        for mask_token in (None, 7):
            for outside in (1, 3):
                config = {"vocabulary": [5, 3, 1000, -4], "output_mode": mode,
                          "mask_token": mask_token, "num_oov_indices": outside}  # fmt: skip
                if mode == "tf_idf":
                    config["idf_weights"] = [0.1, 0.5, 0.25, 2.0]
                if R.random() < 0.3:
                    config |= {"max_tokens": 9, "pad_to_max_tokens": True}
                if outside > 1 and R.random() < 0.7:
                    config["oov_method"] = "farmhash"
                    if R.random() < 0.5:
                        config["salt"] = R.choice([3, [5, -9]])
                count = shape[0] * shape[1] * (shape[2] if len(shape) > 2 else 1)
                add("IntegerLookup", config, shape, values=[some_of(count)])
named = {"vocabulary": [7, -1, 5, 3], "mask_token": 7}
add("IntegerLookup", named, (2, 3), values=[[7, 5, 3, -1, 4, 7]])
add("IntegerLookup", {"vocabulary": [5, 3], "num_oov_indices": 0}, (1, 2), values=[[3, 5]])
for mask_token in (None, 0):
    config = {"vocabulary": [5, 3, 8], "mask_token": mask_token, "invert": True}
    add("IntegerLookup", config, (2, 4), values=[[0, 1, 2, 3, 4, 5, 6, -1]])

for bins in (1, 2, 5, 1000, 99991):
    for mask_value in (None, 3):
        for salt in (None, 7, [1, -2]):
            config = {"num_bins": bins, "mask_value": mask_value, "salt": salt}
            add("Hashing", config, (2, 4), values=[some_of(8)])
for mode in ("one_hot", "multi_hot", "count"):
    for shape in ((3, 2), (3, 1), (2, 3, 2)):
        count = shape[0] * shape[1] * (shape[2] if len(shape) > 2 else 1)
        add("Hashing", {"num_bins": 4, "output_mode": mode}, shape, values=[some_of(count)])

for bins in (2, 5, 1000, 99991):
    for mode in ("int", "one_hot"):
        if bins < 10 or mode == "int":
            config = {"num_bins": bins, "output_mode": mode}
            add("HashedCrossing", config, (6, 1), (6, 1), values=[some_of(6), some_of(6)],
                dtype="int64")  # fmt: skip
add("HashedCrossing", {"num_bins": 7}, (6,), (6,), values=[some_of(6), some_of(6)], dtype="int64")

if __name__ == "__main__":
    write(CASES)
