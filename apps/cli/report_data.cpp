#include "report_data.hpp"

#include "drawn_data.hpp"
#include "labels.hpp"
#include "projection_rows.hpp"
#include "report_figures.hpp"
#include "unit_words.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace perpetuum {

namespace {

constexpr std::size_t loops_kept = 100; // a page to mail, not an archive
constexpr int series_digits = 6;        // of what is drawn as a line and shown to three

Json dollars(double usd) {
    if (!std::isfinite(usd)) return nullptr;
    return std::fabs(usd) < 9e15 ? Json(std::llround(usd)) : Json(usd);
}

/// Shares to five digits behind the point: a page needs no more, and is half as long.
void round_shares(Json& json) {
    if (json.is_number_float()) {
        double const value = json.get<double>();
        json = std::fabs(value) < 100 ? Json(std::round(value * 1e5) / 1e5) : dollars(value);
    } else if (json.is_structured()) {
        for (auto& item : json) round_shares(item);
    }
}

/// The day before a point that is the exclusive end of something.
Json period_or_null(std::optional<Period> const& period) {
    return period ? Json(print_period(*period)) : Json(nullptr);
}

LoopList shortened(LoopList list) {
    if (list.loops.size() > loops_kept) {
        list.loops.resize(loops_kept);
        list.complete = false;
    }
    return list;
}

Json meta_json(ReportContent const& content) {
    Reading const& reading = content.projection.reading;
    Book const& book = reading.book;
    auto const firms = std::count_if(content.projection.system.entities.begin(),
                                     content.projection.system.entities.end(),
                                     [](SystemEntity const& entity) { return !entity.outside; });
    Json meta{{"title", book.title},           {"as_of", last_day(book.as_of)},
              {"start", last_day(book.start)}, {"version", PERPETUUM_VERSION},
              {"model", reading.model_name},   {"digest", book_digest(*reading.text)},
              {"currency", book.currency},     {"firms", firms},
              {"deals", book.deals.size()},    {"sources", book.sources.size()},
              {"command", content.command},    {"licence", book.licence}};
    if (!content.circularity.empty()) {
        auto const [own, partners] = headline_firms(content.circularity.front());
        auto const id = [&](int firm) {
            return firm < 0 ? Json(nullptr)
                            : Json(content.circularity.front()
                                       .firms[static_cast<std::size_t>(firm)]
                                       .origin.id);
        };
        if (own >= 0 && partners >= 0) meta["headline"] = {id(own), id(partners)};
    }
    return meta;
}

Json entities_json(System const& system) {
    Json list = Json::array();
    for (SystemEntity const& entity : system.entities)
        list.push_back({{"id", entity.id},
                        {"name", entity.name.empty() ? entity.id : entity.name},
                        {"kind", entity.kind},
                        {"outside", entity.outside}});
    return list;
}

/// The few accounts that the page draws.
Json run_json(Projection const& projection) {
    System const& system = projection.system;
    std::set<std::string> const drawn{"cash", "revenue", "profit", "debt", "borrowings", "capex"};
    Json run{{"residuals", residuals_json(residuals(system, projection.path))}};
    run["steps"] = Json::array();
    for (int step = 1; step <= projection.path.steps; ++step)
        run["steps"].push_back(step_label(system, step));
    run["firms"] = Json::object();
    auto const variables = variables_of_entities(system);
    for (std::size_t e = 0; e < system.entities.size(); ++e) {
        if (system.entities[e].outside) continue;
        Json firm = Json::object();
        for (FirmSeries const& series :
             series_of_entity(system, projection.path, static_cast<int>(e), variables[e])) {
            if (drawn.count(series.name) == 0) continue;
            firm[series.name] = Json::array();
            for (double const value : series.steps)
                firm[series.name].push_back(dollars(rounded(value, series_digits)));
        }
        run["firms"][system.entities[e].id] = std::move(firm);
    }
    run["defaults"] = defaults_json(projection);
    return run;
}

/// The run's payments summed by year, of the years for which origins are shown.
Json payments_json(ReportContent const& content) {
    static constexpr char const* natures[] = {"sale", "finance", "other"};
    PaymentSet const& set = content.projection.payments;
    System const& system = content.projection.system;
    std::map<std::tuple<int, int, int, int, int, int>, double>
        sums; // year payer payee kind nature deal
    for (CircularityResult const& result : content.circularity) {
        int const year =
            static_cast<int>(std::floor(result.window.period.begin.months / 12 + 1e-9));
        for (NetworkPayment const& p : set.payments)
            if (p.step >= result.window.first - 1 && p.step < result.window.last)
                sums[{year, p.payer, p.payee, p.kind, static_cast<int>(p.nature), p.deal}] +=
                    static_cast<double>(p.amount) * set.minor_unit;
    }
    Json list = Json::array();
    for (auto const& [key, usd] : sums) {
        auto const& [year, payer, payee, kind, nature, deal] = key;
        list.push_back(
            {{"from", set.parties[static_cast<std::size_t>(payer)].id},
             {"to", set.parties[static_cast<std::size_t>(payee)].id},
             {"kind", kind < 0 ? Json(nullptr) : Json(set.kinds[static_cast<std::size_t>(kind)])},
             {"nature", natures[nature]},
             {"year", year},
             {"usd", dollars(usd)},
             {"deal", deal < 0 ? Json(nullptr)
                               : Json(system.contracts[static_cast<std::size_t>(deal)].deal)}});
    }
    return list;
}

Json sources_of_figure(Figure const& figure) {
    Json sources = Json::array();
    for (SourceRef const& source : figure.sources)
        sources.push_back({{"id", source.id}, {"place", source.place}});
    return sources;
}

/// The first of the figures with the rest as its rivals.
void add_figure(Json& list, std::string const& key, std::vector<Figure> const& figures) {
    if (figures.empty()) return;
    Figure const& used = figures.front();
    Json rivals = Json::array();
    for (std::size_t i = 1; i < figures.size(); ++i) rivals.push_back(figures[i].text);
    list.push_back({{"key", key},
                    {"text", used.text},
                    {"value_text", print_figure(used)},
                    {"standing", name_of(used.standing)},
                    {"sources", sources_of_figure(used)},
                    {"remark", used.remark},
                    {"rivals", rivals}});
}

void add_entry(Json& list, std::string const& key, Entry const& entry) {
    add_figure(list, key, entry.rivals);
    for (auto const& [period, figures] : entry.by_period)
        add_figure(list, key + " " + print_period(period), figures);
    for (std::size_t row = 0; row < entry.rows.size(); ++row)
        for (auto const& [name, cell] : entry.rows[row])
            add_entry(list, key + " " + std::to_string(row + 1) + " " + name, cell);
}

Json figures_of_deal(Deal const& deal) {
    Json list = Json::array();
    for (auto const& [key, entry] : deal.parameters) add_entry(list, key, entry);
    if (deal.chance) add_figure(list, "chance", {*deal.chance});
    for (auto const& [period, entry] : deal.paid)
        add_entry(list, "paid " + print_period(period), entry);
    for (auto const& [period, entry] : deal.drawn)
        add_entry(list, "drawn " + print_period(period), entry);
    for (auto const& [period, entry] : deal.repaid)
        add_entry(list, "repaid " + print_period(period), entry);
    for (auto const& [key, entry] : deal.facts) add_entry(list, key, entry);
    return list;
}

/// What a party answers, without the sources in brackets.
Json answers_json(Deal const& deal) {
    Json list = Json::array();
    for (auto const& [party, entry] : deal.says)
        for (Figure const& figure : entry.rivals)
            list.push_back(
                {{"party", party}, {"text", figure.word.empty() ? figure.text : figure.word}});
    return list;
}

std::string phrase_of_kind(Vocabulary const& vocabulary, std::string const& kind) {
    for (InstrumentDescription const& instrument : vocabulary.instruments)
        if (instrument.name == kind) return instrument.phrase;
    return {};
}

Json deal_json(Deal const& deal, ReportContent const& content) {
    PromiseLine const* promise = nullptr;
    double usd = 0;
    for (PromiseLine const& line : content.promises)
        if (deal_of_contract(line.deal) == deal.id) {
            if (!promise) promise = &line;
            usd += line.usd; // one part that is not known: nor is the whole
        }
    bool const over = deal.ended || !deal.superseded_by.empty();
    Json json{{"id", deal.id},
              {"kind", deal.kind},
              {"phrase", phrase_of_kind(content.projection.reading.vocabulary, deal.kind)}};
    json["from"] = promise ? Json(promise->from) : Json(nullptr);
    json["to"] = promise ? Json(promise->to) : Json(nullptr);
    json["roles"] = Json::object();
    for (auto const& [role, holders] : deal.roles)
        for (RoleHolder const& holder : holders) json["roles"][role].push_back(holder.id);
    json["status"] = over ? "ended" : deal.firm() ? "signed" : "announced";
    json["usd"] = promise ? dollars(usd) : Json(nullptr);
    json["signed"] = period_or_null(deal.signed_on);
    json["ended"] = deal.ended ? Json(deal.ended->text) : Json(nullptr);
    json["superseded_by"] = deal.superseded_by.empty() ? Json(nullptr) : Json(deal.superseded_by);
    json["linked"] = deal.linked;
    json["for"] = deal.bound_for;
    json["note"] = deal.note;
    json["says"] = answers_json(deal);
    json["figures"] = figures_of_deal(deal);
    return json;
}

Json source_list_json(Book const& book, Diagnostics const& diagnostics) {
    Json list = Json::array();
    for (Source const& source : book.sources)
        list.push_back(
            {{"id", source.id},
             {"title", source.title},
             {"date", source.date ? Json(written_date(source, book, diagnostics)) : Json(nullptr)},
             {"url", source.url},
             {"original", source.original}});
    return list;
}

Json totals_json(Book const& book, std::vector<PromiseLine> const& promises) {
    double promised = 0, firm = 0, paid = 0;
    for (PromiseLine const& line : promises) {
        if (line.status == "ended") continue;
        if (line.usd > 0) promised += line.usd;
        if (line.usd > 0 && line.status == "signed") firm += line.usd;
        paid += line.paid_usd;
    }
    return {{"promised_usd", dollars(promised)},
            {"signed_usd", dollars(firm)},
            {"paid_usd", dollars(paid)},
            {"paid_until", last_day(paid_until(book))}};
}

/// Between what the book's value lies as its figures lie in their spreads; empty where they have
/// none.
std::string spread_in_words(ExpectationResult const& result) {
    if (!result.problem.empty() || !(result.most > result.least)) return {};
    return value_in_unit(result.least, result.unit) + " to " +
           value_in_unit(result.most, result.unit) + " " + name_of_unit(result.unit);
}

Json articles_json(ReportContent const& content) {
    Json list = Json::array();
    auto const& expectations = content.projection.reading.book.expectations;
    for (std::size_t i = 0; i < content.expectations.size() && i < expectations.size(); ++i) {
        ExpectationResult const& result = content.expectations[i];
        Json ids = Json::array();
        for (SourceRef const& source : expectations[i].within.sources) ids.push_back(source.id);
        list.push_back(
            {{"id", result.name},
             {"says", expectations[i].within.remark},
             {"expression", expectations[i].left},
             {"value_text", result.problem.empty() ? value_in_unit(result.value, result.unit) +
                                                         " " + name_of_unit(result.unit)
                                                   : result.problem},
             {"spread_text", spread_in_words(result)},
             {"range_text", print_figure(expectations[i].within)},
             {"ok", result.holds},
             {"sources", ids}});
    }
    return list;
}

/// As written, without the remark at its end, which stands beside it.
std::string before_remark(Figure const& figure) {
    std::string const end = ": " + figure.remark;
    bool const there = !figure.remark.empty() && figure.text.ends_with(end);
    return figure.text.substr(0, figure.text.size() - (there ? end.size() : 0));
}

Json assumed_json(Reading const& reading) {
    Json list = Json::array();
    for_each_used_figure(reading.book, [&](std::string const& where, Figure const& figure) {
        if (figure.standing == Standing::assumed)
            list.push_back({{"where", where},
                            {"label", label_of_figure(reading, where)},
                            {"text", before_remark(figure)},
                            {"remark", figure.remark}});
    });
    return list;
}

/// As `check` has it: the place, what is written there (its first line), what is wrong with it.
Json warning_json(Diagnostics const& diagnostics, Diagnostic const& one) {
    constexpr std::size_t longest = 120;
    Json json{{"place", nullptr}, {"written", ""}, {"text", one.message}, {"hint", one.hint}};
    if (one.where.text < 0) return json;
    SourceText const& text = diagnostics.text(one.where.text);
    std::string_view const content = text.content;
    std::size_t const begin = std::min<std::size_t>(one.where.begin, content.size());
    std::size_t const end = std::clamp<std::size_t>(one.where.end, begin, content.size());
    auto const line = line_column(content, begin).line;
    json["place"] = text.name + ":" + std::to_string(line);
    auto const written = content.substr(begin, end - begin);
    json["written"] = printable(written.substr(0, written.find('\n')), longest);
    return json;
}

} // namespace

