import keras
from keras import layers

a = keras.Input((4,))
b = keras.Input((4,))
y = layers.Dense(3)(a)
model = keras.Model(b, y)
