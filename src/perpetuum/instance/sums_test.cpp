// Sums over a selection: what they come to, and that they are shared.

#include "book_for_tests.hpp"

#include <cmath>
#include <functional>
#include <numeric>

using namespace perpetuum;
using namespace perpetuum::instance_tests;

namespace {

/// The value of a cell that rests on figures alone; whoever is asked lives. A second way to read
/// nodes, apart from the program's.
class ByHand {
  public:
    explicit ByHand(System const& system) : system_(system) {}

    double operator()(std::string const& name) {
        auto const found = system_.names.find(name);
        REQUIRE_MESSAGE(found != system_.names.end(), name);
        return of_cell(found->second);
    }

  private:
    double of_cell(CellId id) {
        Cell const& cell = system_.cells[static_cast<std::size_t>(id)];
        if (cell.type == CellType::state) return cell.name.ends_with(".live");
        return cell.drawn ? median(cell.draw) : of_node(cell.value);
    }

    double of_node(NodeId id) {
        Node const& node = system_.nodes[static_cast<std::size_t>(id)];
        auto const in = [&](std::size_t i) { return of_node(node.arguments[i]); };
        switch (node.op) {
        case NodeOp::constant:
            return node.value;
        case NodeOp::cell:
            return of_cell(node.cell);
        case NodeOp::add:
            return in(0) + in(1);
        case NodeOp::subtract:
            return in(0) - in(1);
        case NodeOp::multiply:
            return in(0) * in(1);
        case NodeOp::divide:
            return in(0) / in(1);
        case NodeOp::minimum:
            return std::min(in(0), in(1));
        case NodeOp::maximum:
            return std::max(in(0), in(1));
        case NodeOp::greater:
            return in(0) > in(1);
        case NodeOp::less:
            return in(0) < in(1);
        case NodeOp::conjunction:
            return in(0) != 0 && in(1) != 0;
        case NodeOp::disjunction:
            return in(0) != 0 || in(1) != 0;
        case NodeOp::negation:
            return in(0) == 0;
        case NodeOp::choose:
            return in(0) != 0 ? in(1) : in(2);
        default:
            FAIL("no such operation by hand");
            return 0;
        }
    }

    System const& system_;
};

std::string firm_model(std::string const& equations, std::string const& of_supply = "") {
    return "unit user\nkind firm\n  param size\n" + equations +
           "instrument supply (seller: firm, buyer: firm)\n  param fee\n" + of_supply;
}

/// Firms f0, f1, … of sizes 1, 2, …
Book firms(int count) {
    Book book;
    book.as_of = book.own_as_of = book.start = date_of(2026, 1, 1);
    for (int i = 0; i < count; ++i) {
        Entity one = entity("f" + std::to_string(i));
        one.parameters["size"] = entry(std::to_string(i + 1) + " assumed [desk]");
        book.entities.push_back(std::move(one));
    }
    return book;
}

void add_supply(Book& book, int seller, int buyer, int fee) {
    Deal deal;
    deal.id = "s" + std::to_string(book.deals.size());
    deal.kind = "supply";
    deal.binding = true;
    deal.roles["seller"] = {{"f" + std::to_string(seller), 1, {}}};
    deal.roles["buyer"] = {{"f" + std::to_string(buyer), 1, {}}};
    deal.parameters["fee"] = entry(std::to_string(fee) + " assumed [desk]");
    book.deals.push_back(std::move(deal));
}

System system_of(Book const& book, std::string const& model_text) {
    Diagnostics diagnostics;
    Model const model = model_of_text(model_text, diagnostics);
    InstanceOptions options;
    options.steps = 4;
    System system = instantiate(book, model, options, diagnostics);
    INFO(diagnostics.render());
    REQUIRE(!diagnostics.failed());
    return system;
}

constexpr char const* all_but_me = "  others = sum(firm[it != self].size)\n"
                                   "  typical = mean(firm[it != self].size, -1)\n"
                                   "  largest = max(firm[it != self].size, -1)\n"
                                   "  smallest = min(firm[it != self].size, -1)\n"
                                   "  rivals = count(firm[it != self])\n";

} // namespace

TEST_CASE("all but me: the sum, mean, greatest and least of the others, for any number of firms") {
    for (int const n : {1, 2, 3, 4, 5, 7, 8, 9, 31}) {
        System const system = system_of(firms(n), firm_model(all_but_me));
        ByHand value(system);
        for (int i = 0; i < n; ++i) {
            std::string const me = "f" + std::to_string(i) + ".";
            double const others = n * (n + 1) / 2 - (i + 1); // 1 + 2 + … + n less one's own
            INFO(n, " firms, ", me);
            CHECK(value(me + "others") == others);
            CHECK(value(me + "rivals") == n - 1);
            CHECK(value(me + "typical") == (n == 1 ? -1 : others / (n - 1)));
            CHECK(value(me + "largest") == (n == 1 ? -1 : i == n - 1 ? n - 1 : n));
            CHECK(value(me + "smallest") == (n == 1 ? -1 : i == 0 ? 2 : 1));
        }
    }
}

TEST_CASE("all but me takes nothing away from a sum: a giant leaves the small ones exact") {
    Book book = firms(9);
    book.entities[4].parameters["size"] = entry("1000000 T assumed [desk]");
    System const system = system_of(book, firm_model(all_but_me));
    ByHand value(system);
    CHECK(value("f4.others") == 1 + 2 + 3 + 4 + 6 + 7 + 8 + 9);
}

