#include "csv_network.hpp"
#include "tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <thread>

namespace perpetuum {

namespace {

constexpr int most_threads = 256;

std::optional<int> small_number(std::string const& text, int least, int most) {
    int value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value < least || value > most)
        return std::nullopt;
    return value;
}

/// "from=Payer" → {"from", "Payer"}.
bool split_pairs(std::vector<std::string> const& texts, char const* option,
                 std::vector<std::pair<std::string, std::string>>& pairs,
                 Diagnostics& diagnostics) {
    for (std::string const& text : texts) {
        auto const at = text.find('=');
        if (at == std::string::npos) {
            diagnostics.error({}, std::string(option) + " " + quoted(text) + " has no '='",
                              std::string(option) + " NAME=TEXT");
            return false;
        }
        pairs.emplace_back(text.substr(0, at), text.substr(at + 1));
    }
    return true;
}

bool file_options(PaymentOptions const& options, PaymentFileOptions& file,
                  Diagnostics& diagnostics) {
    if (!options.delimiter.empty()) {
        std::string const delimiter = options.delimiter == "tab" ? "\t" : options.delimiter;
        bool const fine = delimiter.size() == 1 && delimiter != "\"" && delimiter != "\n" &&
                          delimiter != "\r" && delimiter != ".";
        if (!fine)
            diagnostics.error({}, "the delimiter is " + quoted(delimiter),
                              "one character, or the word tab");
        else
            file.delimiter = delimiter[0];
    }
    if (!options.decimals.empty()) {
        auto const decimals = small_number(options.decimals, 0, 18);
        if (!decimals)
            diagnostics.error({}, "--decimals is " + quoted(options.decimals), "0 to 18");
        else
            file.decimals = *decimals;
    }
    file.lenient = options.lenient;
    file.threads = threads_of(options.threads);
    if (file.threads == 0)
        diagnostics.error({}, "--threads is " + quoted(options.threads), "1 to 256");
    split_pairs(options.columns, "--column", file.columns, diagnostics);
    split_pairs(options.where, "--where", file.where, diagnostics);
    return !diagnostics.failed();
}

bool read_groups(std::string const& path, PartyChanges& changes, Diagnostics& diagnostics) {
    auto const table = read_csv_table(path, 0, diagnostics);
    if (!table) return false;
    auto const name = table->column("name"), group = table->column("group");
    if (!name || !group) {
        diagnostics.error(table->head.front().where,
                          "the first line of a file of groups names no name or no group",
                          "name,group");
        return false;
    }
    for (auto const& row : table->rows) {
        if (row.size() <= std::max(*name, *group)) {
            diagnostics.error(row.front().where, "this line has too few columns", "name,group");
            continue;
        }
        std::string const party(trimmed_cell(row[*name].text));
        std::string const whole(trimmed_cell(row[*group].text));
        if (party.empty() || whole.empty())
            diagnostics.error(row.front().where, "a name or a group is empty", "");
        changes.groups.emplace_back(party, whole);
    }
    return !diagnostics.failed();
}

void state_changes(PartyChanges const& changes, PartyChangeCount const& count, int decimals,
                   ImportedPayments& imported) {
    auto const amount = [&](std::int64_t minor) { return exact_amount(minor, decimals); };
    if (!changes.groups.empty())
        imported.stated += fmt::format(
            "groups: {} merged; {} inside groups left out ({})\n", count_of(count.merged, "firm"),
            count_of(count.inside_groups, "payment"), amount(count.inside_amount));
    if (!changes.exclude.empty())
        imported.stated +=
            fmt::format("excluded: {} left out ({})\n", count_of(count.excluded, "payment"),
                        amount(count.excluded_amount));
    if (!changes.through.empty())
        imported.stated +=
            fmt::format("passed through: {}, pro rata, from payers to payees; times are lost\n",
                        amount(count.passed_through));
    if (!count.unknown.empty())
        imported.stated +=
            fmt::format("warning: {} no payment, the first is {}\n",
                        count.unknown.size() == 1
                            ? std::string("a name of groups, --exclude or --through has")
                            : fmt::format("{} names of groups, --exclude or --through have",
                                          count.unknown.size()),
                        quoted(count.unknown.front()));
}

void state_file(ImportedPayments& imported, Diagnostics const& diagnostics) {
    for (Diagnostic const& diagnostic : diagnostics.all())
        imported.stated += diagnostics.render(diagnostic);
    imported.stated += print_count(imported.count);
    if (imported.list.decimals > 0)
        imported.stated +=
            fmt::format("; amounts to {}",
                        count_of(static_cast<std::size_t>(imported.list.decimals), "decimal"));
    if (imported.count.rounded > 0)
        imported.stated += fmt::format(", {} rounded", imported.count.rounded);
    imported.stated += "\n";
    auto const& ignored = imported.count.ignored;
    std::string names;
    std::size_t shown = 0;
    for (; shown < ignored.size() && names.size() < 200; ++shown)
        names += (names.empty() ? "" : ", ") + printable(ignored[shown], 40);
    if (shown < ignored.size())
        names += fmt::format(" and {} more", print_count(ignored.size() - shown));
    if (!names.empty()) imported.stated += "columns without a role: " + names + "\n";
}

} // namespace

bool is_payment_file(std::string const& path) {
    return path.ends_with(".csv") || path.ends_with(".tsv");
}

int threads_of(std::string const& text) {
    if (!text.empty()) return small_number(text, 1, most_threads).value_or(0);
    return std::clamp(static_cast<int>(std::thread::hardware_concurrency()), 1, most_threads);
}

std::string exact_amount(std::int64_t minor, int decimals) {
    std::string digits = std::to_string(minor);
    if (decimals <= 0) return digits;
    auto const places = static_cast<std::size_t>(decimals);
    if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
    return digits.insert(digits.size() - places, 1, '.');
}

bool import_payments(std::string const& path, PaymentOptions const& options, bool times, bool lines,
                     ImportedPayments& imported, Diagnostics& diagnostics) {
    PaymentFileOptions file;
    if (!file_options(options, file, diagnostics)) return false;
    PartyChanges changes;
    changes.exclude = options.exclude;
    changes.through = options.through;
    if (times && !changes.through.empty()) {
        bool const follows = !options.trace.empty(), by = !options.by.empty();
        if (follows || by)
            diagnostics.error({},
                              std::string("--through loses the times that ") +
                                  (follows ? "--trace follows" : "--by goes by"),
                              "leave out one of them, or take --exclude");
        else
            diagnostics.error({}, "--through loses the times that a window needs",
                              "leave out --window, or take --exclude");
        return false;
    }
    if (!options.groups.empty() && !read_groups(options.groups, changes, diagnostics)) return false;
    file.times = times;
    file.lines = lines;
    auto list = read_payments(path, file, diagnostics, imported.count);
    if (!list) {
        if (imported.count.read > 0)
            imported.stated = print_count(imported.count) +
                              (options.lenient ? "\n" : " (--lenient leaves damaged rows out)\n");
        return false;
    }
    imported.list = std::move(*list);
    state_file(imported, diagnostics);
    if (changes.empty()) return true;
    PartyChangeCount count;
    try {
        imported.list = changed_parties(std::move(imported.list), changes, count);
    } catch (BadInput const& bad) {
        diagnostics.error({}, bad.what, "--exclude takes it out instead");
        return false;
    }
    state_changes(changes, count, imported.list.decimals, imported);
    return true;
}

} // namespace perpetuum
