// Matrix products. OpenBLAS' header stands in a folder of its own, which pkg-config names.
#include <cblas.h>
