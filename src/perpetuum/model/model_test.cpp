#include <perpetuum/model.hpp>

#include <doctest/doctest.h>

#include <cmath>

using namespace perpetuum;

namespace {

struct ParsedModel {
    Diagnostics diagnostics;
    Model model;
};

ParsedModel parsed_text(std::string content, std::vector<KnownId> const& ids = {}) {
    ParsedModel result;
    int const text = result.diagnostics.add_text("test.model", std::move(content));
    result.model = parse_model({text}, ids, result.diagnostics);
    return result;
}

/// Of a model that must be without fault.
Model good_model(std::string content) {
    auto result = parsed_text(std::move(content));
    CHECK_MESSAGE(!result.diagnostics.failed(), result.diagnostics.render());
    return result.model;
}

Variable const& variable_of(Model const& model, std::string_view block, std::string_view name) {
    int const number = block.empty() ? 0 : model.block(block);
    REQUIRE(number >= 0);
    Symbol const symbol = find_symbol(model, number, name);
    REQUIRE(symbol.type == SymbolType::variable);
    return model.blocks[static_cast<std::size_t>(symbol.block)]
        .variables[static_cast<std::size_t>(symbol.index)];
}

Parameter const& parameter_of(Model const& model, std::string_view block, std::string_view name) {
    int const number = block.empty() ? 0 : model.block(block);
    Symbol const symbol = find_symbol(model, number, name);
    REQUIRE((symbol.type == SymbolType::parameter || symbol.type == SymbolType::table));
    return model.blocks[static_cast<std::size_t>(symbol.block)]
        .parameters[static_cast<std::size_t>(symbol.index)];
}

/// The value of `x = TEXT` when it is a single number.
double number_in(std::string const& text) {
    Model const model = good_model("money USD\nunit GW\nmodel\n  x = " + text + "\n");
    auto const& node =
        model.expressions[static_cast<std::size_t>(variable_of(model, "", "x").value)].node;
    REQUIRE(std::holds_alternative<Number>(node));
    return std::get<Number>(node).value;
}

std::string printed(std::string const& text) {
    Model const model =
        good_model("model\n  param a = 1\n  param b = 2\n  param c = 3\n  x = " + text + "\n");
    return print_expression(model, variable_of(model, "", "x").value);
}

std::string unit_in(std::string const& text) {
    Model const model =
        good_model("money USD\nunit GW, user\nmodel\n"
                   "  param size : GW\n  param cost : USD/GW\n  param begin : date\n"
                   "  param term : year\n  param flow : USD/year\n  x = " +
                   text + "\n");
    return print_dimension(variable_of(model, "", "x").unit.value());
}

std::string shared_file(std::string const& path) {
    std::string content, problem;
    if (!read_text_file(path, content, problem)) content.clear();
    return content;
}

} // namespace

TEST_CASE("a number may carry a magnitude and a unit") {
    CHECK(number_in("100 B USD") == doctest::Approx(1e11));
    CHECK(number_in("3 %") == doctest::Approx(0.03));
    CHECK(number_in("40 bp") == doctest::Approx(0.004));
    CHECK(number_in("4.5 %/year") == doctest::Approx(0.00375)); // 4.5 / 100 / 12 a month
    CHECK(number_in("2/quarter") == doctest::Approx(2.0 / 3));
    CHECK(number_in("0.25/year") == doctest::Approx(0.25 / 12));
    CHECK(number_in("25 year") == doctest::Approx(300));
    CHECK(number_in("1.5e3 k USD/GW/year") == doctest::Approx(1.5e6 / 12));
    CHECK(number_in("2 M") == doctest::Approx(2e6));
}

TEST_CASE("a unit's slash has no blanks around it, a division has") {
    CHECK(printed("1/a") == "1 / a");
    CHECK(printed("1 / a") == "1 / a");
    CHECK(printed("6/2") == "6 / 2");
    CHECK(unit_in("2/quarter") == "1/month");
    CHECK(unit_in("flow / size") == "USD/GW/month");
}

