from keras.models import Sequential
from keras.layers import *

model = Sequential()
for i in range(3):
model.add(Dense(3))
