#pragma once
/// The NetCDF library, loaded when the first file is written: it brings some forty others along, which
/// would cost every command tens of milliseconds at its start.

#include <netcdf.h>

namespace perpetuum {

/// Its functions, by their names without "nc_".
struct NetcdfLibrary {
    decltype(&nc_create) create = nullptr;
    decltype(&nc_abort) abort = nullptr;
    decltype(&nc_close) close = nullptr;
    decltype(&nc_strerror) strerror = nullptr;
    decltype(&nc_def_dim) def_dim = nullptr;
    decltype(&nc_def_var) def_var = nullptr;
    decltype(&nc_def_var_chunking) def_var_chunking = nullptr;
    decltype(&nc_set_var_chunk_cache) set_var_chunk_cache = nullptr;
    decltype(&nc_def_var_deflate) def_var_deflate = nullptr;
    decltype(&nc_def_var_fill) def_var_fill = nullptr;
    decltype(&nc_put_att_text) put_att_text = nullptr;
    decltype(&nc_put_att_double) put_att_double = nullptr;
    decltype(&nc_redef) redef = nullptr;
    decltype(&nc_put_var_double) put_var_double = nullptr;
    decltype(&nc_put_var_longlong) put_var_longlong = nullptr;
    decltype(&nc_put_var_string) put_var_string = nullptr;
    decltype(&nc_put_vara_double) put_vara_double = nullptr;
    decltype(&nc_put_vara_int) put_vara_int = nullptr;
    decltype(&nc_put_vara_longlong) put_vara_longlong = nullptr;
};
/// throws  StoreFault when it is not installed
NetcdfLibrary const& netcdf();

} // namespace perpetuum
