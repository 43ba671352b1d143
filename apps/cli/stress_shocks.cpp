// "openai.raised = 0 from 2026-Q3": what a shock is, read from the command line or a file.

#include "stress.hpp"

#include <algorithm>
#include <cmath>

namespace perpetuum {

namespace {

/// A piece of a text, with its place.
struct Piece {
    int text = -1;
    std::uint32_t begin = 0;
    std::string words;

    Span where() const { return {text, begin, begin + static_cast<std::uint32_t>(words.size())}; }
    Piece part(std::size_t from, std::size_t length = std::string::npos) const {
        Piece piece{text, begin + static_cast<std::uint32_t>(from), words.substr(from, length)};
        std::size_t const blanks =
            std::min(piece.words.find_first_not_of(" \t"), piece.words.size());
        piece.begin += static_cast<std::uint32_t>(blanks);
        piece.words.erase(0, blanks);
        piece.words.erase(piece.words.find_last_not_of(" \t\r") + 1);
        return piece;
    }
};

constexpr char const* how_shocks_are_written =
    "write \"openai.raised = 0 from 2026-Q3\", \"… * 0.5 from …\" or \"… + 2 B USD from …\"";

class ShockReader {
  public:
    ShockReader(Reading& reading, System const& system) : reading_(reading), system_(system) {}

    void quantity(Piece const& all) {
        Piece rest = all;
        Shock shock;
        std::size_t const from = rest.words.rfind(" from ");
        if (from != std::string::npos) {
            if (!step_of(rest.part(from + 6), shock.step)) return;
            rest = rest.part(0, from);
        }
        std::size_t const sign = rest.words.find_first_of("=*+");
        if (sign == std::string::npos || sign == 0)
            return error(all, quoted(all.words) + " is no shock", how_shocks_are_written);
        Piece const name = rest.part(0, sign);
        Piece figures = rest.part(sign + 1);
        char operation = rest.words[sign];
        if (operation == '=' && !figures.words.empty() &&
            (figures.words[0] == '*' || figures.words[0] == '+')) {
            operation = figures.words[0];
            figures = figures.part(1);
        }
        shock.what = operation == '*'   ? Shock::What::multiply
                     : operation == '+' ? Shock::What::add
                                        : Shock::What::put;
        shock.name = name.words;
        if (operation == '+' && system_.entity(shock.name) >= 0) shock.what = Shock::What::give;
        // The name first: its unit says what the figures must be.
        Shock tried = shock;
        tried.values = {1};
        if (!fits(tried, name)) return;
        for (std::size_t begin = 0; begin <= figures.words.size();) {
            std::size_t const end = std::min(figures.words.find(',', begin), figures.words.size());
            auto const value = value_of(shock, figures.part(begin, end - begin));
            if (!value) return;
            shock.values.push_back(*value);
            begin = end + 1;
        }
        keep(shock, all);
    }

    /// FIRM@DATE or DEAL@DATE
    void at_date(Shock::What what, Piece const& all) {
        Shock shock;
        shock.what = what;
        std::size_t const at = std::min(all.words.rfind('@'), all.words.size());
        Piece const name = all.part(0, at);
        shock.name = name.words;
        if (at < all.words.size() && !step_of(all.part(at + 1), shock.step)) return;
        if (fits(shock, name)) keep(shock, all);
    }

    /// A date by itself: some firm's default, to be made every firm's.
    void any_firm_at(Piece const& date) {
        Shock shock;
        shock.what = Shock::What::fail;
        auto const firms = shock_names(system_, shock.what);
        if (firms.empty()) return error(date, "there is no firm", "--systemic is for books");
        shock.name = firms.front();
        if (step_of(date, shock.step)) keep(shock, date);
    }

    /// A line of a file.
    void line(Piece const& all) {
        Piece const said = all.part(0, all.words.find('#'));
        if (said.words.empty()) return;
        if (said.words.starts_with("default ")) return at_date(Shock::What::fail, said.part(8));
        if (said.words.starts_with("cut ")) return at_date(Shock::What::cut, said.part(4));
        quantity(said);
    }

    std::vector<Shock> shocks;

  private:
    Reading& reading_;
    System const& system_;

    void error(Piece const& piece, std::string const& what, std::string const& hint) {
        reading_.diagnostics.error(piece.where(), what, hint);
    }

    void keep(Shock const& shock, Piece const& all) {
        if (auto const fault = fault_of(system_, shock); !fault.empty())
            return error(all, fault, how_shocks_are_written);
        shocks.push_back(shock);
    }

    /// Whether there is something of this name that can be shocked.
    bool fits(Shock const& shock, Piece const& name) {
        Shock at_start = shock;
        at_start.step = 1;
        auto const fault = fault_of(system_, at_start);
        if (fault.empty()) return true;
        auto const near = nearest(shock.name, shock_names(system_, shock.what));
        bool const is_known = near && *near == shock.name; // it is something else that is wrong
        error(name, fault,
              is_known ? "set it in the book, for all of the run"
              : near
                  ? "did you mean " + quoted(*near) + "?"
                  : "'perpetuum run BOOK --csv -' lists all quantities, 'perpetuum map' all deals");
        return false;
    }

