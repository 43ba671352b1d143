// The statistics of many paths as NetCDF.

#include "paths.hpp"

#include <perpetuum/store.hpp>

namespace perpetuum {

bool write_netcdf(std::string const& file, Summary const& summary,
                  std::vector<double> const& quantiles, std::string& problem) {
    StoreHead head;
    head.title = about(summary, "book");
    head.version = about(summary, "version");
    for (auto const& [word, value] : summary.plan().about)
        if (!word.starts_with("name of ") && !word.starts_with("unit of ") && !value.empty())
            head.about[word] = value;
    bool const plain = about(summary, "table") == "steps";
    double const start = std::stod("0" + about(summary, "start"));
    double const length = std::stod("0" + about(summary, "step months"));
    head.steps.count = summary.plan().steps;
    for (int step = 1; step <= summary.plan().steps; ++step) {
        head.steps.names.push_back(step_name(summary, step));
        if (!plain) head.steps.ends.push_back({start + step * length});
    }
    for (std::string const& series : summary.plan().series) {
        std::string const unit = about(summary, "unit of " + series);
        head.variables.push_back({series, series, unit.empty() ? "1" : unit});
    }
    return write_quantiles(file, head, summary, quantiles, problem);
}

} // namespace perpetuum
