/// The one place that knows the library's file.

#include "netcdf_library.hpp"

#include "netcdf_file.hpp"

#include <dlfcn.h>

namespace perpetuum {
namespace {

template <class Function>
void find(void* library, Function*& function, char const* name) {
    function = reinterpret_cast<Function*>(dlsym(library, name));
    if (!function) throw StoreFault{std::string("the NetCDF library has no ") + name};
}

NetcdfLibrary load() {
    void* library = dlopen("libnetcdf.so.19", RTLD_NOW | RTLD_LOCAL);
    if (!library) library = dlopen("libnetcdf.so", RTLD_NOW | RTLD_LOCAL);
    if (!library)
        throw StoreFault{
            "the NetCDF library is not installed (Debian: apt-get install libnetcdf19)"};
    NetcdfLibrary out;
    find(library, out.create, "nc_create");
    find(library, out.abort, "nc_abort");
    find(library, out.close, "nc_close");
    find(library, out.strerror, "nc_strerror");
    find(library, out.def_dim, "nc_def_dim");
    find(library, out.def_var, "nc_def_var");
    find(library, out.def_var_chunking, "nc_def_var_chunking");
    find(library, out.set_var_chunk_cache, "nc_set_var_chunk_cache");
    find(library, out.def_var_deflate, "nc_def_var_deflate");
    find(library, out.def_var_fill, "nc_def_var_fill");
    find(library, out.put_att_text, "nc_put_att_text");
    find(library, out.put_att_double, "nc_put_att_double");
    find(library, out.redef, "nc_redef");
    find(library, out.put_var_double, "nc_put_var_double");
    find(library, out.put_var_longlong, "nc_put_var_longlong");
    find(library, out.put_var_string, "nc_put_var_string");
    find(library, out.put_vara_double, "nc_put_vara_double");
    find(library, out.put_vara_int, "nc_put_vara_int");
    find(library, out.put_vara_longlong, "nc_put_vara_longlong");
    return out;
}

} // namespace

NetcdfLibrary const& netcdf() {
    static NetcdfLibrary const library = load();
    return library;
}

} // namespace perpetuum
