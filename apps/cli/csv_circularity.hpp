#pragma once
// Measures of a network by itself, from a file of payments.

#include "csv_network.hpp"
#include "options.hpp"

#include <perpetuum/circularity.hpp>

#include <nlohmann/json_fwd.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace perpetuum {

/// A file that was read, and what is asked of it.
struct CsvQuestion {
    Options const& options;
    ImportedPayments const& imported;
    Network const& network; ///< its nodes are the parties of the list

    PaymentOptions const& asked() const { return options.payments; }
    PaymentList const& list() const { return imported.list; }
    std::string const& name(int party) const {
        return imported.list.parties[static_cast<std::size_t>(party)];
    }
};

Answer circularity_of_csv(Options const& options);
/// A measure as it is asked for on the command line: a file has units of its own.
std::string plain_name(std::string_view name);
/// The nearest number that is written with so many decimals, where the value is one.
double in_file_units(double value, int decimals);
/// An amount of minor units in the file's unit, in digits; "not known" and "infinite" in words.
std::string amount_text(double minor, PaymentList const& list);
double amount_value(double minor, PaymentList const& list);
/// A whole number where no double has all its digits.
nlohmann::ordered_json amount_json(std::int64_t minor, PaymentList const& list);
/// "24.80 ± 0.07": as many digits as are not chance.
std::string text_with_error(double value, double error);
/// "9 firms and 6 links, 2025-01-01 to 2025-03-01"
std::string size_words(CsvQuestion const& question);

/// Parties by their names; false, with a refusal, when one is not there.
bool party_named(CsvQuestion const& question, std::string const& name, int& party, Answer& wrong);
bool parties_named(CsvQuestion const& question, std::string const& names, std::vector<int>& parties,
                   Answer& wrong);
/// Of "A,B": the two ends of a link, whatever commas the names have.
bool link_named(CsvQuestion const& question, std::string const& names, std::size_t& link,
                Answer& wrong);
/// Rows of the list behind a link, in the order of the file.
std::vector<std::uint32_t> payments_behind(PaymentList const& list, Network::Edge const& link);
/// "line 3", amount, time, kind: one row of a table "lrll".
std::vector<std::string> payment_cells(PaymentList const& list, std::uint32_t payment);
nlohmann::ordered_json payment_as_json(PaymentList const& list, std::uint32_t payment);

/// Measures beside the same of `--rewired` networks in which everybody pays and gets as much, to and
/// from whom is chance.
Answer against_chance(std::vector<Measure const*> const& asked, CsvQuestion const& question,
                      int longest);
/// --by: a measure period by period, beside that of the whole.
Answer by_period(Measure const& measure, CsvQuestion const& question, int longest);
/// --link, --links: which part of a link goes round in every maximum circulation.
Answer intervals_of_links(CsvQuestion const& question);
/// --trace: whose money came to whom, payment by payment.
Answer traced_on_ledger(CsvQuestion const& question);
/// --look-through: whose money came to whom, all payments as one pool.
Answer looked_through(CsvQuestion const& question);
/// --without: what everybody would have got less.
Answer without_payments(CsvQuestion const& question);

/// Measures that have a value a firm.
std::vector<std::string> firm_measure_names();
bool is_firm_measure(std::string const& name);
Answer firm_measure(std::string const& name, CsvQuestion const& question);

/// One object, in the order given; what is not known is null.
std::string measures_as_json(std::vector<std::pair<std::string, double>> const& values);

} // namespace perpetuum
