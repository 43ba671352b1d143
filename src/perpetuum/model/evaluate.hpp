#pragma once
// The dimension of one expression, with or without a word about what does not fit.

#include <perpetuum/model/units.hpp>

#include <functional>

namespace perpetuum::grammar {

class Evaluator {
  public:
    using MeaningOf = std::function<Meaning(ExpressionId, Name const&, Scope const&)>;
    using FrameOf = std::function<Frame(Aggregate const&, Scope const&)>;
    using Say = std::function<void(Span, std::string, std::string)>;

    Evaluator(Model const& model, Cells const* cells, Dimensions& table, MeaningOf meaning_of,
              FrameOf frame_of, Say say)
        : model_(model), cells_(cells), table_(table), meaning_of_(std::move(meaning_of)),
          frame_of_(std::move(frame_of)), say_(std::move(say)) {}

    Dimension dimension(ExpressionId id, Scope const& scope);
    Span where(ExpressionId id) const {
        return model_.expressions[static_cast<std::size_t>(id)].where;
    }

  private:
    Dimension of_apply(ExpressionId id, Apply const& apply, Scope const& scope);
    Dimension of_aggregate(Aggregate const& aggregate, Scope const& scope);
    bool compares_parties(Apply const& apply, Scope const& scope);

    Model const& model_;
    Cells const* cells_;
    Dimensions& table_;
    MeaningOf meaning_of_;
    FrameOf frame_of_;
    Say say_;                          ///< what does not fit; may do nothing
    std::vector<Dimension> arguments_; ///< of the operations that are under way, the innermost last
};

} // namespace perpetuum::grammar
