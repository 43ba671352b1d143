#include <perpetuum/loops.hpp>

#include <algorithm>

namespace perpetuum {

namespace {

constexpr std::size_t most_legs = 100'000'000;

} // namespace

LargestLoops::LargestLoops(std::vector<std::string> const& names, std::size_t most, bool turn)
    : names_(names), most_(most), turn_(turn) {}

bool LargestLoops::before(FoundLoop const& a, FoundLoop const& b) const {
    if (a.bottleneck != b.bottleneck) return a.bottleneck > b.bottleneck;
    if (a.nodes.size() != b.nodes.size()) return a.nodes.size() < b.nodes.size();
    for (std::size_t k = 0; k < a.nodes.size(); ++k)
        if (a.nodes[k] != b.nodes[k])
            return names_[static_cast<std::size_t>(a.nodes[k])] <
                   names_[static_cast<std::size_t>(b.nodes[k])];
    return a.payments < b.payments;
}

void LargestLoops::add(LoopSeen const& loop) {
    if (most_ == 0) return;
    if (kept_.size() == most_ && loop.bottleneck < kept_.front().bottleneck) return;
    FoundLoop found{{loop.nodes.begin(), loop.nodes.end()},
                    {loop.payments.begin(), loop.payments.end()},
                    loop.bottleneck};
    if (turn_) {
        auto const name = [&](int node) -> std::string const& {
            return names_[static_cast<std::size_t>(node)];
        };
        auto const first = std::min_element(found.nodes.begin(), found.nodes.end(),
                                            [&](int a, int b) { return name(a) < name(b); }) -
                           found.nodes.begin();
        std::rotate(found.nodes.begin(), found.nodes.begin() + first, found.nodes.end());
        std::rotate(found.payments.begin(), found.payments.begin() + first, found.payments.end());
    }
    auto const order = [&](FoundLoop const& a, FoundLoop const& b) { return before(a, b); };
    if (kept_.size() == most_ && !before(found, kept_.front())) return;
    legs_ += found.nodes.size();
    kept_.push_back(std::move(found));
    std::push_heap(kept_.begin(), kept_.end(), order);
    if (kept_.size() > most_) drop_smallest();
    // What did not fit once does not come back: so that what is kept are the largest of all.
    while (legs_ > most_legs && kept_.size() > 1) {
        drop_smallest();
        most_ = kept_.size();
    }
}

void LargestLoops::drop_smallest() {
    auto const order = [&](FoundLoop const& a, FoundLoop const& b) { return before(a, b); };
    std::pop_heap(kept_.begin(), kept_.end(), order);
    legs_ -= kept_.back().nodes.size();
    kept_.pop_back();
}

std::vector<FoundLoop> LargestLoops::take() {
    std::sort(kept_.begin(), kept_.end(),
              [&](FoundLoop const& a, FoundLoop const& b) { return before(a, b); });
    return std::move(kept_);
}

} // namespace perpetuum
