from keras.models import Sequential
from keras.layers import *

model = Sequential()
model.add(Input((8, 2)))
model.add(Conv1D(3))
