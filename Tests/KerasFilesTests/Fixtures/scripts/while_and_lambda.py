"""Halves the width until it is small; helper lambdas; early exits from loops."""
from keras.models import Sequential
from keras.layers import *

half = lambda n: max(n // 2, 1)
is_small = lambda n, limit=10: n < limit

width = 100
depth = 0
model = Sequential()
model.add(Input(shape=(None, 9)))
while True:
    model.add(GRU(width, return_sequences=True))
    depth += 1
    width = half(width)
    if is_small(width):
        break
    if depth == 2:
        continue
    model.add(LayerNormalization())
else:
    model.add(Dense(99))

n = 3
while n:
    model.add(GaussianNoise(n / 10))
    n -= 1
model.add(GlobalMaxPool1D())
model.add(Dense({True: 1, False: 2}[depth > 3]))
