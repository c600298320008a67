"""Encoder and decoder: one LSTM reads a sentence, its final states start another that writes one.

Look at the states: the encoder gives three tensors, its output and the final states h and c, and
only h and c go on. The decoder starts from them: its lines come from both towers. Neither tower
says how long a sentence is: T is free on both sides, and they need not be of equal length.

Try in the explorer: change the encoder's units (key e) and read why the decoder refuses its states.
"""

from keras.layers import LSTM, Dense, Input
from keras.models import Model

source_letters = 71
target_letters = 93
units = 256

# The encoder reads the source; only its final states are used.
source = Input(shape=(None, source_letters), name="source")
_, state_h, state_c = LSTM(units, return_state=True, name="encoder")(source)

# The decoder starts from those states and gives an output at every timestep.
target = Input(shape=(None, target_letters), name="target")
decoder = LSTM(units, return_sequences=True, return_state=True, name="decoder")
written, _, _ = decoder(target, initial_state=[state_h, state_c])
letters = Dense(target_letters, activation="softmax", name="letters")(written)

model = Model([source, target], letters, name="seq2seq")
model.compile(optimizer="rmsprop", loss="categorical_crossentropy")
model.summary()
