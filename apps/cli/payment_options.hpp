#pragma once
// What commands on files of payments are asked besides: as texts, so that who uses them says what is
// wrong with them.

#include <span>
#include <string>
#include <vector>

namespace perpetuum {

struct PaymentOptions {
    // how the file is read
    std::string delimiter, decimals, groups, threads;
    std::vector<std::string> columns, where, exclude, through;
    bool lenient = false;
    // which loops are looked for, and how long
    std::string max_length, window, max_gap, min_ratio, max_ratio;
    std::string firm, first, leg_from, leg_to;
    std::string most, time_limit, effort, explain;
    bool count = false, non_decreasing = false;
    std::string measure;       ///< of the whole network: by its name
    std::string look_through;  ///< funders, by commas
    std::string trace, target; ///< funders, by commas; whose receipts are traced
    std::string opening;       ///< file of balances before the first payment
    std::string by;            ///< a measure by period: year, month, day, or a span
    std::string link;          ///< A,B: one link's interval and payments
    std::string hops, passed_on;
    std::vector<std::string> finance; ///< kinds of payment that are finance
    bool links = false;               ///< every link's interval
    std::string rewired, seed;        ///< against so many networks with other partners
};

struct TextOption {
    char const* name;
    std::string PaymentOptions::*value;
};
struct ListOption {
    char const* name;
    std::vector<std::string> PaymentOptions::*values;
};
struct FlagOption {
    char const* name;
    bool PaymentOptions::*value;
};
struct PaymentOptionTable {
    std::span<TextOption const> texts;
    std::span<ListOption const> lists;
    std::span<FlagOption const> flags;
};
/// How a file of payments is read.
PaymentOptionTable import_options();
/// Which loops are looked for.
PaymentOptionTable loop_options();
/// What is measured.
PaymentOptionTable measure_options();
/// The name of an option of the table that was given, or nothing.
std::string given_option(PaymentOptionTable const& table, PaymentOptions const& options);

} // namespace perpetuum
