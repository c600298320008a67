from keras.models import Sequential
from keras.layers import *

model = Sequential()
model.add(Input(shape=(6, 6, 3)))
model.add(MaxPooling2D(4))
model.add(Conv2D(8, 3))
