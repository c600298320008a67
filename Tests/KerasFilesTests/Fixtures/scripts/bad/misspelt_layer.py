from keras import Sequential, layers

model = Sequential()
model.add(layers.Danse(3, input_shape=(4,)))
