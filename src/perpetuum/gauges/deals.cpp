// Gauges become contracts on which nothing is paid: one for every firm that fits.

#include <perpetuum/gauges.hpp>

#include <algorithm>

namespace perpetuum {

namespace {

InstrumentDescription const* instrument_of(Vocabulary const& vocabulary, std::string const& name) {
    for (auto const& instrument : vocabulary.instruments)
        if (instrument.name == name) return &instrument;
    return nullptr;
}

bool is_kind(Vocabulary const& vocabulary, std::string const& kind, std::string const& wanted) {
    for (auto const& description : vocabulary.kinds)
        if (description.name == kind)
            return std::find(description.ancestors.begin(), description.ancestors.end(), wanted) !=
                   description.ancestors.end();
    return false;
}

std::vector<std::string> entities_for(Book const& book, Vocabulary const& vocabulary,
                                      std::string const& kind) {
    if (kind == "outside") {
        if (!book.outside.empty()) return {book.outside};
        return vocabulary.sectors.empty() ? std::vector<std::string>{}
                                          : std::vector<std::string>{vocabulary.sectors[0]};
    }
    std::vector<std::string> ids;
    for (Entity const& entity : book.entities)
        if (is_kind(vocabulary, entity.kind, kind)) ids.push_back(entity.id);
    return ids;
}

Deal gauge_deal(std::string const& id, InstrumentDescription const& instrument,
                std::string const& entity, Book const& book) {
    Deal deal;
    deal.id = id;
    deal.kind = instrument.name;
    deal.binding = true;
    deal.signed_on = Period{{book.start.months - 1}, book.start};
    deal.roles[instrument.roles[0].name] = {RoleHolder{entity, 1, std::nullopt}};
    deal.where = book.head_where;
    return deal;
}

} // namespace

std::vector<GaugeContract> add_gauge_deals(Book& book, Vocabulary const& vocabulary,
                                           std::vector<Gauge> const& gauges,
                                           Diagnostics& diagnostics) {
    std::vector<GaugeContract> contracts;
    for (Gauge const& gauge : gauges) {
        if (gauge.instrument.empty()) continue;
        auto const same = [&](GaugeContract const& contract) {
            return contract.instrument == gauge.instrument;
        };
        if (std::any_of(contracts.begin(), contracts.end(), same)) continue;
        InstrumentDescription const* instrument = instrument_of(vocabulary, gauge.instrument);
        if (!instrument) {
            diagnostics.error(gauge.where,
                              "the model has no instrument " + quoted(gauge.instrument),
                              "a gauge is a variable of an instrument with one role");
            continue;
        }
        if (instrument->roles.size() != 1) {
            diagnostics.error(gauge.where, quoted(gauge.instrument) + " has more than one role",
                              "an instrument of gauges looks at one firm: (subject: firm)");
            continue;
        }
        for (auto const& entity : entities_for(book, vocabulary, instrument->roles[0].kind)) {
            std::string const id = gauge.instrument + "-of-" + entity;
            if (book.deal(id)) continue;
            book.deals.push_back(gauge_deal(id, *instrument, entity, book));
            contracts.push_back({id, gauge.instrument, entity});
        }
    }
    return contracts;
}

} // namespace perpetuum
