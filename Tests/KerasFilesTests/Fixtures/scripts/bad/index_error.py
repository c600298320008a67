from keras.models import Sequential
from keras.layers import *

sizes = [8, 4]
model = Sequential([Input((4,))])
for i in range(3):
    model.add(Dense(sizes[i]))
