/// Numbers that are too small to be exact.

#ifndef DENORMALS_H
#define DENORMALS_H

#include <stdbool.h>

/// Says whether this thread takes numbers below 1.2e-38, which have fewer bits the smaller they are,
/// for zeros.
///
/// Most processors take a hundred times as long for them, and training makes them: moving averages
/// of gradients that have become zero never quite get there. TensorFlow and XLA compute so always.
/// Returns whether the thread did so before; on other processors than x86-64 and AArch64 it never
/// does.
bool denormals_flush(bool flushes);

#endif
