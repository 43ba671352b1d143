// What the options ask of the loops of a file.

#include "csv_loops.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace perpetuum {

namespace {

constexpr int default_longest = 8;

struct TimeUnit {
    char const* name;
    std::int64_t seconds;
};
constexpr TimeUnit time_units[] = {{"w", 604'800}, {"d", 86'400}, {"h", 3'600},
                                   {"min", 60},    {"s", 1},      {"", 0}};

class QueryReader {
  public:
    QueryReader(PaymentOptions const& options, PaymentList const& list, CsvLoopQuery& query,
                Diagnostics& diagnostics)
        : options_(options), list_(list), query_(query), diagnostics_(diagnostics) {}

    bool read() {
        read_length();
        read_times();
        read_names();
        read_budget();
        return !diagnostics_.failed();
    }

  private:
    void wrong(char const* option, std::string const& text, std::string const& hint) {
        diagnostics_.error({}, std::string(option) + " is " + quoted(text), hint);
    }

    template <class Number>
    bool number(char const* option, std::string const& text, Number least, Number most,
                Number& value) {
        if (text.empty()) return true;
        Number read = 0;
        auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), read);
        bool const fine = error == std::errc() && end == text.data() + text.size();
        if (!fine || !(read >= least) || !(read <= most)) {
            wrong(option, text, fmt::format("a number from {} to {}", least, most));
            return false;
        }
        value = read;
        return true;
    }

    void read_length() {
        query_.temporal = !options_.window.empty() || !options_.max_gap.empty();
        query_.length_asked = !options_.max_length.empty() || query_.temporal;
        query_.query.longest = query_.temporal ? 0 : default_longest;
        number("--max-length", options_.max_length, 0, 1'000'000'000, query_.query.longest);
        if (query_.query.longest == 1)
            wrong("--max-length", options_.max_length, "2 or more, or 0 for any");
        query_.words = query_.query.longest == 0
                           ? "of any length"
                           : fmt::format("of at most {} legs", query_.query.longest);
    }

    /// "7d", "90min", or a plain number in the file's unit (seconds where it has dates). Of plain
    /// numbers nobody knows what they count: seconds, days, or 20250131.
    bool span(char const* option, std::string const& text, std::int64_t& value) {
        for (TimeUnit const& unit : time_units) {
            if (!text.ends_with(unit.name)) continue;
            std::string const digits = text.substr(0, text.size() - std::string(unit.name).size());
            std::int64_t read = 0;
            auto const [end, error] =
                std::from_chars(digits.data(), digits.data() + digits.size(), read);
            if (error != std::errc() || end != digits.data() + digits.size() || read < 0) continue;
            if (unit.seconds > 0 && list_.time_form == TimeForm::integer) {
                wrong(option, text,
                      "times are plain numbers, of which none says what it counts: write " +
                          std::string(option) + " " + digits + ", in their own unit");
                return false;
            }
            std::int64_t const seconds = std::max<std::int64_t>(unit.seconds, 1);
            std::int64_t const factor = seconds * units_a_second(list_.time_form);
            if (__builtin_mul_overflow(read, factor, &value)) break;
            return true;
        }
        wrong(option, text, "7d, 12h, 90min, 3600s, or a number in the unit of the file's times");
        return false;
    }

    void read_times() {
        bool const only_times =
            !options_.min_ratio.empty() || !options_.max_ratio.empty() || options_.non_decreasing;
        if (!query_.temporal) {
            if (only_times)
                diagnostics_.error({}, "ratios and the order of times need a window",
                                   "--window 7d, or --max-gap 2d");
            return;
        }
        if (list_.time_form == TimeForm::none && list_.size() > 0) {
            diagnostics_.error({}, "the file has no times",
                               "a column 'time', or --column time=NAME");
            return;
        }
        query_.rules.strict = !options_.non_decreasing;
        if (!options_.window.empty() && span("--window", options_.window, query_.rules.window))
            query_.words += ", within " + options_.window;
        if (!options_.max_gap.empty() && span("--max-gap", options_.max_gap, query_.rules.gap))
            query_.words += ", at most " + options_.max_gap + " from one to the next";
        if (options_.non_decreasing) query_.words += ", times equal or rising";
        ratio("--min-ratio", options_.min_ratio, query_.rules.least_ratio);
        ratio("--max-ratio", options_.max_ratio, query_.rules.most_ratio);
    }

    void ratio(char const* option, std::string const& text, std::optional<AmountRatio>& value) {
        if (text.empty()) return;
        auto const read = parse_decimal_amount(text);
        if (!read || read->decimals > 9) {
            wrong(option, text, "a number like 0.9, of at most 9 decimals");
            return;
        }
        AmountRatio ratio{read->digits, 1};
        for (int k = 0; k < read->decimals; ++k) ratio.denominator *= 10;
        value = ratio;
        query_.words += fmt::format(", each at {} {} times the one before",
                                    option == std::string("--min-ratio") ? "least" : "most", text);
    }

    void party(char const* option, std::string const& name, int& number) {
        if (name.empty()) return;
        auto const found = std::find(list_.parties.begin(), list_.parties.end(), name);
        if (found == list_.parties.end()) {
            diagnostics_.error({}, std::string(option) + ": no payment names " + quoted(name),
                               "names are as in the file");
            return;
        }
        number = static_cast<int>(found - list_.parties.begin());
    }

    void read_names() {
        LoopQuery& query = query_.query;
        party("--firm", options_.firm, query.through);
        party("--first", options_.first, query.first);
        party("--leg-from", options_.leg_from, query.leg_from);
        party("--leg-to", options_.leg_to, query.leg_to);
        if (options_.leg_from.empty() != options_.leg_to.empty())
            diagnostics_.error({}, "a leg has two ends", "--leg-from A --leg-to B");
        else if (query.leg_from >= 0 && query.leg_from == query.leg_to)
            diagnostics_.error({}, "a leg ends where it begins", "--leg-from A --leg-to B");
        if (!options_.first.empty() && !query_.temporal)
            diagnostics_.error({}, "without a window no payment is the first", "--firm NAME");
        if (!options_.firm.empty()) query_.words += ", through " + quoted(options_.firm);
        if (!options_.first.empty()) query_.words += ", first paid by " + quoted(options_.first);
        if (!options_.leg_from.empty())
            query_.words +=
                ", with the leg " + quoted(options_.leg_from) + " → " + quoted(options_.leg_to);
    }

    void read_budget() {
        number<std::size_t>("--most", options_.most, 1, 1'000'000, query_.most);
        number<std::uint64_t>("--effort", options_.effort, 1, 1'000'000'000'000'000, query_.effort);
        number("--time-limit", options_.time_limit, 0.0, 1e6, query_.seconds);
        number("--explain", options_.explain, 1, 1'000'000, query_.explain);
        if (options_.count && query_.explain > 0)
            diagnostics_.error({}, "--count lists nothing to explain", "leave out one of them");
    }

    PaymentOptions const& options_;
    PaymentList const& list_;
    CsvLoopQuery& query_;
    Diagnostics& diagnostics_;
};

} // namespace

bool csv_loop_query(PaymentOptions const& options, PaymentList const& list, CsvLoopQuery& query,
                    Diagnostics& diagnostics) {
    return QueryReader(options, list, query, diagnostics).read();
}

} // namespace perpetuum
