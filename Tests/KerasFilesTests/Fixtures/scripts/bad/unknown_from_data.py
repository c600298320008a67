from keras.models import Sequential
from keras.layers import *

import numpy as np

table = np.loadtxt("data.csv", delimiter=",")
model = Sequential()
model.add(Dense(8, input_shape=(table.shape[1],)))
