// The whole kernel, for the vectors that were included before it: one copy for each instruction
// set, all functions static.

#include "Activations.h"
#include "Products.h"
#include "State.h"

#include "LSTMStep.h"

#include "GRUStep.h"

#include "PlainSteps.h"

#include "Walk.h"

#include "WalkBack.h"

#include "Matrices.h"