TEST_CASE("operators bind as in a textbook") {
    CHECK(printed("a + b * c") == "a + b * c");
    CHECK(printed("(a + b) * c") == "(a + b) * c");
    CHECK(printed("a - (b - c)") == "a - (b - c)");
    CHECK(printed("(a - b) - c") == "a - b - c");
    CHECK(printed("a / (b * c)") == "a / (b * c)");
    CHECK(printed("-a^2") == "-a^2");
    CHECK(printed("(-a)^2") == "(-a)^2");
    CHECK(printed("a^b^c") == "a^b^c");
    CHECK(printed("(a^b)^c") == "(a^b)^c");
    CHECK(printed("2^-1") == "2^-1");
    CHECK(printed("not a = b and b > c or c") == "not a = b and b > c or c");
    CHECK(printed("not (a and b)") == "not (a and b)");
    CHECK(printed("(if a then b else c) + 1") == "(if a then b else c) + 1");
    CHECK(printed("if a then b else c + 1") == "if a then b else c + 1");
    CHECK(printed("min(a, b, c) + clip(a, 0, 1)") == "min(a, b, c) + clip(a, 0, 1)");
    CHECK(printed("a - -b") == "a - -b");
}

TEST_CASE("what is printed reads back as the same expression") {
    std::string const once =
        printed("if a > b and not c then -(a + b)^2 / (1 - c) else max(a, 3 %) - (b - (c + a))");
    CHECK(printed(once) == once);
}

TEST_CASE("an expression goes on inside open brackets and ends with its line elsewhere") {
    Model const model = good_model("model\n  param a = 1\n  x = max(a,\n     2 +\n  3)\n  y = 4\n");
    CHECK(print_expression(model, variable_of(model, "", "x").value) == "max(a, 2 + 3)");
    CHECK(print_expression(model, variable_of(model, "", "y").value) == "4");
}

TEST_CASE("units are inferred") {
    CHECK(unit_in("size * cost") == "USD");
    CHECK(unit_in("flow * term") == "USD");
    CHECK(unit_in("step * flow + size * cost") == "USD");
    CHECK(unit_in("sum_over(flow, 1 year)") == "USD");
    CHECK(unit_in("sum_over(size * cost, 1 year)") == "USD");
    CHECK(unit_in("delay(size, term)") == "GW");
    CHECK(unit_in("smooth(flow, term)") == "USD/month");
    CHECK(unit_in("straight_line(size * cost, term)") == "USD");
    CHECK(unit_in("max(0, size)") == "GW");
    CHECK(unit_in("if size > 0 then 0 else cost") == "USD/GW");
    CHECK(unit_in("begin + term") == "date");
    CHECK(unit_in("time - begin") == "month");
    CHECK(unit_in("max(begin, date(2026-07)) - term / 2") == "date");
    CHECK(unit_in("since(begin) * ramp_up(begin, term)") == "1");
    CHECK(unit_in("sqrt(size^2)") == "GW");
    CHECK(unit_in("size^-1") == "1/GW");
    CHECK(unit_in("latched(size > 3 GW)") == "1");
    CHECK(unit_in("3 %/year * term") == "1");
    CHECK(unit_in("0") == "1");
}

TEST_CASE("a variable's unit may come from far, in any order, through its own past and its start") {
    Model const model =
        good_model("unit GW\nmodel\n"
                   "  c = b * 2\n  b = a + 0\n  a = a[-1] * 1.1,  start s\n  param s : GW\n"
                   "  clock = clock[-1] + step,  start 0\n"
                   "  until = until[-1] + step,  start date(2026-01)\n");
    CHECK(print_dimension(*variable_of(model, "", "c").unit) == "GW");
    CHECK(print_dimension(*variable_of(model, "", "clock").unit) == "month");
    CHECK(print_dimension(*variable_of(model, "", "until").unit) == "date");
}

TEST_CASE("rates per year and per quarter are of one dimension") {
    good_model(
        "unit GW\nmodel\n  param a : GW/year\n  param b : GW/quarter\n  c : GW/month = a + b\n");
}

TEST_CASE("what is inherited keeps its unit when it is replaced") {
    Model const model = good_model("unit GW\nkind firm\n  param size : GW\n  target = size\n"
                                   "kind lab extends firm\n  replace target = 0\n");
    int const lab = model.block("lab");
    auto const all = all_variables(model, lab);
    REQUIRE(all.size() == 1);
    CHECK(all[0] == std::pair{lab, 0});
    CHECK(print_dimension(unit_of_variable(model, lab, 0).value()) == "GW");
    CHECK(find_symbol(model, model.block("firm"), "target").block == model.block("firm"));
    CHECK(find_symbol(model, lab, "target").block == lab);
}