std::pair<int, int> headline_firms(CircularityResult const& circularity) {
    auto const from_partners = [&](std::size_t i) {
        auto const& spending = circularity.firms[i].origin.spending;
        return spending.partners_money * spending.paid;
    };
    double most_lent = 0;
    for (std::size_t i = 0; i < circularity.firms.size(); ++i)
        if (from_partners(i) > most_lent) most_lent = from_partners(i);
    int own = -1, partners = -1;
    double most_own = -1, largest_share = 0;
    for (std::size_t i = 0; i < circularity.firms.size(); ++i) {
        FirmOrigin const& firm = circularity.firms[i].origin;
        double const back = firm.own_money_back.typical * firm.revenue;
        // Without any money come back: whoever received most.
        double const weight = back > 0 ? 1e18 + back : firm.revenue;
        if (firm.revenue > 0 && weight > most_own) {
            most_own = weight;
            own = static_cast<int>(i);
        }
        // The largest share, among those whom partners gave at least a tenth of what they gave anybody.
        if (10 * from_partners(i) >= most_lent && firm.spending.partners_money > largest_share) {
            largest_share = firm.spending.partners_money;
            partners = static_cast<int>(i);
        }
    }
    return {own, partners};
}

std::string report_data(ReportContent const& content) {
    Projection& projection = content.projection;
    Reading& reading = projection.reading;
    Json json;
    json["meta"] = meta_json(content);
    json["entities"] = entities_json(projection.system);
    json["map"] = {{"promises", promises_json(content.promises)},
                   {"loops", loops_json(shortened(content.map_loops))}};
    LoopList const run_loops = shortened(content.run_loops);
    json["loops"] = {{"complete", run_loops.complete},
                     {"window", window_json(projection.window)},
                     {"loops", loops_json(run_loops)}};
    json["circularity"] = Json::array();
    for (CircularityResult const& result : content.circularity)
        json["circularity"].push_back(circularity_json(result));
    round_shares(json["circularity"]);
    json["run"] = run_json(projection);
    json["paths"] = content.paths ? paths_json(*content.paths, projection) : Json(nullptr);
    json["studies"] = studies_json(content.studies);
    json["payments"] = payments_json(content);
    json["deals"] = Json::array();
    for (Deal const& deal : reading.book.deals) json["deals"].push_back(deal_json(deal, content));
    json["sources"] = source_list_json(reading.book, reading.diagnostics);
    json["standings"] = standings_json(standing_sums(reading.book, content.promises));
    json["totals"] = totals_json(reading.book, content.promises);
    json["articles"] = articles_json(content);
    json["assumed"] = assumed_json(reading);
    json["warnings"] = Json::array();
    for (Diagnostic const& diagnostic : reading.diagnostics.all())
        if (diagnostic.severity == Severity::warning)
            json["warnings"].push_back(warning_json(reading.diagnostics, diagnostic));
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

} // namespace perpetuum