TEST_CASE("twice the firms make twice the operations, not four times") {
    auto const nodes = [](int n) {
        return static_cast<double>(system_of(firms(n), firm_model(all_but_me)).nodes.size());
    };
    double const few = nodes(128), many = nodes(256);
    CHECK(many / few > 1.9);
    CHECK(many / few < 2.1);
}

TEST_CASE("a sum over a kind is one and the same for all who ask") {
    System const system = system_of(
        firms(20), firm_model("  whole = sum(firm.size)\n  part = size / sum(firm.size)\n"));
    auto const node = [&](std::string const& name) {
        return system.cells[static_cast<std::size_t>(system.names.at(name))].value;
    };
    for (int i = 1; i < 20; ++i)
        CHECK(node("f" + std::to_string(i) + ".whole") == node("f0.whole"));
    CHECK(node("f1.part") != node("f0.part"));
}

TEST_CASE("the order of a sum is pairs, pairs of pairs, in the book's order") {
    Book book = firms(3); // (1 + 2^53) + 1: both ones are lost; 1 + (2^53 + 1) would give another
    book.entities[1].parameters["size"] = entry("9007199254740992 assumed [desk]");
    book.entities[2].parameters["size"] = entry("1 assumed [desk]");
    System const system = system_of(book, firm_model("  whole = sum(firm.size)\n"));
    double const giant = 9007199254740992.0;
    CHECK(ByHand(system)("f0.whole") == (1.0 + giant) + 1.0);
}

TEST_CASE("who stands in a role, and who does not") {
    Book book = firms(4);
    add_supply(book, 0, 1, 10);
    add_supply(book, 0, 2, 20);
    add_supply(book, 1, 2, 40);
    add_supply(book, 2, 0, 80);
    System const system = system_of(
        book, firm_model("  sold = sum(supply[seller = self].fee)\n"
                         "  bought = sum(supply[self = buyer].fee)\n"
                         "  foreign = sum(supply[seller != self].fee)\n"
                         "  neither = sum(supply[seller != self and buyer != self].fee)\n"
                         "  dear = sum(supply[seller = self and fee > 15].fee)\n"
                         "  above_me = sum(supply[seller = self and fee > self.size * 30].fee)\n"
                         "  own = max(supply[seller = self].fee, -1)\n",
                         "  peers = sum(supply[seller = self.seller and it != self].fee)\n"
                         "  between = count(supply[seller = self.seller and "
                         "buyer = self.buyer])\n"));
    ByHand value(system);
    CHECK(value("f0.sold") == 30);
    CHECK(value("f3.sold") == 0);
    CHECK(value("f2.bought") == 60);
    CHECK(value("f0.foreign") == 120);
    CHECK(value("f3.foreign") == 150);
    CHECK(value("f0.neither") == 40);
    CHECK(value("f1.neither") == 100); // 20 and 80
    CHECK(value("f0.dear") == 20);
    CHECK(value("f0.above_me") == 0); // 30 is neither above 30
    CHECK(value("f2.above_me") == 0); // 80 is not above 90
    CHECK(value("f1.own") == 40);
    CHECK(value("f3.own") == -1);
    CHECK(value("s0.peers") == 20);
    CHECK(value("s1.peers") == 10);
    CHECK(value("s3.peers") == 0);
    CHECK(value("s2.between") == 1);
}

TEST_CASE("who is selected by the asker's own figures is looked for by each asker") {
    System const system = system_of(
        firms(12), firm_model("  smaller = count(firm[it.size < self.size])\n"
                              "  above = sum(firm[it != self].(max(0, it.size - self.size)))\n"));
    ByHand value(system);
    for (int i = 0; i < 12; ++i) {
        std::string const me = "f" + std::to_string(i);
        CHECK(value(me + ".smaller") == i);
        CHECK(value(me + ".above") == (11 - i) * (12 - i) / 2); // 1 + 2 + … up to the largest
    }
}

TEST_CASE("a sum inside a sum is that of the selected one") {
    Book book = firms(3);
    add_supply(book, 0, 1, 10);
    add_supply(book, 1, 2, 20);
    System const system =
        system_of(book, firm_model("  sold = sum(supply[seller = self].fee)\n"
                                   "  rivals_sold = sum(firm[it != self].sold)\n"
                                   "  all_twice = sum(firm.(sum(supply.fee)))\n"
                                   "  pairs = sum(firm.(sum(supply[fee > 15].(fee * size))))\n"));
    ByHand value(system);
    CHECK(value("f0.rivals_sold") == 20);
    CHECK(value("f2.rivals_sold") == 30);
    CHECK(value("f1.all_twice") == 90); // three firms, 30 each
    CHECK(value("f1.pairs") == 20 * (1 + 2 + 3));
}

TEST_CASE("what is replaced in a descendant is what a sum over the kind finds") {
    Book book = firms(3);
    book.entities[1].kind = "lab";
    System const system =
        system_of(book, "kind firm\n  param size\n  worth = size\n  whole = sum(firm.worth)\n"
                        "kind lab extends firm\n  replace worth = 10 * size\n");
    CHECK(ByHand(system)("f0.whole") == 1 + 20 + 3);
}
