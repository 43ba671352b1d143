// Small files of texts under headings: scenarios and matrices of models that have no book.

#include <perpetuum/book/tree.hpp>

namespace perpetuum {

namespace {

class ListReader {
  public:
    ListReader(Diagnostics& diagnostics) : diagnostics_(diagnostics) {}

    std::vector<ListSection> read(TomlNode const& root) {
        sections_.push_back({"", root.where, {}});
        for (TomlMember const& member : root.members) {
            if (member.value.type != TomlNode::Type::table) {
                add(sections_.front(), member);
                continue;
            }
            ListSection section{member.key, member.key_where, {}};
            for (TomlMember const& inner : member.value.members) add(section, inner);
            sections_.push_back(std::move(section));
        }
        return std::move(sections_);
    }

  private:
    static bool is_text(TomlNode const& node) {
        return node.type == TomlNode::Type::text || node.type == TomlNode::Type::number;
    }

    void add(ListSection& section, TomlMember const& member) {
        ListItem item{member.key, member.key_where, false, {}};
        item.is_list = member.value.type == TomlNode::Type::array;
        auto const take = [&](TomlNode const& node) {
            if (is_text(node))
                item.texts.push_back({node.text, node.where});
            else
                diagnostics_.error(node.where, "a text in quotes is wanted here",
                                   "write KEY = \"TEXT\" or KEY = [\"TEXT\", \"TEXT\"]");
        };
        if (item.is_list)
            for (TomlNode const& node : member.value.items) take(node);
        else
            take(member.value);
        section.items.push_back(std::move(item));
    }

    Diagnostics& diagnostics_;
    std::vector<ListSection> sections_;
};

} // namespace

std::vector<ListSection> read_lists(int text, Diagnostics& diagnostics) {
    TomlNode root;
    if (!read_toml(text, root, diagnostics)) return {};
    return ListReader(diagnostics).read(root);
}

} // namespace perpetuum
