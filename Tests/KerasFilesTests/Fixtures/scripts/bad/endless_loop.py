from keras.models import Sequential
from keras.layers import *

n = 0
while True:
    n += 1

model = Sequential([Dense(n, input_shape=(4,))])
