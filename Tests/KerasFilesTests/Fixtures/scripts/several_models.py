"""Three models; only one is trained, so that is the one to show first."""
from keras.models import Sequential, Model
from keras.layers import Dense, Input, LSTM, Lambda, Subtract, Bidirectional
import keras.backend as K

tower = Sequential(name='tower')
tower.add(LSTM(12, input_shape=(None, 5), return_sequences=True))
tower.add(LSTM(6))

left = Input(shape=(None, 5), name='left')
right = Input(shape=(10, 5), name='right')
difference = Subtract()([tower(left), tower(right)])
distance = Lambda(lambda d: K.abs(d), output_shape=(6,))(difference)
score = Dense(1, activation='sigmoid')(distance)

pair = Model(inputs=[left, right], outputs=score)
pair.compile(loss='binary_crossentropy', optimizer='adam')
pair.fit([[], []], [], epochs=2)

spare = Sequential([Bidirectional(LSTM(3), input_shape=(4, 2), merge_mode='mul'), Dense(2)])
