#pragma once
/// A NetCDF-4 file that takes its name only when it is whole.

#include <perpetuum/store.hpp>

#include <mutex>
#include <span>

namespace perpetuum {

/// Why a file cannot be written. Stays within the room.
struct StoreFault {
    std::string what;
};

/// HDF5, which is below NetCDF-4, is not made for threads: whoever calls it holds this.
std::unique_lock<std::mutex> one_at_a_time();

class NetcdfFile {
  public:
    explicit NetcdfFile(std::string const& target); ///< throws StoreFault
    ~NetcdfFile();
    NetcdfFile(NetcdfFile const&) = delete;
    NetcdfFile& operator=(NetcdfFile const&) = delete;

    int dimension(std::string const& name, std::size_t size);
    /// `type` is one of netcdf.h's. Chunks (one number a dimension) of compressed values, or none.
    int variable(std::string const& name, int type, std::vector<int> const& dimensions,
                 std::vector<std::size_t> const& chunks = {});
    void attribute(int variable, std::string const& name, std::string const& text);
    void attribute(int variable, std::string const& name, double value);
    void compress(int variable); ///< without loss
    void missing_is_nan(int variable, int type);
    void define_again(); ///< attributes after values
    void put(int variable, std::span<double const> values);
    void put(int variable, std::span<std::int64_t const> values);
    void put(int variable, std::span<std::string const> values);
    void put(int variable, std::span<std::size_t const> start, std::span<std::size_t const> count,
             double const* values);
    void put(int variable, std::size_t start, std::size_t count, int const* values);
    void put(int variable, std::size_t start, std::size_t count, long long const* values);
    void finish();

  private:
    void check(int status, std::string const& what) const;
    std::string target_, beside_;
    int file_ = -1;
};

/// What every file of ours says of itself, and its steps; the dimension of steps.
int write_head(NetcdfFile& file, StoreHead const& head);
void describe(NetcdfFile& file, int variable, std::string const& long_name,
              std::string const& unit);
/// The variable is one over steps: readers find their names and days.
void on_steps(NetcdfFile& file, int variable, StoreHead const& head);
/// throws  BadInput when it contradicts itself
void check_head(StoreHead const& head);

constexpr int whole_file = -1; ///< as the variable of an attribute

} // namespace perpetuum
