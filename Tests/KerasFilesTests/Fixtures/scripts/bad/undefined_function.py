from keras.models import Sequential
from keras.layers import *

model = Sequential([Input((4,))])
add_layers(model, 3)
