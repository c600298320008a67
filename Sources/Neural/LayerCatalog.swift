/// All layers: what Keras' names stand for.
public enum LayerCatalog {
  /// Every layer, in the order of the picker.
  public static let types: [any Layer.Type] = [
    InputLayer.self,
    LSTM.self, GRU.self, SimpleRNN.self, Bidirectional.self, TimeDistributed.self,
    RNN.self, LSTMCell.self, GRUCell.self, SimpleRNNCell.self, StackedRNNCells.self,
    Dense.self, Embedding.self, MaskingLayer.self,
    Attention.self, AdditiveAttention.self, MultiHeadAttention.self, GroupQueryAttention.self,
    Dropout.self, SpatialDropout1D.self, BatchNormalization.self, LayerNormalization.self,
    ActivationLayer.self,
    Concatenate.self, Add.self, Subtract.self, Multiply.self, Average.self, Maximum.self,
    Minimum.self, Dot.self,
    RepeatVector.self, Flatten.self, Reshape.self, Permute.self, Lambda.self,
    EinsumDense.self,
    Conv1D.self, MaxPooling1D.self, AveragePooling1D.self, GlobalMaxPooling1D.self,
    GlobalAveragePooling1D.self,
    Conv2D.self, MaxPooling2D.self, AveragePooling2D.self, GlobalMaxPooling2D.self,
    GlobalAveragePooling2D.self, ConvLSTM1D.self, ConvLSTM2D.self,
    GaussianNoise.self, GaussianDropout.self, AlphaDropout.self, SpatialDropout2D.self,
    ActivityRegularization.self, GroupNormalization.self, RMSNormalization.self,
    UnitNormalization.self, SpectralNormalization.self,
    ReLU.self, LeakyReLU.self, PReLU.self, ELU.self, Softmax.self, Identity.self,
    ZeroPadding1D.self, Cropping1D.self, UpSampling1D.self, SeparableConv1D.self,
    DepthwiseConv1D.self, Conv1DTranspose.self,
    ZeroPadding2D.self, Cropping2D.self, UpSampling2D.self, SeparableConv2D.self,
    DepthwiseConv2D.self, Conv2DTranspose.self,
    Conv3D.self, Conv3DTranspose.self, MaxPooling3D.self, AveragePooling3D.self,
    GlobalMaxPooling3D.self, GlobalAveragePooling3D.self, ZeroPadding3D.self, Cropping3D.self,
    UpSampling3D.self, SpatialDropout3D.self,
    AdaptiveAveragePooling1D.self, AdaptiveAveragePooling2D.self, AdaptiveAveragePooling3D.self,
    AdaptiveMaxPooling1D.self, AdaptiveMaxPooling2D.self, AdaptiveMaxPooling3D.self,
    Normalization.self, Rescaling.self, Discretization.self, CategoryEncoding.self,
    IntegerLookup.self, Hashing.self, HashedCrossing.self, ReversibleEmbedding.self,
    Resizing.self, CenterCrop.self, AutoContrast.self, RandomCrop.self, RandomFlip.self,
    RandomRotation.self, RandomZoom.self, RandomTranslation.self, RandomShear.self,
    RandomPerspective.self, RandomElasticTransform.self, RandomErasing.self,
    RandomBrightness.self, RandomContrast.self, RandomSaturation.self, RandomHue.self,
    RandomColorJitter.self, RandomColorDegeneration.self, RandomGrayscale.self,
    RandomSharpness.self, RandomGaussianBlur.self, RandomPosterization.self, RandomInvert.self,
    Solarization.self, Equalization.self,
  ]

  /// The layer that a class name or one of its aliases stands for; `nil` where there is none.
  public static func type(named name: String) -> (any Layer.Type)? { byName[name] }

  private static let byName: [String: any Layer.Type] = {
    var names: [String: any Layer.Type] = [:]
    for type in types {
      names[type.className] = type
      for alias in type.aliases { names[alias] = type }
    }
    return names
  }()
}
