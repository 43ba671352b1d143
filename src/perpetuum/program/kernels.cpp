// The door to the clones of the kernels.

#include <perpetuum/lanes.hpp>
#include <perpetuum/program.hpp>

namespace perpetuum {

PERPETUUM_CLONES(Kernel, choose_kernel, Opcode, int)

Kernel kernel_of(Opcode operation, int scalars) { return each_choose_kernel(operation, scalars); }

} // namespace perpetuum