TEST_CASE("the unit of any expression can be asked for in the scope of a block") {
    Diagnostics diagnostics;
    int const text = diagnostics.add_text(
        "test.model",
        "money USD\nunit GW\nkind lab\n  param size : GW\n  param cost : USD/GW/year\n");
    Model model = parse_model({text}, {}, diagnostics);
    int const more = diagnostics.add_text("--set", "sum(lab[size > 0].(size * cost)) + 0");
    ExpressionId const id = parse_expression(model, {more, 0, 36}, diagnostics);
    REQUIRE(id >= 0);
    CHECK(print_dimension(unit_of(model, id, 0).value()) == "USD/month");
    CHECK(print_expression(model, id) == "sum(lab[size > 0].(size * cost)) + 0");
}

TEST_CASE("an expression by itself is read for its grammar only") {
    Diagnostics diagnostics;
    Model model = parse_model({}, {}, diagnostics);
    int const text = diagnostics.add_text("expectation", "xx openai_2.cash - nobody[-2] yy");
    ExpressionId const id = parse_expression(model, {text, 3, 29}, diagnostics);
    CHECK(print_expression(model, id) == "openai_2.cash - nobody[-2]");
    CHECK(!diagnostics.failed());
    CHECK(parse_expression(model, {text, 0, 32}, diagnostics) == -1);
    CHECK(parse_expression(model, {text, 3, 3}, diagnostics) == -1);
    CHECK(diagnostics.errors() == 2);
}

TEST_CASE("a word parameter is compared with its words and counts them from 0") {
    Model const model = good_model("model\n  param pays_in : cash | contract | shares = contract\n"
                                   "  x = pays_in = shares\n  y = 1 - (pays_in != cash)\n");
    auto const& parameter = parameter_of(model, "", "pays_in");
    CHECK(parameter.words == std::vector<std::string>{"cash", "contract", "shares"});
    CHECK(std::get<Number>(model.expressions[static_cast<std::size_t>(parameter.fallback)].node)
              .value == doctest::Approx(1));
    auto const& x = model.expressions[static_cast<std::size_t>(variable_of(model, "", "x").value)];
    auto const& word =
        model.expressions[static_cast<std::size_t>(std::get<Apply>(x.node).arguments[1])];
    CHECK(std::get<Number>(word.node).value == doctest::Approx(2));
    CHECK(print_expression(model, variable_of(model, "", "x").value) == "pays_in = shares");
}

TEST_CASE("cash, retained and other are accounts of every model; entity and outside its kinds") {
    Model const model = good_model("money USD\nkind firm\n  param x = 1\n");
    CHECK(model.account("cash") == 0);
    CHECK(model.account("retained") == 1);
    CHECK(model.account("other") == 2);
    CHECK(model.accounts[1].type == AccountClass::equity);
    CHECK(model.block("entity") == 1);
    CHECK(model.block("outside") == 2);
    CHECK(model.is_a(model.block("firm"), 1));
    CHECK(!model.is_a(model.block("firm"), 2));
    CHECK(find_symbol(model, model.block("firm"), "net_worth").type == SymbolType::built_in);
    CHECK(find_symbol(model, model.block("firm"), "cash").type == SymbolType::account);
    CHECK(find_symbol(model, 0, "step").type == SymbolType::built_in);
    CHECK(find_symbol(model, 0, "nobody").type == SymbolType::nothing);
}

TEST_CASE("money has a coin, and derived units may rest on each other in any order") {
    Model const model = good_model("unit kW = 0.001 MW, MW = 0.001 GW, GW\nmoney USD in 0.000001\n"
                                   "model\n  x = 5 kW\n");
    CHECK(model.coin == doctest::Approx(1e-6));
    auto const& node =
        model.expressions[static_cast<std::size_t>(variable_of(model, "", "x").value)].node;
    CHECK(std::get<Number>(node).value == doctest::Approx(5e-6));
}

