from keras.models import Sequential
from keras.layers import *

x = [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[0]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]
y = x
for _ in range(100000):
    y = [y, y]
model = Sequential([Dense(len(str(y)), input_shape=(4,))])
