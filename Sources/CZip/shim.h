// Zip archives: NumPy's .npz. pkg-config names the folder of libzip's header.
#include <zip.h>
