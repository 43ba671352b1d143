// The reference cases of the ACTUS Financial Research Foundation, where they are at hand: every
// event's day and amount.

#include <perpetuum/schedule.hpp>

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>

using namespace perpetuum;

namespace {

using Json = nlohmann::json;

double number_in(Json const& value) {
    return value.is_string() ? std::stod(value.get<std::string>()) : value.get<double>();
}

/// The last second of a day is the beginning of the next.
Day day_in(Json const& value) {
    auto const text = value.get<std::string>();
    Day const day{std::chrono::year{std::stoi(text.substr(0, 4))} /
                  std::chrono::month{static_cast<unsigned>(std::stoi(text.substr(5, 2)))} /
                  std::chrono::day{static_cast<unsigned>(std::stoi(text.substr(8, 2)))}};
    return text.find("T23:59:59") == std::string::npos ? day : day + std::chrono::days{1};
}

/// "P3ML0": three months, the last period long.
Cycle cycle_in(std::string const& text) {
    int const count = std::stoi(text.substr(1));
    char const unit = text[text.find_first_not_of("0123456789", 1)];
    Cycle cycle;
    cycle.long_stub = text.size() >= 2 && text.substr(text.size() - 2) == "L0";
    cycle.days = unit == 'D' || unit == 'W';
    cycle.count = count * (unit == 'W'   ? 7
                           : unit == 'Q' ? 3
                           : unit == 'H' ? 6
                           : unit == 'Y' ? 12
                                         : 1);
    return cycle;
}

std::optional<std::string> why_out(Json const& reference) {
    Json const& terms = reference["terms"];
    if (!reference["eventsObserved"].empty()) return "has unscheduled events";
    std::string const by = terms.value("amortizationDate", "");
    if (by.find("T23:59:59") != std::string::npos) return "ends a second before its cycle does";
    if (terms.value("interestCalculationBase", "NT") == "NTL") return "lags the base of interest";
    return std::nullopt;
}

/// Paid out before the reference begins: there, interest counts from its beginning.
bool runs_already(Json const& terms) {
    return day_in(terms["initialExchangeDate"]) < day_in(terms["statusDate"]);
}

/// Without a maturity: as many payments as it takes.
Day maturity_of(Json const& terms, LoanTerms const& loan, double notional) {
    if (terms.contains("maturityDate")) return day_in(terms["maturityDate"]);
    if (terms.contains("amortizationDate")) return day_in(terms["amortizationDate"]);
    double payment = number_in(terms["nextPrincipalRedemptionPayment"]) / notional;
    Day const far = loan.begin + std::chrono::days{365 * 150};
    auto const days = cycle_days(loan.first_principal, far, loan.principal_cycle, loan.month_end);
    if (loan.kind != LoanKind::linear)
        payment -= loan.rate * year_fraction(loan.day_count, days[0], days[1]);
    return days[static_cast<std::size_t>(std::ceil(1 / payment)) - 1];
}

std::vector<RateReset> resets_of(Json const& reference, LoanTerms const& loan) {
    Json const& terms = reference["terms"];
    std::vector<RateReset> resets;
    if (!terms.contains("cycleAnchorDateOfRateReset")) return resets;
    std::map<Day, double> observed;
    for (auto const& [id, index] : reference["dataObserved"].items())
        for (auto const& point : index["data"])
            observed[day_in(point["timestamp"])] = number_in(point["value"]);
    auto const days = cycle_days(day_in(terms["cycleAnchorDateOfRateReset"]), loan.end,
                                 cycle_in(terms["cycleOfRateReset"]), loan.month_end);
    auto const term = [&](char const* name, double otherwise) {
        return terms.contains(name) ? number_in(terms[name]) : otherwise;
    };
    for (Day const day : days) {
        if (day >= loan.end) break;
        if (resets.empty() && terms.contains("nextResetRate")) {
            resets.push_back({day, number_in(terms["nextResetRate"])});
            continue;
        }
        auto const found = observed.find(business_day(day, loan.business_days));
        if (found == observed.end()) continue;
        resets.push_back({day, found->second * term("rateMultiplier", 1) + term("rateSpread", 0)});
    }
    return resets;
}

LoanTerms terms_of(Json const& reference) {
    Json const& terms = reference["terms"];
    std::map<std::string, LoanKind> const kinds{{"PAM", LoanKind::bullet},
                                                {"LAM", LoanKind::linear},
                                                {"NAM", LoanKind::payment},
                                                {"ANN", LoanKind::annuity}};
    std::map<std::string, DayCount> const counts{{"AA", DayCount::actual_actual},
                                                 {"A360", DayCount::actual_360},
                                                 {"A365", DayCount::actual_365},
                                                 {"30E360", DayCount::thirty_360}};
    double const notional = number_in(terms["notionalPrincipal"]);
    LoanTerms loan;
    loan.kind = kinds.at(terms["contractType"]);
    loan.begin = day_in(terms[runs_already(terms) ? "statusDate" : "initialExchangeDate"]);
    loan.rate = number_in(terms["nominalInterestRate"]);
    loan.day_count = counts.at(terms["dayCountConvention"]);
    loan.month_end = terms.value("endOfMonthConvention", "SD") == "EOM";
    if (terms.value("calendar", "NC") == "MF" && terms.contains("businessDayConvention"))
        loan.business_days =
            parse_business_days(terms["businessDayConvention"].get<std::string>()).value();
    loan.interest_cycle = cycle_in(terms["cycleOfInterestPayment"]);
    loan.first_interest = day_in(terms["cycleAnchorDateOfInterestPayment"]);
    loan.principal_cycle = loan.interest_cycle;
    loan.first_principal = loan.first_interest;
    if (terms.contains("cycleOfPrincipalRedemption")) {
        loan.principal_cycle = cycle_in(terms["cycleOfPrincipalRedemption"]);
        loan.first_principal = day_in(terms["cycleAnchorDateOfPrincipalRedemption"]);
    }
    loan.end = maturity_of(terms, loan, notional);
    if (terms.contains("nextPrincipalRedemptionPayment"))
        loan.payment = number_in(terms["nextPrincipalRedemptionPayment"]) / notional;
    if (terms.contains("amortizationDate")) loan.amortised_by = day_in(terms["amortizationDate"]);
    if (terms.contains("capitalizationEndDate"))
        loan.capitalise_until = day_in(terms["capitalizationEndDate"]);
    loan.resets = resets_of(reference, loan);
    return loan;
}

std::string type_name(LoanEventType type) {
    switch (type) {
    case LoanEventType::pay_out:
        return "IED";
    case LoanEventType::principal:
        return "PR";
    case LoanEventType::interest:
        return "IP";
    case LoanEventType::capitalise:
        return "IPCI";
    case LoanEventType::reset:
        return "RR";
    case LoanEventType::maturity:
        return "MD";
    }
    return "";
}

std::string shown(Day day, std::string const& type, double amount) {
    return print_day(date_of(day)) + " " + type + " " + std::to_string(amount);
}

/// Owed on a day, all that falls on it done; interest since it was last paid.
struct Standing {
    double debt = 0, accrued = 0;
};

Standing standing_on(Day day, LoanTerms const& terms, std::vector<LoanEvent> const& events) {
    Standing now;
    double rate = terms.rate;
    Day since = terms.begin;
    auto const accrue = [&](Day until) {
        now.accrued += now.debt * rate * year_fraction(terms.day_count, since, until);
        since = until;
    };
    for (auto const& event : events) {
        if (event.day > day) break;
        accrue(event.day);
        now.debt = event.debt;
        if (event.type == LoanEventType::interest) now.accrued = 0;
        for (auto const& reset : terms.resets)
            if (event.type == LoanEventType::reset && reset.at == event.day) rate = reset.rate;
    }
    accrue(day);
    return now;
}

/// An event as the reference writes it: signs as the lender or the borrower sees them.
struct Told {
    Day day;
    std::string type;
    double amount, debt;
};

/// The loan's payments, and the deals in which it is bought or sold, each at its price and the
/// interest accrued. Fixings pay nothing and are left out.
std::vector<Told> told(Json const& reference, LoanTerms const& terms) {
    Json const& given = reference["terms"];
    auto const number = [&](char const* term) {
        return given.contains(term) ? number_in(given[term]) : 0.0;
    };
    double const notional = number("notionalPrincipal");
    double const sign = given["contractRole"] == "RPL" ? -1 : 1;
    Day from = day_in(given["statusDate"]), to = terms.end + std::chrono::days{30};
    if (!reference["to"].get<std::string>().empty()) to = day_in(reference["to"]);
    std::vector<LoanEvent> const events = loan_events(terms);
    std::vector<Told> result;
    auto const traded = [&](Day day, std::string const& type, double price, double direction) {
        Standing const now = standing_on(day, terms, events);
        double const accrued = sign * notional * now.accrued;
        result.push_back({day, type, direction * sign * (price + accrued),
                          type == "TD" ? 0 : sign * notional * now.debt});
    };
    bool const bought = given.contains("purchaseDate"), sold = given.contains("terminationDate");
    if (bought) {
        from = day_in(given["purchaseDate"]);
        traded(from, "PRD", number("priceAtPurchaseDate"), -1);
    }
    if (sold) to = day_in(given["terminationDate"]);
    for (auto const& event : events) {
        bool const past = event.day < from || (bought && event.day == from);
        if (event.type == LoanEventType::reset || past || event.day > to) continue;
        if (event.type == LoanEventType::pay_out && runs_already(given)) continue;
        double amount = sign * notional * event.amount;
        if (event.type == LoanEventType::pay_out) amount -= sign * number("premiumDiscountAtIED");
        result.push_back({event.day, type_name(event.type), amount, sign * notional * event.debt});
    }
    if (sold) traded(to, "TD", number("priceAtTerminationDate"), 1);
    return result;
}

/// Empty, or the first event that differs. Fixings (PRF, RR, RRF) pay nothing and are not compared.
std::string difference(Json const& reference) {
    double const notional = number_in(reference["terms"]["notionalPrincipal"]);
    LoanTerms const terms = terms_of(reference);
    if (auto const fault = loan_fault(terms)) return fault->term + ": " + fault->message;
    auto const ours = told(reference, terms);
    std::size_t next = 0;
    for (auto const& theirs : reference["results"]) {
        std::string const type = theirs["eventType"];
        if (type == "PRF" || type == "RR" || type == "RRF") continue;
        double const amount = number_in(theirs["payoff"]),
                     debt = number_in(theirs["notionalPrincipal"]);
        Day const day = day_in(theirs["eventDate"]);
        if (next == ours.size()) return "missing: " + shown(day, type, amount);
        Told const& event = ours[next++];
        bool const same =
            event.day == day && event.type == type &&
            std::abs(event.amount - amount) <= 1e-6 * std::max(1.0, std::abs(amount)) &&
            std::abs(std::abs(event.debt) - std::abs(debt)) <= 1e-6 * notional;
        if (!same)
            return shown(day, type, amount) + " is here " +
                   shown(event.day, event.type, event.amount);
    }
    return next == ours.size() ? "" : "too many: " + shown(ours[next].day, ours[next].type, 0);
}

} // namespace

TEST_CASE("reference cases of ACTUS agree on the day and amount of every payment") {
    for (std::string const type : {"pam", "lam", "nam", "ann"}) {
        std::ifstream file(PERPETUUM_SHARED "/data/actus/tests/actus-tests-" + type + ".json");
        if (!file) {
            MESSAGE("skipped: no reference cases at " PERPETUUM_SHARED "/data/actus");
            return;
        }
        int agree = 0, out = 0, all = 0;
        Json const cases = Json::parse(file);
        for (auto const& [id, reference] : cases.items()) {
            ++all;
            if (auto const reason = why_out(reference)) {
                ++out;
                MESSAGE(id << " is left out: it " << *reason);
                continue;
            }
            std::string const differs = difference(reference);
            CHECK_MESSAGE(differs.empty(), id << ": " << differs);
            agree += differs.empty();
        }
        MESSAGE(type << ": " << agree << " of " << all << " cases agree, " << out << " left out");
    }
}