    bool step_of(Piece const& piece, int& step) {
        std::string word = piece.words;
        if (word.size() == 6 && word[4] == 'Q') word.insert(4, "-");
        bool const digits =
            !word.empty() && word.find_first_not_of("0123456789") == std::string::npos;
        if (digits && (reading_.plain || word.size() <= 3) && word.size() <= 5) {
            step = std::stoi(word);
        } else {
            auto const period = reading_.plain ? std::nullopt : parse_period(word);
            if (!period) {
                error(piece, quoted(piece.words) + " is no date",
                      "write 2026-Q3, 2027 or the number of a step, from 1");
                return false;
            }
            double const steps =
                (period->begin.months - system_.start.months) / system_.step_months;
            step = static_cast<int>(std::clamp(std::floor(steps + 1e-9), -1.0, 1e6)) + 1;
        }
        if (step >= 1 && step <= system_.steps) return true;
        error(piece, quoted(piece.words) + " does not lie in the run",
              "it goes from " + print_day(system_.start) + " to " +
                  print_day({system_.start.months + system_.steps * system_.step_months - 0.01}));
        return false;
    }

    std::optional<double> value_of(Shock const& shock, Piece const& piece) {
        std::string text = piece.words;
        if (text.find('[') == std::string::npos) text += " assumed [desk]";
        auto const figure = parse_figure(text, piece.where(), reading_.vocabulary.units,
                                         std::nullopt, reading_.diagnostics);
        if (!figure) return std::nullopt;
        if (figure->holds != Figure::Holds::amount) {
            error(piece, quoted(piece.words) + " is no number", how_shocks_are_written);
            return std::nullopt;
        }
        bool const gives = shock.what == Shock::What::give;
        CellId const about =
            gives ? system_.balance(system_.entity(shock.name), 0) : system_.names.at(shock.name);
        Cell const& cell = system_.cells[static_cast<std::size_t>(about)];
        if (shock.what == Shock::What::multiply) {
            if (figure->unit.plain()) return figure->value;
            error(piece, quoted(shock.name) + " is multiplied by a plain number only",
                  "write '* 0.5' or '* 50 %'");
            return std::nullopt;
        }
        bool const fits = figure->value == 0 || cell.unit.powers.empty() ||
                          figure->unit.same_dimension(cell.unit);
        if (fits) return figure->value;
        error(piece,
              quoted(shock.name) + " is in " + print_dimension(cell.unit) + ", the figure in " +
                  print_dimension(figure->unit),
              "give it in the unit of what it is put in");
        return std::nullopt;
    }
};

} // namespace

std::vector<Shock> shocks_asked(Options const& options, Reading& reading, System const& system) {
    ShockReader reader(reading, system);
    auto const piece = [&](char const* option, std::string const& written) {
        return Piece{reading.diagnostics.add_text(option, written), 0, written};
    };
    for (std::string const& written : options.stress.shocks)
        reader.quantity(piece("--shock", written));
    for (std::string const& written : options.stress.defaults)
        reader.at_date(Shock::What::fail, piece("--default", written));
    for (std::string const& written : options.stress.cuts)
        reader.at_date(Shock::What::cut, piece("--cut", written));
    if (!options.stress.multiplier.empty())
        reader.quantity(piece("--multiplier", options.stress.multiplier));
    if (!options.stress.systemic.empty())
        reader.any_firm_at(piece("--systemic", options.stress.systemic));
    if (options.stress.file.empty()) return reader.shocks;
    std::string content, problem;
    if (!read_text_file(options.stress.file, content, problem)) {
        reading.diagnostics.error({}, problem);
        return {};
    }
    Piece const all{reading.diagnostics.add_text(options.stress.file, content), 0, content};
    for (std::size_t begin = 0; begin < content.size();) {
        std::size_t const end = std::min(content.find('\n', begin), content.size());
        reader.line(all.part(begin, end - begin));
        begin = end + 1;
    }
    return reader.shocks;
}

int horizon_asked(std::string const& text, Reading& reading, System const& system) {
    bool const digits = !text.empty() && text.size() <= (reading.plain ? 5u : 3u) &&
                        text.find_first_not_of("0123456789") == std::string::npos;
    int last = 0;
    if (digits) {
        last = std::stoi(text);
    } else if (auto const period = reading.plain ? std::nullopt : parse_period(text)) {
        double const steps = (period->end.months - system.start.months) / system.step_months;
        last = static_cast<int>(std::clamp(std::floor(steps + 1e-9), 0.0, 1e6));
    }
    if (last >= 1 && last <= system.steps) return last;
    int const number = reading.diagnostics.add_text("--horizon", text);
    reading.diagnostics.error({number, 0, static_cast<std::uint32_t>(text.size())},
                              quoted(text) + " is no end of the run",
                              "write 2030, 2028-Q2 or a number of steps up to " +
                                  std::to_string(system.steps));
    return 0;
}

} // namespace perpetuum
