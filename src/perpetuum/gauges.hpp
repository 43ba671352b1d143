#pragma once
/// gauges: early-warning signs as texts. What one is, is a variable of an instrument of the model; what
/// it is called, beyond what it warns and who says so, stands in a file `*.gauges` beside the model. A new
/// gauge is a text, never C++. Form: docs/methods/gauges.md.

#include <perpetuum/book.hpp>
#include <perpetuum/instance.hpp>
#include <perpetuum/model.hpp>
#include <perpetuum/text.hpp>

#include <optional>
#include <string>
#include <vector>

namespace perpetuum {

/// Beyond what a gauge warns; only with a source.
struct Threshold {
    std::string colour; ///< amber, red
    bool above = true;
    double value = 0;   ///< in base units, as the gauge is
    std::string source; ///< who says so
    std::string reason;
    bool passed(double gauge) const { return above ? gauge > value : gauge < value; }
};

struct Gauge {
    std::string id, title;
    std::string instrument, variable; ///< the formula; both empty: a measure
    std::string measure;              ///< "circular share": computed from payments or defaults
    /// A variable of the same instrument; where it is not above zero there is no number but `without`
    /// ("no interest"). Empty: always a number.
    std::string needs, without;
    std::string shown = "ratio";       ///< %, times, quarters, USD, ratio
    std::string says;                  ///< what it is, in words
    std::vector<Threshold> thresholds; ///< amber before red
    std::string history;               ///< of 2000, with its source; empty: not known
    Span where;
};

struct GaugeFile {
    std::string history_book; ///< a book on which the same formulae tell of earlier times
    std::vector<Gauge> gauges;
};

/// Measures that a gauge may be besides formulae.
std::vector<std::string> const& known_measures();

/// Errors: an unknown key or measure, a threshold without a number or without a source, no formula.
GaugeFile read_gauges(int text, Diagnostics& diagnostics);

/// A gauge of one firm: a contract of its instrument.
struct GaugeContract {
    std::string deal, instrument, entity;
};
/// Adds to the book a deal of each instrument that a gauge names, for every entity that fits its one
/// role (of kind `outside`: for the book's `outside`, which stands for all together). Errors: an
/// unknown instrument or variable, or one with more than one role.
std::vector<GaugeContract> add_gauge_deals(Book& book, Vocabulary const& vocabulary,
                                           std::vector<Gauge> const& gauges,
                                           Diagnostics& diagnostics);

/// The threshold that a value has passed: red before amber. Null: none, or no finite number.
Threshold const* passed_by(Gauge const& gauge, double value);

} // namespace perpetuum
