// One figure: value, spread, standing and sources, remark. A descent over its words, left to right;
// every complaint stands under the word that causes it.

#include <perpetuum/book/figure.hpp>

#include <algorithm>
#include <cmath>

namespace perpetuum {

namespace {

constexpr std::size_t most_sources = 50; // of one figure

std::vector<std::string> const standing_words{"filed",     "announced", "reported", "rumoured",
                                              "estimated", "derived",   "assumed",  "disputed"};

constexpr std::string_view basis_words[] = {"pre-money", "post-money", "it", "site"};

bool blank_in_source(char c) { return c == ' ' || c == '\t'; }

/// The first byte from here on that is no blank; the text's size if there is none.
std::size_t first_letter(std::string_view text, std::size_t from) {
    while (from < text.size() && blank_in_source(text[from])) ++from;
    return from;
}

/// Fills the figure that it is given.
class FigureParser {
  public:
    FigureParser(std::string_view text, Span where, FigureRules const& rules,
                 Diagnostics& diagnostics, Figure& figure)
        : text_(text), where_(where), rules_(rules), diagnostics_(diagnostics),
          parts_(split_figure(text)), figure_(figure) {}

    bool parse() {
        figure_.text = std::string{text_};
        figure_.where = where_;
        figure_.remark = std::string{parts_.remark};
        if (!brackets_closed()) return false;
        figure_.was = take("was");
        if (take("about"))
            figure_.bound = Bound::about;
        else if (take_pair("up", "to"))
            figure_.bound = Bound::up_to;
        else if (take_pair("at", "least"))
            figure_.bound = Bound::at_least;
        for (auto const basis : basis_words)
            if (figure_.basis.empty() && take(basis)) figure_.basis = basis;
        return parse_value() && parse_spread_part() && parse_standing() && check_end();
    }

    bool parse_citation_only() { return brackets_closed() && parse_standing() && check_end(); }

  private:
    Span part(std::size_t begin, std::size_t length) const {
        if (where_.end - where_.begin != text_.size()) return where_;
        auto const first = static_cast<std::uint32_t>(where_.begin + begin);
        return {where_.text, first, static_cast<std::uint32_t>(first + length)};
    }
    void fail(std::size_t begin, std::size_t length, std::string message, std::string hint = {}) {
        diagnostics_.error(part(begin, length), std::move(message), std::move(hint));
    }
    bool brackets_closed() {
        if (parts_.unclosed == std::string_view::npos) return true;
        fail(parts_.unclosed, 1, "this bracket is not closed", "a source is written [id]");
        return false;
    }
    bool fail_at(FigureToken const& token, std::string message, std::string hint = {}) {
        fail(token.begin, token.text.size(), std::move(message), std::move(hint));
        return false;
    }
    FigureToken const* next(std::size_t ahead = 0) const {
        return at_ + ahead < parts_.tokens.size() ? &parts_.tokens[at_ + ahead] : nullptr;
    }
    bool is_next(std::string_view word, std::size_t ahead = 0) const {
        auto const* token = next(ahead);
        return token && !token->bracket && token->text == word;
    }
    bool take(std::string_view word) {
        if (!is_next(word)) return false;
        ++at_;
        return true;
    }
    bool take_pair(std::string_view first, std::string_view second) {
        if (!is_next(first) || !is_next(second, 1)) return false;
        at_ += 2;
        return true;
    }
    /// Where the value ends: nothing more, a spread, a standing or a source.
    bool value_ends(std::size_t ahead) const {
        auto const* token = next(ahead);
        return !token || token->bracket || token->text == "~" || standing_named(token->text);
    }

    std::string order_hint(FigureToken const& token) const;
    bool parse_value();
    bool parse_period(FigureToken const& token);
    bool parse_amount(FigureToken const& token);
    bool parse_unit();
    bool fill_amount(FigureToken const& token, NumberOrRange number);
    bool complain_of_number(FigureToken const& token, std::string_view rest);
    bool parse_spread_part();
    bool parse_standing();
    bool parse_sources();
    bool check_end();

