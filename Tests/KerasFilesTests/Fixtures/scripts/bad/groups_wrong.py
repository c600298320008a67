from keras.models import Sequential
from keras.layers import *

model = Sequential()
model.add(Input(shape=(12, 4)))
model.add(Conv1D(6, 3, groups=3))
