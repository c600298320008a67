import Neural
import Testing

@testable import KerasFiles

@Suite struct CompileSourceTests {
  private func source(_ config: ConfigValue) -> String {
    let compile = CompileSource(config, rateVariable: "rate")
    return PythonExpression.call("compile", compile.arguments).flat
  }

  @Test func onlyWhatDiffersFromTheDefaultsIsWritten() {
    // As Keras 3.15 writes it for Adam, the mean squared error and accuracy.
    let config: ConfigValue = [
      "optimizer": [
        "module": "keras.optimizers", "class_name": "Adam",
        "config": [
          "name": "adam_1", "learning_rate": 0.0010000000474974513, "weight_decay": nil,
          "clipnorm": nil, "use_ema": false, "ema_momentum": 0.99, "beta_1": 0.9,
          "beta_2": 0.9990000128746033, "epsilon": 1e-07, "amsgrad": false,
        ], "registered_name": nil,
      ],
      "loss": "mse", "loss_weights": nil, "metrics": ["accuracy"], "weighted_metrics": nil,
      "run_eagerly": false, "steps_per_execution": 1, "jit_compile": true,
    ]
    #expect(
      source(config)
        == "compile(optimizer=keras.optimizers.Adam(learning_rate=rate), loss=\"mse\", "
        + "metrics=[\"accuracy\"])")
    #expect(CompileSource(config, rateVariable: "rate").learningRate?.flat == "0.001")
  }

  @Test func objectsHaveTheirParameters() {
    let compile = CompileSource(
      [
        "optimizer": [
          "module": "keras.optimizers", "class_name": "SGD",
          "config": [
            "name": "sgd", "momentum": 0.9, "clipnorm": 1.0,
            "learning_rate": [
              "module": "keras.optimizers.schedules", "class_name": "ExponentialDecay",
              "config": [
                "initial_learning_rate": 0.1, "decay_steps": 100, "decay_rate": 0.9,
                "staircase": false, "name": "ExponentialDecay",
              ], "registered_name": nil,
            ],
          ], "registered_name": nil,
        ],
        "loss": [
          "module": "keras.losses", "class_name": "BinaryCrossentropy",
          "config": ["name": "binary_crossentropy", "from_logits": true, "axis": -1],
          "registered_name": nil,
        ],
        "metrics": [
          [
            "module": "keras.metrics", "class_name": "AUC",
            "config": ["name": "auc_2", "dtype": "float32", "curve": "PR"],
            "registered_name": nil,
          ],
          [
            "module": "builtins", "class_name": "function", "config": "mean_squared_error",
            "registered_name": "function",
          ],
        ], "steps_per_execution": 4,
      ], rateVariable: "rate")
    #expect(
      PythonExpression.call("compile", compile.arguments).flat
        == "compile(optimizer=keras.optimizers.SGD(learning_rate=rate, momentum=0.9, clipnorm=1.0)"
        + ", loss=keras.losses.BinaryCrossentropy(from_logits=True), "
        + "metrics=[keras.metrics.AUC(curve=\"PR\"), \"mean_squared_error\"], "
        + "steps_per_execution=4)")
    #expect(
      compile.learningRate?.flat
        == "keras.optimizers.schedules.ExponentialDecay(initial_learning_rate=0.1, "
        + "decay_steps=100, decay_rate=0.9)")
  }

  @Test func outputsKeepTheirListsAndDictionaries() {
    #expect(
      source([
        "optimizer": "rmsprop", "loss": ["a": "mse", "b": nil],
        "loss_weights": ["a": 1.0, "b": 0.5], "metrics": [["mae"], []],
      ])
        == "compile(optimizer=keras.optimizers.RMSprop(learning_rate=rate), "
        + "loss={\"a\": \"mse\", \"b\": None}, loss_weights={\"a\": 1.0, \"b\": 0.5}, "
        + "metrics=[[\"mae\"], []])")
  }

  @Test func whatIsNotKerasOwnIsLeftToAPerson() {
    let compile = CompileSource(
      [
        "optimizer": [
          "module": "mine", "class_name": "Lookahead", "config": ["learning_rate": 0.5],
          "registered_name": "mine>Lookahead",
        ],
        "loss": [
          "module": "builtins", "class_name": "function", "config": "my loss",
          "registered_name": "function",
        ],
      ], rateVariable: "rate")
    #expect(compile.learningRate == nil)
    #expect(compile.definitions.count == 1)
    #expect(compile.definitions.first?.hasPrefix("def my_loss(y_true, y_pred):") == true)
    #expect(
      PythonExpression.call("compile", compile.arguments).flat.contains("keras.optimizers.get({"))
  }
}
