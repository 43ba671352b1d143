// Forward differentiation, term after term: arguments come before what they are arguments of.

#include "derive.hpp"

#include <algorithm>

namespace perpetuum {

namespace {

std::size_t index(int id) { return static_cast<std::size_t>(id); }

class Slopes {
  public:
    Slopes(Pool& terms, Dependence const& under, double step_months, double coin)
        : pool_(terms), under_(under), step_months_(step_months), coin_(coin) {
        arguments_.reserve(under.terms().size());
        for (TermId const id : under.terms()) {
            std::array<int, 3> places{};
            for (std::size_t i = 0; i < 3; ++i) places[i] = under.place(pool_[id].arguments[i]);
            arguments_.push_back(places);
        }
    }

    /// By place: a term's derivative by `unknown`; −1: zero.
    std::vector<TermId> const& along(TermId unknown) {
        slope_.assign(arguments_.size(), -1);
        TermId const one = number(1);
        if (int const at = under_.place(unknown); at >= 0) slope_[index(at)] = one;
        for (std::size_t t = 0; t < arguments_.size(); ++t) {
            std::array<TermId, 3> moves{-1, -1, -1};
            bool any = false;
            for (std::size_t i = 0; i < 3; ++i) {
                if (arguments_[t][i] < 0) continue;
                moves[i] = slope_[index(arguments_[t][i])];
                any |= moves[i] >= 0;
            }
            if (!any) continue;
            TermId const id = under_.terms()[t];
            Term const term = pool_[id];
            slope_[t] = slope_of(term, id, moves);
        }
        return slope_;
    }

  private:
    Pool& pool_;
    Dependence const& under_;
    double step_months_, coin_;
    std::vector<std::array<int, 3>> arguments_; ///< by place: the places of its arguments
    std::vector<TermId> slope_;

    TermId number(double value) { return pool_.constant(value); }
    TermId plus(TermId a, TermId b) {
        return a < 0 ? b : b < 0 ? a : pool_.apply(Opcode::add, a, b);
    }
    TermId minus(TermId a, TermId b) {
        if (b < 0) return a;
        return a < 0 ? pool_.apply(Opcode::negate, b) : pool_.apply(Opcode::subtract, a, b);
    }
    TermId times(TermId move, TermId factor) {
        return move < 0 ? -1 : pool_.apply(Opcode::multiply, move, factor);
    }
    TermId over(TermId move, TermId divisor) {
        return move < 0 ? -1 : pool_.apply(Opcode::divide, move, divisor);
    }
    TermId either(TermId condition, TermId yes, TermId no) {
        if (yes < 0 && no < 0) return -1;
        return pool_.apply(Opcode::choose, condition, yes < 0 ? number(0) : yes,
                           no < 0 ? number(0) : no);
    }
    TermId less(TermId a, TermId b) { return pool_.apply(Opcode::less, a, b); }

    TermId slope_of(Term const& term, TermId id, std::array<TermId, 3> const& moves) {
        auto const [a, b, c] = term.arguments;
        auto const [da, db, dc] = moves;
        switch (term.operation) {
        case Opcode::negate:
            return minus(-1, da);
        case Opcode::absolute:
            return either(less(a, number(0)), minus(-1, da), da);
        case Opcode::square_root:
            return over(times(da, number(0.5)), id);
        case Opcode::exponential:
            return times(da, id);
        case Opcode::logarithm:
            return over(da, a);
        case Opcode::to_coins:
            return over(da, number(coin_));
        case Opcode::since:
            return either(
                pool_.apply(Opcode::conjunction, less(number(0), id), less(id, number(1))),
                over(minus(-1, da), number(step_months_)), -1);
        case Opcode::add:
            return plus(da, db);
        case Opcode::subtract:
            return minus(da, db);
        case Opcode::multiply:
            return plus(times(da, b), times(db, a));
        case Opcode::divide:
            return over(minus(da, times(db, id)), b);
        case Opcode::power:
            return slope_of_power(id, a, b, da, db);
        case Opcode::minimum:
            return either(less(b, a), db, da);
        case Opcode::maximum:
            return either(less(a, b), db, da);
        case Opcode::choose:
            return either(a, db, dc);
        case Opcode::ramp_up:
            return slope_of_ramp(term, id, da, db);
        case Opcode::past:
        case Opcode::past_sum:
            // What is remembered of this very step weighs what is left of a step.
            return times(
                dc, pool_.apply(Opcode::maximum, number(0),
                                pool_.apply(Opcode::subtract, number(1),
                                            pool_.apply(Opcode::divide, a, number(step_months_)))));
        default:
            return -1; // conditions and whole numbers: steps, flat between
        }
        (void)c;
    }

