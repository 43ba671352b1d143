#pragma once
/// Derivatives of terms, as terms.

#include "pool.hpp"

#include <span>
#include <vector>

namespace perpetuum {

/// What of that which roots rest on rests on some leaves. Whatever is older than the oldest of the
/// leaves does not, and is not looked at. One that is asked again and again keeps its room: an answer
/// costs what lies between roots and leaves, not what the pool holds.
class Dependence {
  public:
    void look(Pool const& pool, std::vector<TermId> const& roots,
              std::vector<TermId> const& leaves);

    /// What the roots rest on, themselves included, and is not too old; arguments first.
    std::vector<TermId> const& terms() const { return terms_; }
    /// Where a term is among these; −1: it is not.
    int place(TermId id) const {
        auto const at = static_cast<std::size_t>(id);
        if (id < 0 || at >= place_.size()) return -1;
        auto const place = static_cast<std::size_t>(place_[at]);
        return place < terms_.size() && terms_[place] == id ? place_[at] : -1;
    }
    /// True where its value rests on one of the leaves.
    bool rests(TermId id) const {
        int const at = place(id);
        return at >= 0 && rests_[static_cast<std::size_t>(at)] != 0;
    }

  private:
    std::vector<TermId> terms_;
    std::vector<int> place_; ///< by term; right only where `terms_` says so too
    std::vector<char> rests_;
    std::vector<TermId> work_;
};

/// d images / d unknowns: [image × unknowns + unknown]; unknowns are leaves. Where a function has a
/// kink, the slope of the piece it is on; whole coins count as the amount they stand for. Leaves
/// `dependence` as it is when the images and unknowns are looked at.
/// cost  terms between unknowns and images × unknowns
std::vector<TermId> slopes_of(Pool& pool, Dependence& dependence, double step_months, double coin,
                              std::vector<TermId> const& images,
                              std::vector<TermId> const& unknowns);

/// A term in which a leaf stands at a number; products with zero are zero. −1 where the leaf is
/// looked at through the clock or a memory.
TermId with_leaf(Pool& pool, Dependence& dependence, TermId root, TermId leaf, double value);

} // namespace perpetuum
