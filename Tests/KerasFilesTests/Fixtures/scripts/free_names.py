# A fragment as people paste it: sizes come from elsewhere.
from keras.models import Sequential
from keras.layers import *

model = Sequential()
model.add(Bidirectional(LSTM(lstm_size, return_sequences=True),
                        input_shape=(seq_length, feature_dim), merge_mode='concat'))
model.add(BatchNormalization())
model.add(Dropout(0.5))
model.add(TimeDistributed(Dense(units=n_tags, activation='softmax')))
