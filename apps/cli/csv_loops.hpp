#pragma once
// The loops of a file of payments: what was asked, what was found, and the payments behind it.

#include "csv_network.hpp"
#include "options.hpp"

#include <perpetuum/loops.hpp>

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace perpetuum {

/// What the options ask for, once the file's names and times are known.
struct CsvLoopQuery {
    LoopQuery query;
    TemporalRules rules;
    bool temporal = false; ///< there is a window or a gap
    bool length_asked = false;
    std::size_t most = 1000; ///< loops kept
    std::uint64_t effort = 0;
    double seconds = 60;
    int explain = 0;   ///< which loop, from 1
    std::string words; ///< "of at most 8 legs, within 7d": what was looked for
};
/// False, with an error in words, when an option is wrong.
bool csv_loop_query(PaymentOptions const& options, PaymentList const& list, CsvLoopQuery& query,
                    Diagnostics& diagnostics);

struct CsvLoops {
    LoopTally tally;            ///< count and lengths only where all were counted
    bool counted = true;        ///< false: the search stopped at the largest
    bool cut_by_length = false; ///< there may be longer ones, and no length was asked for
    std::vector<FoundLoop> found;
    Network network; ///< of loops without times: what their payments are edges of
    bool complete() const { return tally.complete && !cut_by_length; }
    /// Why it is not complete; empty when it is.
    std::string why() const;
};
CsvLoops find_csv_loops(PaymentList const& list, CsvLoopQuery const& query,
                        PaymentOptions const& options);

/// The payments behind the legs of loops, in the order of the file: one pass over the list for all.
class LegPayments {
  public:
    LegPayments(PaymentList const& list, bool temporal, std::vector<FoundLoop> const& loops);
    /// Indices of the list.
    std::vector<std::uint32_t> of(FoundLoop const& loop, std::size_t leg) const;

  private:
    bool temporal_;
    std::map<std::pair<int, int>, std::vector<std::uint32_t>> by_pair_;
};

Answer loops_of_csv(Options const& options);
std::string csv_count_as_json(CsvLoops const& loops, CsvLoopQuery const& query);
std::string csv_loops_as_json(ImportedPayments const& imported, CsvLoops const& loops,
                              CsvLoopQuery const& query);

} // namespace perpetuum
