from keras.models import Sequential
from keras.layers import *

model = Sequential()
model.add(Dense(8, input_shape=(4,)))
model.add(Dense(hidden_units))
