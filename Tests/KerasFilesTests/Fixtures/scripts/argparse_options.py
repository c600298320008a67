#!/usr/bin/env python3
"""Sizes come from the command line; the defaults make a whole model."""
import argparse

from keras.layers import GRU, Dense, Dropout, Embedding, LSTM, SimpleRNN
from keras.models import Sequential

parser = argparse.ArgumentParser(description="Train a classifier of sentences.")
parser.add_argument("--units", type=int, default=48, help="units of each recurrent layer")
parser.add_argument("--layers", "-l", type=int, default=2)
parser.add_argument("--cell", choices=["lstm", "gru", "rnn"], default="gru")
parser.add_argument("--dropout", type=float, default=0.3)
parser.add_argument("--max-length", type=int, default=30, dest="length")
parser.add_argument("--no-bias", action="store_true")
parser.add_argument("--vocabulary-size", type=int, default=3000)
args = parser.parse_args()

CELLS = {"lstm": LSTM, "gru": GRU, "rnn": SimpleRNN}
cell = CELLS[args.cell]

model = Sequential()
model.add(Embedding(args.vocabulary_size, 32, input_length=args.length))
for number in range(args.layers):
    last = number == args.layers - 1
    model.add(cell(args.units, return_sequences=not last, use_bias=not args.no_bias))
    if args.dropout > 0:
        model.add(Dropout(args.dropout))
model.add(Dense(1, activation="sigmoid"))
model.compile(loss="binary_crossentropy", optimizer="adam")
