#pragma once

namespace perpetuum {

/// Large static networks; `main` is in clearing_bench.cpp.
void bench_networks();

} // namespace perpetuum
