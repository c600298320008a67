"""Load forecasts from a day of measurements and the calendar (tf.keras spelling throughout)."""
import tensorflow as tf

HOURS = 24
SENSORS = 7
CALENDAR = 12

tf.random.set_seed(42)

measurements = tf.keras.Input(shape=(HOURS, SENSORS), name="measurements")
calendar = tf.keras.Input(shape=(CALENDAR,), name="calendar")

x = tf.keras.layers.BatchNormalization()(measurements)
skip = tf.keras.layers.Conv1D(32, 1, padding="same")(x)
for dilation in (1, 2, 4):
    y = tf.keras.layers.Conv1D(32, 3, padding="causal", dilation_rate=dilation,
                               activation="relu")(skip)
    y = tf.keras.layers.Dropout(0.1)(y)
    skip = tf.keras.layers.Add()([skip, y])
x = tf.keras.layers.Bidirectional(
    tf.keras.layers.GRU(24, return_sequences=True), merge_mode="ave")(skip)
x = tf.keras.layers.GlobalAveragePooling1D()(x)

c = tf.keras.layers.Dense(8, activation="swish")(calendar)
joined = tf.keras.layers.Concatenate()([x, c])
joined = tf.keras.layers.LayerNormalization()(joined)
load = tf.keras.layers.Dense(HOURS, name="load")(joined)
peak = tf.keras.layers.Dense(1, activation="softplus", name="peak")(joined)

model = tf.keras.Model(inputs=[measurements, calendar], outputs=[load, peak], name="forecast")
model.compile(optimizer=tf.keras.optimizers.Adam(1e-3), loss={"load": "mse", "peak": "mae"})
model.summary()
