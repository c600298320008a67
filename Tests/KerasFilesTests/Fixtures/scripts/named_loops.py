"""Loops, comprehensions and f-strings that name every layer."""
import keras
from keras import layers

widths = [64, 32, 16]
rates = [0.5, 0.3, 0.1]
kernels = sorted({5, 3, 2}, reverse=False)

inputs = keras.Input(shape=(40, 12), name="signal")

branches = []
for kernel in kernels:
    branch = layers.Conv1D(8, kernel, padding="same", name=f"conv_k{kernel}")(inputs)
    branch = layers.MaxPooling1D(2, name=f"pool_k{kernel}")(branch)
    branches.append(branch)
x = layers.Concatenate(name="all_kernels")(branches)

for i, (width, rate) in enumerate(zip(widths, rates), start=1):
    x = layers.LSTM(width, return_sequences=i < len(widths), name=f"lstm_{i:02d}")(x)
    x = layers.Dropout(rate, name="drop_{}".format(i))(x)

decoder = [layers.Dense(w, activation="relu", name="dense_%d" % w) for w in reversed(widths)]
for layer in decoder:
    x = layer(x)

heads = {name: layers.Dense(n, name=name)(x) for name, n in [("angle", 1), ("class", 6)]}
model = keras.Model(inputs, [heads["angle"], heads["class"]])
model.compile("sgd", "mse")
