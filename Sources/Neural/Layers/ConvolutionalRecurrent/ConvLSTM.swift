/// An LSTM over a sequence of images, or of rows: its products are convolutions.
///
/// Input: (batch, timesteps, rows, columns, channels). Output: (batch, places on rows, places on
/// columns, filters), with the timesteps as axis 1 with `returnSequences`.
/// Source: `keras/src/layers/rnn/conv_lstm2d.py`.
package struct ConvLSTM2D: ConvLSTMLayer {
  typealias Convolution = Conv2D

  package static let className = "ConvLSTM2D"
  package static let summary = "an LSTM for films: gates look at patches of image and state"

  package var options = ConvLSTMOptions(rank: 2)

  package init() {}

  package static let settings: [Setting<ConvLSTM2D>] = ConvLSTMSettings.all(of: ConvLSTM2D.self)
}

/// An LSTM over a sequence of rows: its products are convolutions.
///
/// Input: (batch, timesteps, positions, channels). Output: (batch, places, filters), with the
/// timesteps as axis 1 with `returnSequences`. Source: `keras/src/layers/rnn/conv_lstm1d.py`.
package struct ConvLSTM1D: ConvLSTMLayer {
  typealias Convolution = Conv1D

  package static let className = "ConvLSTM1D"
  package static let summary = "an LSTM for rows: gates look at neighbouring places"

  package var options = ConvLSTMOptions(rank: 1)

  package init() {}

  package static let settings: [Setting<ConvLSTM1D>] = ConvLSTMSettings.all(of: ConvLSTM1D.self)
}
