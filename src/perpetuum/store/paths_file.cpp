/// Paths by path and step. Blocks come as lanes side by side and are turned into paths side by side.

#include "netcdf_file.hpp"

#include <algorithm>
#include <netcdf.h>

namespace perpetuum {

struct PathsFile::State {
    NetcdfFile file;
    Coverage::Range range;
    std::size_t steps = 0;
    std::vector<int> variables; ///< of the file, in the head's order
    int failed_at = -1;
    Coverage written;
    std::vector<double> turned;
};

namespace {

constexpr std::size_t chunk_values = 32'768, most_numbers = 8192;

int define_paths(NetcdfFile& file, Coverage::Range range) {
    auto const paths = static_cast<std::size_t>(range.end - range.begin);
    int const dimension = file.dimension("path", paths);
    int const number =
        file.variable("path", NC_INT64, {dimension}, {std::min(paths, most_numbers)});
    describe(file, number, "number of the path", "1");
    std::vector<long long> numbers;
    for (std::size_t at = 0; at < paths; at += numbers.size()) {
        numbers.resize(std::min(paths - at, most_numbers));
        for (std::size_t i = 0; i < numbers.size(); ++i)
            numbers[i] = static_cast<long long>(range.begin + at + i);
        file.put(number, at, numbers.size(), numbers.data());
    }
    return dimension;
}

} // namespace

PathsFile::PathsFile(std::unique_ptr<State> state) : state_(std::move(state)) {}
PathsFile::PathsFile(PathsFile&&) noexcept = default;
PathsFile& PathsFile::operator=(PathsFile&& other) noexcept {
    std::swap(state_, other.state_);
    return *this;
}
PathsFile::~PathsFile() {
    if (!state_) return; // moved away, maybe by who holds the lock
    auto const lock = one_at_a_time();
    state_.reset();
}

std::optional<PathsFile> PathsFile::create(std::string const& target, StoreHead const& head,
                                           Coverage::Range range, std::string& problem,
                                           PathsFileOptions options) {
    check_head(head);
    if (range.begin >= range.end || range.end - range.begin > 1'000'000'000 ||
        range.end > std::uint64_t{1} << 62)
        throw BadInput{"a file holds 1 to 10^9 paths, numbered below 2^62; found " +
                       std::to_string(range.begin) + " to " + std::to_string(range.end)};
    auto const lock = one_at_a_time();
    try {
        std::unique_ptr<State> state(new State{
            NetcdfFile(target), range, static_cast<std::size_t>(head.steps.count), {}, -1, {}, {}});
        int const step = write_head(state->file, head), path = define_paths(state->file, range);
        auto const paths = static_cast<std::size_t>(range.end - range.begin);
        std::size_t const chunk =
            std::min(paths, std::max<std::size_t>(chunk_values / state->steps, 1));
        int const type = options.single_precision ? NC_FLOAT : NC_DOUBLE;
        for (StoreVariable const& variable : head.variables) {
            int const id =
                state->file.variable(variable.name, type, {path, step}, {chunk, state->steps});
            if (options.compressed) state->file.compress(id);
            state->file.missing_is_nan(id, type);
            describe(state->file, id, variable.long_name, variable.unit);
            on_steps(state->file, id, head);
            state->variables.push_back(id);
        }
        state->failed_at =
            state->file.variable("failed_at", NC_INT, {path}, {std::min(paths, most_numbers)});
        describe(state->file, state->failed_at, "step in which the path failed, 0: it did not",
                 "1");
        return PathsFile(std::move(state));
    } catch (StoreFault const& fault) {
        problem = fault.what;
        return std::nullopt;
    }
}

bool PathsFile::write(std::uint64_t first_path, std::size_t lanes, double const* values,
                      int const* failed_at, std::string& problem) {
    State& state = *state_;
    if (lanes == 0) return true;
    if (first_path < state.range.begin || first_path > state.range.end ||
        lanes > state.range.end - first_path)
        throw BadInput{"the file holds paths " + print_ranges({state.range}) + ", found " +
                       std::to_string(lanes) + " from path " + std::to_string(first_path)};
    Coverage::Range const here{first_path, first_path + lanes};
    if (!state.written.add(here))
        throw BadInput{"written twice: some of paths " + print_ranges({here})};
    auto const lock = one_at_a_time();
    try {
        auto const at = static_cast<std::size_t>(first_path - state.range.begin);
        std::size_t const start[] = {at, 0}, count[] = {lanes, state.steps};
        state.turned.resize(lanes * state.steps);
        for (int variable : state.variables) {
            for (std::size_t step = 0; step < state.steps; ++step, values += lanes)
                for (std::size_t lane = 0; lane < lanes; ++lane)
                    state.turned[lane * state.steps + step] = values[lane];
            state.file.put(variable, start, count, state.turned.data());
        }
        std::vector<int> failed(lanes, 0);
        if (failed_at) failed.assign(failed_at, failed_at + lanes);
        state.file.put(state.failed_at, at, lanes, failed.data());
        return true;
    } catch (StoreFault const& fault) {
        problem = fault.what;
        return false;
    }
}

bool PathsFile::finish(std::string& problem) {
    auto const lock = one_at_a_time();
    try {
        Coverage before; // so that only gaps within the range are missing
        before.add({0, state_->range.begin});
        before.merge(state_->written);
        if (auto const missing = before.missing(state_->range.end); !missing.empty()) {
            state_->file.define_again();
            state_->file.attribute(whole_file, "missing_paths", print_ranges(missing));
        }
        state_->file.finish();
        return true;
    } catch (StoreFault const& fault) {
        problem = fault.what;
        return false;
    }
}

} // namespace perpetuum