TEST_CASE("statements keep who, how much, as what, by which rank and through which till") {
    Model const model = good_model(R"(money USD
account revenue : income
account costs   : expense
account plant   : asset
transaction service  payer debits costs payee credits revenue
transaction barter   payer debits costs credits plant payee debits plant credits revenue
sector markets "everybody else"
kind firm
  param pay : USD/year
  transfer markets -> self : pay as service rank 7 till classic  "receipts"
kind fund extends firm conduit
kind pension extends fund
instrument rent (tenant: firm, owner: firm)
  param limit : USD = 5 USD
  rest: commit tenant -> owner : limit as service
  paid: due tenant -> owner : min(rest[-1], limit) as service rank 2
  called: guarantee markets covers paid up to limit as service
  gone: on default of tenant : exchange tenant -> owner : limit - paid.unpaid as barter
  entry owner : limit debits costs credits plant
  mark owner : plant to limit - outstanding_before against costs
  default of tenant when tenant.cash < limit
  default of owner loses 5 % to markets as service
  expect paid <= limit
  ends when tenant.defaulted
)");
    Block const& firm = model.blocks[static_cast<std::size_t>(model.block("firm"))];
    REQUIRE(firm.statements.size() == 1);
    CHECK(firm.statements[0].till == "classic");
    CHECK(firm.statements[0].rank == 7);
    CHECK(firm.statements[0].phrase == "receipts");
    CHECK(!firm.conduit);
    CHECK(model.blocks[static_cast<std::size_t>(model.block("pension"))].conduit);
    Block const& rent = model.blocks[static_cast<std::size_t>(model.block("rent"))];
    REQUIRE(rent.statements.size() == 10);
    CHECK(rent.statements[0].name == "rest");
    CHECK(rent.statements[1].rank == 2);
    CHECK(rent.statements[2].covers.parts == std::vector<std::string>{"paid"});
    REQUIRE(rent.statements[3].on_default_of.has_value());
    CHECK(rent.statements[3].name == "gone");
    CHECK(rent.statements[3].type == StatementType::exchange);
    CHECK(rent.statements[5].debits == "plant");
    CHECK(rent.statements[7].type == StatementType::default_loses);
    CHECK(!model.transactions[1].moves_cash);
    CHECK(model.transactions[0].payer_credits == 0);
    CHECK(find_symbol(model, model.block("rent"), "rest").type == SymbolType::flow);
    CHECK(all_statements(model, model.block("pension")).size() == 1);
}

TEST_CASE("names inside a selection's brackets are first the selected one's") {
    Model const model = good_model(R"(unit GW
kind firm
  param size : GW
  param weight = 1
  rivals = sum(firm[it != self and size > self.size].(size * weight))
  known = count(sale[buyer = self])
instrument sale (buyer: firm, seller: firm)
  part = buyer.size / sum(sale[buyer = self.buyer].buyer.size)
)");
    CHECK(print_dimension(*variable_of(model, "firm", "rivals").unit) == "GW");
    CHECK(print_dimension(*variable_of(model, "sale", "part").unit) == "1");
}

TEST_CASE("tables are gathered by their fields") {
    Model const model = good_model(R"(unit GW
instrument plan (owner: entity)
  param steps[] : {gw: GW, at: date, part: 1, mode: early | late = late}
  param weight = 2
  reached = sum(steps[time >= at and mode = late].(gw * part * weight))
  last = max(steps.at, date(2030))
kind city
  all_of_it = sum(plan.reached)
)");
    CHECK(print_dimension(*variable_of(model, "plan", "reached").unit) == "GW");
    CHECK(print_dimension(*variable_of(model, "plan", "last").unit) == "date");
    CHECK(parameter_of(model, "plan", "steps").fields.size() == 4);
}

TEST_CASE("a model without units is checked for nothing and says so once") {
    auto const result = parsed_text("model\n  param G = 20\n  Y = G + time * 0\n");
    REQUIRE(result.diagnostics.all().size() == 1);
    CHECK(result.diagnostics.all()[0].severity == Severity::note);
}

TEST_CASE("the textbook's simplest model with government money reads as it stands") {
    Model const model = good_model(R"(model
  "Godley & Lavoie (2007), chapter 3: SIM, the simplest model with government money."
  param alpha1 = 0.6
  param alpha2 = 0.4
  param theta  = 0.2
  param G      = 20

  Y  = C + G
  T  = theta * Y
  YD = Y - T
  C  = alpha1 * YD + alpha2 * Hh[-1]
  Hh = Hh[-1] + YD - C,  start 0
  Hs = Hs[-1] + G - T,   start 0
  expect Hh = Hs
)");
    CHECK(model.blocks[0].variables.size() == 6);
    CHECK(model.blocks[0].phrase.substr(0, 6) == "Godley");
    CHECK(model.blocks[0].statements[0].type == StatementType::expect);
}

