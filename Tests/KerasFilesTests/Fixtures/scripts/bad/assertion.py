from keras.models import Sequential
from keras.layers import *

layers = [8, 4]
assert len(layers) == 3, "three layers please"
model = Sequential([Dense(n) for n in layers])
