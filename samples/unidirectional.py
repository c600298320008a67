"""The same stack as bidirectional.py, read in one direction only.

Look at the LSTM: 50 features, 14,200 parameters, half of what both directions need together.
The number of timesteps, 128, is the same in both files, and stands in no parameter count.

Try in the explorer: press b on the LSTM and watch the last axis become 50→ 50←.
"""

from keras.layers import LSTM, BatchNormalization, Dropout, Input
from keras.models import Sequential

timesteps = 128
features = 20
units = 50

model = Sequential(
    [
        Input(shape=(timesteps, features)),
        LSTM(units, return_sequences=True),
        BatchNormalization(),
        Dropout(0.2),
    ]
)
model.summary()