TEST_CASE("texts of a model are joined, whatever their order") {
    Diagnostics diagnostics;
    int const a = diagnostics.add_text("a.model",
                                       "money USD\nmodel\n  x = mood * 2\nkind lab extends firm\n");
    int const b = diagnostics.add_text("b.model", "money USD\nkind firm\nmodel\n  mood = 1\n");
    Model const model = parse_model({a, b}, {}, diagnostics);
    CHECK_MESSAGE(!diagnostics.failed(), diagnostics.render());
    CHECK(model.blocks[0].variables.size() == 2);
    CHECK(model.is_a(model.block("lab"), model.block("firm")));
}

TEST_CASE("a name of the book is allowed, with a warning once") {
    auto const result = parsed_text("money USD\nkind lab\n  sales = 3 USD\nmodel\n"
                                    "  x = openai.sales + openai.cash\n  y = openai.sales\n",
                                    {{"openai", "lab"}});
    CHECK_MESSAGE(!result.diagnostics.failed(), result.diagnostics.render());
    REQUIRE(result.diagnostics.all().size() == 1);
    CHECK(result.diagnostics.all()[0].severity == Severity::warning);
    CHECK(print_dimension(*variable_of(result.model, "", "x").unit) == "USD");
}

TEST_CASE("a string documents the declaration before it, on its line or on the next") {
    Model const model = good_model(
        "kind lab\n  \"Develops models.\"\n  param a = 1  \"first\"\n  b = a\n  \"second\"\n");
    CHECK(model.blocks[3].phrase == "Develops models.");
    CHECK(parameter_of(model, "lab", "a").phrase == "first");
    CHECK(variable_of(model, "lab", "b").phrase == "second");
}

TEST_CASE("shocks carry their distribution in base units") {
    Model const model =
        good_model("unit GW\nmodel\n  shock a : GW/year ~ normal(0, 12 GW/year)\n"
                   "  shock b ~ pert(-1, 0, 3)\n  shock c ~ discrete(1 GW, 30 %, 2 GW, 70 %)\n");
    auto const& a = variable_of(model, "", "a");
    CHECK(a.is_shock);
    CHECK(a.shock.shape == Shape::normal);
    CHECK(a.shock.parameters[1] == doctest::Approx(1)); // 12 a year is 1 a month
    CHECK(variable_of(model, "", "b").shock.parameters[0] == doctest::Approx(-1));
    CHECK(print_dimension(*variable_of(model, "", "c").unit) == "GW");
}

TEST_CASE("the example of the design reads without a word of complaint") {
    std::string const content = shared_file(PERPETUUM_SOURCE "/tests/cases/model/example.model");
    REQUIRE(!content.empty());
    auto const result = parsed_text(content);
    CHECK(result.diagnostics.render() == "");
    Model const& model = result.model;
    auto const unit = [&](char const* block, char const* name) {
        return print_dimension(*variable_of(model, block, name).unit);
    };
    CHECK(unit("", "sentiment") == "1");
    CHECK(unit("lab", "growth") == "1/month");
    CHECK(unit("lab", "value") == "USD");
    CHECK(unit("cloud", "ready") == "GW");
    CHECK(unit("chipmaker", "price") == "USD/share");
    CHECK(unit("warrant", "vested") == "share");
    CHECK(unit("gpu_loan", "asked") == "USD/month");
    CHECK(unit("hyperscaler", "target") == "GW");
}

TEST_CASE("min and max compare two values even when another block has a table of that name") {
    Model const model = good_model(
        "kind a\n  param steps[] : {x: 1}\n  last = max(steps.x) + max(steps.(x * 2), 3)\n"
        "kind b\n  param steps = 3\n  y = max(steps, 0)\n");
    CHECK(print_expression(model, variable_of(model, "b", "y").value) == "max(steps, 0)");
    CHECK(print_expression(model, variable_of(model, "a", "last").value) ==
          "max(steps.x) + max(steps.(x * 2), 3)");
}

TEST_CASE("the examples of the handbook read without a word of complaint") {
    std::string const page = shared_file(PERPETUUM_SOURCE "/docs/handbook/language.md");
    REQUIRE(!page.empty());
    int examples = 0;
    for (std::size_t at = page.find("```model\n"); at != std::string::npos;
         at = page.find("```model\n", at + 1)) {
        std::size_t const begin = at + 9, end = page.find("```", begin);
        auto const result = parsed_text(page.substr(begin, end - begin));
        for (auto const& diagnostic : result.diagnostics.all())
            CHECK_MESSAGE(diagnostic.severity == Severity::note, result.diagnostics.render());
        ++examples;
    }
    CHECK(examples == 3);
}
