"""Does Bidirectional double the sequence length, or halve it on each side?

Neither. Look at the rows from top to bottom: the input has 128 timesteps and so has every output.
Both directions read all 128 timesteps; what doubles is the last axis: 50 features forward and
50 backward stand side by side as 100 (`50→ 50←`). The parameters double too: 2 × 14,200.

Try in the explorer: select the bidirectional layer and press b (back to one direction),
u (undo), m (merge the directions in another way), r (only the final states).
"""

from keras.layers import LSTM, BatchNormalization, Bidirectional, Dropout
from keras.models import Sequential

timesteps = 128
features = 20
units = 50

model = Sequential()
model.add(Bidirectional(LSTM(units, return_sequences=True)))
model.add(BatchNormalization())
model.add(Dropout(0.2))

batch = 32
model.build(input_shape=(batch, timesteps, features))
model.summary()
