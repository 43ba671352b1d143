// Flat system → program: order, terms, instructions, rows.

#include "emit.hpp"

#include <perpetuum/program.hpp>

namespace perpetuum {

namespace {

bool too_many_unknowns(System const& system, Sequence const& sequence, Diagnostics& diagnostics) {
    bool found = false;
    for (auto const* list : {&sequence.plans, &sequence.results})
        for (Component const& component : *list) {
            auto const torn = sequence.torn(component);
            if (torn.size() <= most_unknowns) continue;
            Cell const& first = system.cells[static_cast<std::size_t>(torn[0])];
            diagnostics.error(first.where,
                              std::to_string(component.cells + component.torn) +
                                  " equations need each other through " +
                                  std::to_string(component.torn) + " unknowns, among them " +
                                  quoted(first.name) + "; at most " +
                                  std::to_string(most_unknowns) + " can be solved for together",
                              "let some of them look one step back");
            found = true;
        }
    return found;
}

/// Without the payments that are never owed; the clearing has nothing to say of them.
ClearedFlows moving(System const& system, ClearedFlows const& flows, Lowered const& lowered) {
    ClearedFlows moving = flows;
    std::erase_if(moving.payments, [&](int number) {
        SystemFlow const& flow = system.flows[static_cast<std::size_t>(number)];
        return lowered.pool.known(lowered.value[static_cast<std::size_t>(flow.paid)]).has_value();
    });
    return moving.payments.empty() ? flows : moving;
}

} // namespace

Program compile(System const& system, Diagnostics& diagnostics, CompileOptions const& options) {
    ClearedFlows const flows = cleared_flows(system);
    Sequence const sequence = sequence_of(system, flows, diagnostics);
    if (diagnostics.failed() || too_many_unknowns(system, sequence, diagnostics)) return {};
    Lowered lowered = lower(system, sequence, options);
    Draft draft = emit(system, sequence, moving(system, flows, lowered), lowered, options);
    auto const readers = count_readers(draft);
    gather_sums(draft, readers);
    fuse(draft, readers);
    schedule(draft);
    return lay_out(std::move(draft));
}

} // namespace perpetuum
