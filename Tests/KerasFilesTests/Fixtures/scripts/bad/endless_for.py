from keras.models import Sequential
from keras.layers import *

import itertools

total = 0
for i in itertools.count():
    total += i

model = Sequential([Dense(total, input_shape=(4,))])