    TermId slope_of_power(TermId id, TermId a, TermId b, TermId da, TermId db) {
        TermId const lower =
            pool_.apply(Opcode::power, a, pool_.apply(Opcode::subtract, b, number(1)));
        TermId const by_base = times(times(da, b), lower);
        if (db < 0) return by_base;
        return plus(by_base, times(times(db, id), pool_.apply(Opcode::logarithm, a)));
    }

    /// By a difference of a hundredth of a month: a quadratic between two kinks.
    TermId slope_of_ramp(Term const& term, TermId id, TermId da, TermId db) {
        auto const [a, b, c] = term.arguments;
        (void)c;
        TermId const little = number(0.01);
        auto const rise = [&](TermId begin, TermId length) {
            TermId const moved = pool_.clocked(Opcode::ramp_up, begin, length, term.at_start);
            return over(pool_.apply(Opcode::subtract, moved, id), little);
        };
        TermId const by_begin =
            da < 0 ? -1 : times(da, rise(pool_.apply(Opcode::add, a, little), b));
        TermId const by_length =
            db < 0 ? -1 : times(db, rise(a, pool_.apply(Opcode::add, b, little)));
        return plus(by_begin, by_length);
    }
};

} // namespace

void Dependence::look(Pool const& pool, std::vector<TermId> const& roots,
                      std::vector<TermId> const& leaves) {
    place_.resize(index(pool.size()));
    terms_.clear();
    TermId const oldest = *std::min_element(leaves.begin(), leaves.end());
    work_ = roots;
    while (!work_.empty()) {
        TermId const id = work_.back();
        work_.pop_back();
        if (id < oldest || place(id) >= 0) continue;
        place_[index(id)] = static_cast<int>(terms_.size());
        terms_.push_back(id);
        for (TermId const argument : pool[id].arguments) work_.push_back(argument);
    }
    std::sort(terms_.begin(), terms_.end()); // arguments are older than what they are arguments of
    for (std::size_t t = 0; t < terms_.size(); ++t) place_[index(terms_[t])] = static_cast<int>(t);
    rests_.assign(terms_.size(), 0);
    for (TermId const leaf : leaves)
        if (int const at = place(leaf); at >= 0) rests_[index(at)] = 1;
    for (std::size_t t = 0; t < terms_.size(); ++t)
        for (TermId const argument : pool[terms_[t]].arguments)
            if (rests(argument)) rests_[t] = 1;
}

std::vector<TermId> slopes_of(Pool& pool, Dependence& dependence, double step_months, double coin,
                              std::vector<TermId> const& images,
                              std::vector<TermId> const& unknowns) {
    dependence.look(pool, images, unknowns);
    std::vector<TermId> result(images.size() * unknowns.size());
    Slopes slopes(pool, dependence, step_months, coin);
    for (std::size_t u = 0; u < unknowns.size(); ++u) {
        auto const& slope = slopes.along(unknowns[u]);
        for (std::size_t i = 0; i < images.size(); ++i) {
            int const at = dependence.place(images[i]);
            TermId const found = at < 0 ? -1 : slope[index(at)];
            result[i * unknowns.size() + u] = found < 0 ? pool.constant(0) : found;
        }
    }
    return result;
}

TermId with_leaf(Pool& pool, Dependence& dependence, TermId root, TermId leaf, double value) {
    dependence.look(pool, {root}, {leaf});
    if (!dependence.rests(root)) return root;
    std::vector<TermId> changed(dependence.terms().size(), -1);
    changed[index(dependence.place(leaf))] = pool.constant(value);
    for (std::size_t t = 0; t < changed.size(); ++t) {
        TermId const id = dependence.terms()[t];
        if (!dependence.rests(id) || id == leaf) continue;
        Term const term = pool[id];
        bool const plain = term.operation != Opcode::since && term.operation != Opcode::ramp_up &&
                           term.operation != Opcode::past && term.operation != Opcode::past_sum;
        if (!plain) return -1;
        std::array<TermId, 3> arguments = term.arguments;
        for (TermId& argument : arguments)
            if (dependence.rests(argument)) argument = changed[index(dependence.place(argument))];
        auto const zero = [&](TermId argument) { return pool.known(argument) == 0.0; };
        bool const nothing =
            term.operation == Opcode::multiply && (zero(arguments[0]) || zero(arguments[1]));
        changed[t] = nothing ? pool.constant(0)
                             : pool.apply(term.operation, arguments[0], arguments[1], arguments[2]);
    }
    return changed.back(); // the root is the youngest
}

} // namespace perpetuum
