// A scenario may change what the book leaves to the model: then the default becomes a figure that
// can be changed.

#include <perpetuum/instance.hpp>

#include <algorithm>

namespace perpetuum {

namespace {

/// A number as a default may be written: with a sign, or without.
std::optional<Number> plain_number(Model const& model, ExpressionId expression) {
    auto const& node = model.expressions[static_cast<std::size_t>(expression)].node;
    if (auto const* number = std::get_if<Number>(&node)) return *number;
    auto const* apply = std::get_if<Apply>(&node);
    if (!apply || apply->operation != Operation::negate) return std::nullopt;
    auto const* number =
        std::get_if<Number>(&model.expressions[static_cast<std::size_t>(apply->arguments[0])].node);
    if (!number) return std::nullopt;
    Number negative = *number;
    negative.value = -negative.value;
    return negative;
}

/// The default of a block's parameter as a figure, where it is a plain number.
std::optional<Figure> default_figure(Model const& model, int block, std::string const& name) {
    for (auto const& [owner, index] : all_parameters(model, block)) {
        Parameter const& parameter = model.blocks[static_cast<std::size_t>(owner)]
                                         .parameters[static_cast<std::size_t>(index)];
        if (parameter.name != name || parameter.fallback < 0 || !parameter.words.empty()) continue;
        auto const number = plain_number(model, parameter.fallback);
        if (!number) return std::nullopt;
        Figure figure;
        figure.value = number->value;
        figure.unit = parameter.unit.value_or(number->unit);
        figure.spread = {Shape::point, {number->value}};
        figure.sources.push_back({"desk", ""});
        figure.remark = "the model's default";
        figure.text =
            print_expression(model, parameter.fallback) + " assumed [desk]: the model's default";
        figure.where = parameter.where;
        return figure;
    }
    return std::nullopt;
}

void fill_default(std::map<std::string, Entry>& parameters, std::string const& name,
                  Model const& model, int block) {
    if (block < 0 || parameters.count(name) > 0) return;
    auto figure = default_figure(model, block, name);
    if (!figure) return;
    Entry entry;
    entry.where = figure->where;
    entry.rivals.push_back(std::move(*figure));
    parameters.emplace(name, std::move(entry));
}

void fill_default_of_path(Book& book, Model const& model, std::string const& path) {
    auto const first = path.find('.'), last = path.rfind('.');
    if (first == std::string::npos) return;
    auto const what = path.substr(0, first), name = path.substr(last + 1);
    auto const id = first == last ? std::string() : path.substr(first + 1, last - first - 1);
    if (what == "model" && id.empty()) fill_default(book.parameters, name, model, 0);
    if (what == "deal")
        for (Deal& deal : book.deals)
            if (deal.id == id) fill_default(deal.parameters, name, model, model.block(deal.kind));
    if (what == "entity")
        for (Entity& entity : book.entities)
            if (entity.id == id)
                fill_default(entity.parameters, name, model, model.block(entity.kind));
}

} // namespace

Book with_defaults(Book book, Model const& model, std::string const& scenario) {
    // At most as many steps as there are scenarios: they might extend each other in a ring.
    std::string next = scenario;
    for (std::size_t hops = 0; hops <= book.scenarios.size() && !next.empty(); ++hops) {
        auto const found = std::find_if(book.scenarios.begin(), book.scenarios.end(),
                                        [&](Scenario const& one) { return one.id == next; });
        if (found == book.scenarios.end()) break;
        auto const changes = found->set;
        next = found->extends;
        for (ScenarioChange const& change : changes) fill_default_of_path(book, model, change.path);
    }
    return book;
}

} // namespace perpetuum