    std::string_view text_;
    Span where_;
    FigureRules const& rules_;
    Diagnostics& diagnostics_;
    FigureTokens parts_;
    std::size_t at_ = 0;
    double magnitude_ = 1; ///< scale × unit: what a number of this figure is worth in base units
    Figure& figure_;
};

/// What is written the other way round, or in another house's style.
std::string FigureParser::order_hint(FigureToken const& token) const {
    std::string_view word;
    if (figure_.holds == Figure::Holds::word) word = figure_.word;
    bool const quarter = word.size() == 2 && (word[0] == 'Q' || word[0] == 'H') && word[1] >= '1' &&
                         word[1] <= '4' && looks_like_year(token.text);
    if (quarter)
        return "the year comes first: '" + std::string{token.text} + "-" + std::string{word} + "'";
    bool const number = !token.text.empty() && token.text[0] >= '0' && token.text[0] <= '9';
    if (number && rules_.units->known(word))
        return "the number comes first: '10 B " + std::string{word} + "'";
    for (char const* yearly : {"p.a.", "p.a", "pa", "a.", "annually", "yearly"})
        if (token.text == yearly) return "a rate by the year is written '6 %/year'";
    return {};
}

bool FigureParser::parse_value() {
    auto const* token = next();
    char const* const example = "write for instance '100 B USD filed [id]'";
    if (!token) {
        fail(0, text_.size(), "a figure is missing here", example);
        return false;
    }
    if (token->bracket || token->text == "~" || standing_named(token->text))
        return fail_at(*token, "a figure must begin with its value", example);
    if (token->text == "undisclosed") {
        ++at_;
        figure_.holds = Figure::Holds::undisclosed;
        return true;
    }
    bool const year = looks_like_year(token->text) && value_ends(1) &&
                      rules_.reading != Reading::amount &&
                      (rules_.reading == Reading::date || usual_year(token->text));
    if (year || looks_like_date(token->text)) return parse_period(*token);
    char const first = token->text[0];
    if ((first >= '0' && first <= '9') || first == '-' || first == '.' || first == '+')
        return parse_amount(*token);
    for (auto const* wrong : {"nan", "NaN", "inf", "Inf", "infinity"})
        if (token->text == wrong)
            return fail_at(*token, quoted(token->text) + " is no number",
                           "a figure that nobody gave is 'undisclosed filed [id]'");
    if (!is_word_name(token->text))
        return fail_at(*token, "a figure must begin with its value, found " + quoted(token->text),
                       example);
    ++at_;
    figure_.holds = Figure::Holds::word;
    figure_.word = token->text;
    return true;
}

bool FigureParser::parse_period(FigureToken const& token) {
    bool const fiscal = token.text.find("FY") != std::string_view::npos;
    if (fiscal && !rules_.fiscal)
        return fail_at(token, "a fiscal year without a firm that it belongs to",
                       "give the firm a fiscal_year = \"FY2026 ends 2026-05-31\"; a deal names the "
                       "firm: fiscal = \"id\"");
    auto const period = fiscal ? parse_fiscal_period(token.text, *rules_.fiscal)
                               : perpetuum::parse_period(token.text);
    if (!period)
        return fail_at(token, "no such date: " + quoted(token.text),
                       "write 2025-09-22, 2025-09, 2025-Q3, 2025-H2, 2025 or 2027..2028");
    ++at_;
    figure_.holds = Figure::Holds::period;
    figure_.period = *period;
    figure_.value = point_of(*period).months;
    figure_.unit = {{{"month", 1}}, 1};
    figure_.spread = spread_of(*period);
    return true;
}

bool FigureParser::complain_of_number(FigureToken const& token, std::string_view rest) {
    if (!rest.empty() && rest[0] == ',')
        return fail_at(token, quoted(token.text) + " has a comma",
                       "write '400 k' or '400000' for four hundred thousand, '2.5' with a point");
    if (!rest.empty() && (rest[0] == 'e' || rest[0] == 'E'))
        return fail_at(token, quoted(token.text) + " has an exponent",
                       "write '2 B' instead of 2e9");
    return fail_at(token, quoted(token.text) + " is no number",
                   "write '2.5', '31..35' or '-1.2'; a date is written 2025-09-22");
}

bool FigureParser::parse_amount(FigureToken const& token) {
    auto const of_number = [](char c) { return (c >= '0' && c <= '9') || c == '.' || c == '-'; };
    std::size_t end = 0;
    while (end < token.text.size() && of_number(token.text[end])) ++end;
    std::string_view const rest = token.text.substr(end);
    auto const number = number_or_range(token.text.substr(0, end));
    bool const unit_follows = rest.empty() || (rest[0] != ',' && rest[0] != '_' && rest[0] != '+');
    bool const exponent = rest.size() > 1 && (rest[0] == 'e' || rest[0] == 'E') &&
                          (rest[1] == '-' || rest[1] == '+' || (rest[1] >= '0' && rest[1] <= '9'));
    if (!number || !unit_follows || exponent) return complain_of_number(token, rest);
    if (number->low > number->high)
        return fail_at(token, "the lower end of this range is above the upper one",
                       "write the smaller number first: 31..35");
    if (number->low < 0 && !rules_.minus_allowed)
        return fail_at(token, "a minus in a deal",
                       "money goes from role to role: the roles give the direction");
    FigureToken const number_token{token.text.substr(0, end), token.begin, false};
    ++at_;
    if (!rest.empty()) { // "67%", "40GPU": the unit without its blank
        --at_;
        parts_.tokens[at_] = {rest, token.begin + end, false};
    }
    return parse_unit() && fill_amount(number_token, *number);
}

bool FigureParser::parse_unit() {
    if (value_ends(0)) return true;
    if (auto const scale = scale_named(next()->text)) {
        magnitude_ = *scale;
        ++at_;
        if (value_ends(0)) return true;
    }
    FigureToken const token = *next();
    bool const before_source = next(1) && next(1)->bracket;
    UnitError error;
    // "0.5/year" is 0.5 of 1/year, as in the model language.
    bool const per = token.text[0] == '/';
    auto unit = rules_.units->parse(per ? "1" + std::string{token.text} : token.text, error);
    if (per && error.offset > 0) --error.offset;
    if (unit) {
        magnitude_ *= unit->factor;
        figure_.unit = std::move(*unit);
        ++at_;
        return true;
    }
    if (before_source && figure_.unit.plain() && !rules_.units->known(token.text)) {
        auto const near = nearest(token.text, standing_words);
        if (near)
            return fail_at(token, "unknown standing " + quoted(token.text),
                           "did you mean '" + *near + "'?");
    }
    // 03/15/2026 is a number and a unit that nobody knows.
    bool const day = token.text.size() > 1 && token.text[0] == '/' && token.text[1] >= '0' &&
                     token.text[1] <= '9';
    if (day)
        return fail_at(token, "did not expect " + quoted(token.text) + " here",
                       "a date is written 2026-03-15, a unit such as 'USD/year'");
    std::string const hint = scale_hint(token.text);
    if (!hint.empty()) return fail_at(token, "unknown unit " + quoted(token.text), hint);
    fail(token.begin + error.offset, std::max<std::size_t>(error.length, 1), error.message,
         error.hint);
    return false;
}

bool FigureParser::fill_amount(FigureToken const& token, NumberOrRange number) {
    double const low = number.low * magnitude_, high = number.high * magnitude_;
    if (!std::isfinite(low) || !std::isfinite(high) || std::fabs(low) > 1e100 ||
        std::fabs(high) > 1e100)
        return fail_at(token, "this number is too large", "look at its scale (k M B T) and unit");
    figure_.value = (low + high) / 2;
    if (number.range && low < high)
        figure_.spread = {Shape::uniform, {low, high}};
    else
        figure_.spread = {Shape::point, {figure_.value}};
    return true;
}

bool FigureParser::parse_spread_part() {
    if (!is_next("~")) return true;
    FigureToken const tilde = *next();
    ++at_;
    if (figure_.holds != Figure::Holds::amount)
        return fail_at(tilde, "a spread needs a number before it",
                       "a date is spread by writing it coarser: '2026..2027'");
    auto const* name = next();
    if (!name || name->bracket || standing_named(name->text))
        return fail_at(tilde, "a spread is missing here", "write for instance '~ uniform 31..35'");
    ++at_;
    std::vector<std::string_view> words;
    FigureToken last = *name;
    while (!value_ends(0)) {
        last = *next();
        words.push_back(last.text);
        ++at_;
    }
    std::string problem;
    auto spread = parse_spread(name->text, words, magnitude_, problem);
    if (!spread) {
        fail(name->begin, last.begin + last.text.size() - name->begin, problem,
             "spreads: uniform lo..hi, tri lo mode hi, pert lo mode hi, normal mean sd, lognormal "
             "median p90, discrete v:weight …");
        return false;
    }
    for (double const one : spread->parameters)
        if (!std::isfinite(one) || std::fabs(one) > 1e100)
            return fail_at(last, "this number is too large",
                           "look at its scale (k M B T) and unit");
    if (!rules_.minus_allowed && spread->shape != Shape::normal && lowest(*spread) < 0)
        return fail_at(last, "a spread that goes below zero in a deal",
                       "money goes from role to role: the roles give the direction");
    figure_.spread = std::move(*spread);
    figure_.spread_written = true;
    return true;
}

bool FigureParser::parse_standing() {
    auto const* token = next();
    if (token && token->bracket)
        return fail_at(*token, "a source without a standing before it",
                       "write for instance 'filed [" + printable(token->text, 40) + "]'");
    auto const standing = token ? standing_named(token->text) : std::optional<Standing>{};
    if (!standing) {
        if (token) {
            auto const near = nearest(token->text, standing_words);
            bool const source_next = next(1) && next(1)->bracket;
            if (source_next)
                return fail_at(*token, "unknown standing " + quoted(token->text),
                               near ? "did you mean '" + *near + "'?"
                                    : "filed, announced, reported, rumoured, estimated, derived, "
                                      "assumed or disputed");
            std::string const hint = order_hint(*token);
            return fail_at(*token, "did not expect " + quoted(token->text) + " here",
                           hint.empty() ? "a remark comes last, after ': '" : hint);
        }
        if (rules_.fallback) {
            figure_.standing = rules_.fallback->standing;
            figure_.sources = rules_.fallback->sources;
            return true;
        }
        fail(0, text_.size(), "no standing and source",
             "say how it is known and where from: '… filed [id]'; a guess of your own is 'assumed "
             "[desk]'");
        return false;
    }
    figure_.standing = *standing;
    ++at_;
    if (!next() || !next()->bracket)
        return fail_at(*token, "a standing without a source",
                       "write for instance '" + std::string{token->text} + " [id]'");
    return parse_sources();
}

bool FigureParser::parse_sources() {
    std::size_t ahead = 0;
    while (next(ahead) && next(ahead)->bracket) ++ahead;
    figure_.sources.reserve(std::min(ahead, most_sources + 1));
    while (next() && next()->bracket) {
        FigureToken const& token = *next();
        std::size_t const begin = first_letter(token.text, 0);
        if (begin == token.text.size())
            return fail_at(token, "a source is missing between these brackets",
                           "write for instance [desk] for your own judgement");
        std::size_t end = begin;
        while (end < token.text.size() && !blank_in_source(token.text[end])) ++end;
        SourceRef source{std::string{token.text.substr(begin, end - begin)}, {}};
        std::size_t const place = first_letter(token.text, end);
        if (place < token.text.size()) source.place = token.text.substr(place);
        if (rules_.source_places)
            rules_.source_places->push_back(part(token.begin + begin, end - begin));
        figure_.sources.push_back(std::move(source));
        if (figure_.sources.size() > most_sources)
            return fail_at(token, "more than 50 sources of one figure",
                           "name those that say it best");
        ++at_;
    }
    return true;
}

bool FigureParser::check_end() {
    auto const* token = next();
    if (!token) return true;
    return fail_at(*token, "did not expect " + quoted(token->text) + " here",
                   "a remark comes last, after ': '");
}

} // namespace

bool parse_figure_into(Figure& figure, std::string_view text, Span where, FigureRules const& rules,
                       Diagnostics& diagnostics) {
    return FigureParser{text, where, rules, diagnostics, figure}.parse();
}

std::optional<Citation> parse_citation(std::string_view text, Span where,
                                       std::vector<Span>* source_places, Diagnostics& diagnostics) {
    static Units const no_units;
    FigureRules rules;
    rules.units = &no_units;
    rules.source_places = source_places;
    Figure figure;
    if (!FigureParser{text, where, rules, diagnostics, figure}.parse_citation_only()) return {};
    return Citation{figure.standing, std::move(figure.sources)};
}

} // namespace perpetuum
