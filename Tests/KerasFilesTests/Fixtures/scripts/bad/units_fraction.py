from keras.models import Sequential
from keras.layers import *

width = 25
model = Sequential()
model.add(Dense(width / 2, input_shape=(4,)))
