from keras.models import Sequential
from keras.layers import *

units = 7
if units % 2:
    raise ValueError("units must be even, got %d" % units)
model = Sequential([Dense(units, input_shape=(4,))])
