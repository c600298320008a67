from keras.models import Sequential
from keras.layers import *

model = Sequential([Input((4, 3))])
for i in range(10 ** 8):
    model.add(Dropout(0.1))
