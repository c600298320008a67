from keras.models import Sequential
from keras.layers import Dense, Bidirectionnal, LSTM

model = Sequential([Bidirectionnal(LSTM(3), input_shape=(4, 2))])
