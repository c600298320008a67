from keras.models import Sequential
from keras.layers import *

model = Sequential()
model.add(Input(shape=(12, 4)))
model.add(Reshape((7, 7)))
