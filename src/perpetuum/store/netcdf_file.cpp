/// NetCDF-4 by its C library. Paths are made absolute: a target that looks like an address must not
/// reach the network.

#include "netcdf_file.hpp"

#include "netcdf_library.hpp"

#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <limits>
#include <sys/stat.h>
#include <unistd.h>

namespace perpetuum {
namespace {

std::string absolute_target(std::string const& target) {
    std::error_code error;
    auto path = std::filesystem::weakly_canonical(std::filesystem::absolute(target, error), error);
    return error ? target : path.string();
}

/// A new, empty file beside the target.
std::string file_beside(std::string const& target) {
    for (int i = 0; i < 1000; ++i) {
        std::string beside = target + ".part" + std::to_string(i);
        int const number = open(beside.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0666);
        if (number >= 0) {
            close(number);
            return beside;
        }
        if (errno != EEXIST) break;
    }
    throw StoreFault{target + ": " + std::strerror(errno)};
}

} // namespace

std::unique_lock<std::mutex> one_at_a_time() {
    static std::mutex mutex;
    return std::unique_lock(mutex);
}

NetcdfFile::NetcdfFile(std::string const& target) : target_(absolute_target(target)) {
    struct stat status {};
    if (stat(target_.c_str(), &status) == 0 && !S_ISREG(status.st_mode))
        throw StoreFault{target_ + ": is not a file"};
    netcdf(); // before anything is made
    beside_ = file_beside(target_);
    int const created = netcdf().create(beside_.c_str(), NC_NETCDF4 | NC_CLOBBER, &file_);
    if (created == NC_NOERR) return;
    unlink(beside_.c_str());
    throw StoreFault{target_ + ": " + netcdf().strerror(created)};
}

NetcdfFile::~NetcdfFile() {
    if (file_ < 0) return;
    netcdf().abort(file_);
    unlink(beside_.c_str());
}

void NetcdfFile::check(int status, std::string const& what) const {
    if (status != NC_NOERR)
        throw StoreFault{target_ + ": " + what + ": " + netcdf().strerror(status)};
}

int NetcdfFile::dimension(std::string const& name, std::size_t size) {
    int id = -1;
    check(netcdf().def_dim(file_, name.c_str(), size, &id), "dimension '" + name + "'");
    return id;
}

int NetcdfFile::variable(std::string const& name, int type, std::vector<int> const& dimensions,
                         std::vector<std::size_t> const& chunks) {
    int id = -1;
    std::string const what = "variable '" + name + "'";
    check(netcdf().def_var(file_, name.c_str(), type, static_cast<int>(dimensions.size()),
                           dimensions.data(), &id),
          what);
    if (chunks.empty()) return id;
    std::size_t bytes = 8;
    for (std::size_t size : chunks) bytes *= size;
    check(netcdf().def_var_chunking(file_, id, NC_CHUNKED, chunks.data()), what);
    check(netcdf().set_var_chunk_cache(file_, id, 2 * bytes, 11, 0.75F), what);
    return id;
}

void NetcdfFile::attribute(int variable, std::string const& name, std::string const& text) {
    check(netcdf().put_att_text(file_, variable, name.c_str(), text.size(), text.data()),
          "attribute '" + name + "'");
}

void NetcdfFile::attribute(int variable, std::string const& name, double value) {
    check(netcdf().put_att_double(file_, variable, name.c_str(), NC_DOUBLE, 1, &value),
          "attribute '" + name + "'");
}

void NetcdfFile::compress(int variable) {
    check(netcdf().def_var_deflate(file_, variable, 1, 1, 1), "compression");
}

void NetcdfFile::missing_is_nan(int variable, int type) {
    double const nan = std::numeric_limits<double>::quiet_NaN();
    float const single = std::numeric_limits<float>::quiet_NaN();
    check(netcdf().def_var_fill(file_, variable, NC_FILL,
                                type == NC_FLOAT ? static_cast<void const*>(&single) : &nan),
          "what is missing");
}

void NetcdfFile::define_again() {
    int const status = netcdf().redef(file_);
    if (status != NC_EINDEFINE) check(status, "attributes");
}

void NetcdfFile::put(int variable, std::span<double const> values) {
    check(netcdf().put_var_double(file_, variable, values.data()), "values");
}

void NetcdfFile::put(int variable, std::span<std::int64_t const> values) {
    std::vector<long long> const numbers(values.begin(), values.end());
    check(netcdf().put_var_longlong(file_, variable, numbers.data()), "values");
}

void NetcdfFile::put(int variable, std::span<std::string const> values) {
    std::vector<char const*> texts;
    for (std::string const& value : values) texts.push_back(value.c_str());
    check(netcdf().put_var_string(file_, variable, texts.data()), "names");
}

void NetcdfFile::put(int variable, std::span<std::size_t const> start,
                     std::span<std::size_t const> count, double const* values) {
    check(netcdf().put_vara_double(file_, variable, start.data(), count.data(), values), "values");
}

void NetcdfFile::put(int variable, std::size_t start, std::size_t count, int const* values) {
    check(netcdf().put_vara_int(file_, variable, &start, &count, values), "values");
}

void NetcdfFile::put(int variable, std::size_t start, std::size_t count, long long const* values) {
    check(netcdf().put_vara_longlong(file_, variable, &start, &count, values), "values");
}

void NetcdfFile::finish() {
    int const status = netcdf().close(std::exchange(file_, -1));
    bool renamed = false;
    if (status == NC_NOERR) renamed = std::rename(beside_.c_str(), target_.c_str()) == 0;
    if (renamed) return;
    std::string const why = status == NC_NOERR ? std::strerror(errno) : netcdf().strerror(status);
    unlink(beside_.c_str());
    throw StoreFault{target_ + ": " + why};
}

} // namespace perpetuum
