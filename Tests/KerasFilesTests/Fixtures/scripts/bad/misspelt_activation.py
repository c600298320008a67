from keras.models import Sequential
from keras.layers import *

model = Sequential()
model.add(Dense(3, activation="reluu", input_shape=(4,)))
