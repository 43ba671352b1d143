/// What every file says of itself: attributes after the CF conventions, and the axis of steps.

#include "netcdf_file.hpp"

#include <cmath>
#include <netcdf.h>
#include <set>

namespace perpetuum {
namespace {

/// Days from 1970-01-01 to the last day before a point in time (Hinnant, "chrono-compatible
/// low-level date algorithms").
double last_day_before(Date end) {
    std::string const day = print_day({end.months - 1e-3}); // three quarters of an hour before
    int const month = std::stoi(day.substr(5, 2)), date = std::stoi(day.substr(8, 2));
    int const year = std::stoi(day.substr(0, 4)) - (month <= 2);
    int const era = year / 400, of_era = year % 400;
    int const of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + date - 1;
    return era * 146'097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719'468;
}

void require_one_each(std::size_t found, int steps, char const* what) {
    if (found != 0 && found != static_cast<std::size_t>(steps))
        throw BadInput{std::to_string(found) + " " + what + " for " + std::to_string(steps) +
                       " steps; give none or one each"};
}

} // namespace

void check_head(StoreHead const& head) {
    StoreSteps const& steps = head.steps;
    if (steps.count < 1 || steps.count > 100'000 || steps.first < 0 || steps.first > 100'000)
        throw BadInput{"a file has 1 to 100,000 steps, found " + std::to_string(steps.count) +
                       " from step " + std::to_string(steps.first)};
    require_one_each(steps.names.size(), steps.count, "names");
    require_one_each(steps.ends.size(), steps.count, "ends");
    for (Date end : steps.ends)
        if (!(end.months > 12 && end.months < 9999 * 12))
            throw BadInput{"steps end in the years 1 to 9998, found month " +
                           std::to_string(end.months)};
    std::set<std::string> names;
    for (StoreVariable const& variable : head.variables)
        if (!names.insert(variable.name).second)
            throw BadInput{"two variables of a file are called '" + variable.name + "'"};
}

void describe(NetcdfFile& file, int variable, std::string const& long_name,
              std::string const& unit) {
    if (!long_name.empty()) file.attribute(variable, "long_name", long_name);
    if (!unit.empty()) file.attribute(variable, "units", unit);
}

void on_steps(NetcdfFile& file, int variable, StoreHead const& head) {
    std::string names;
    if (!head.steps.names.empty()) names = "period";
    if (!head.steps.ends.empty()) names += names.empty() ? "time" : " time";
    if (!names.empty()) file.attribute(variable, "coordinates", names);
}

int write_head(NetcdfFile& file, StoreHead const& head) {
    file.attribute(whole_file, "Conventions", std::string("CF-1.8"));
    if (!head.title.empty()) file.attribute(whole_file, "title", head.title);
    file.attribute(whole_file, "source", "perpetuum " + head.version);
    for (auto const& [name, text] : head.about) file.attribute(whole_file, name, text);
    StoreSteps const& steps = head.steps;
    int const dimension = file.dimension("step", static_cast<std::size_t>(steps.count));
    int const number = file.variable("step", NC_INT64, {dimension});
    describe(file, number, "number of the step", "1");
    std::vector<std::int64_t> numbers;
    for (int i = 0; i < steps.count; ++i) numbers.push_back(steps.first + i);
    file.put(number, numbers);
    if (!steps.names.empty()) {
        int const name = file.variable("period", NC_STRING, {dimension});
        describe(file, name, "name of the step", "");
        file.put(name, steps.names);
    }
    if (!steps.ends.empty()) {
        int const time = file.variable("time", NC_DOUBLE, {dimension});
        describe(file, time, "last day of the step", "days since 1970-01-01");
        file.attribute(time, "standard_name", std::string("time"));
        file.attribute(time, "calendar", std::string("proleptic_gregorian"));
        std::vector<double> days;
        for (Date end : steps.ends) days.push_back(last_day_before(end));
        file.put(time, days);
    }
    return dimension;
}

} // namespace perpetuum
