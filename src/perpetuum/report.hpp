#pragma once
/// report: what a reader gets to see: one page to mail, drawn from a report's data.

#include <string>
#include <string_view>
#include <vector>

namespace perpetuum {

/// One self-contained HTML page: style, script and data inside it, so that it opens from a mail
/// attachment and asks nothing of any host. The page's script draws everything; texts from the data
/// only ever become text.
///
/// data_json  the report's data, one JSON object (docs/handbook/report-page.md says which keys);
///            stands in the page deflated, in 85 letters, so that nothing in it can end its element
/// returns    the page, UTF-8; its size is about a fifth of the data's and some 105 kB
/// throws     BadInput when data_json does not begin and end as a JSON object does; what does not
///            parse is left for the page to say to its reader
/// cost       one pass over the data
std::string report_page(std::string_view data_json);

/// One picture of a textbook model's page: a variable step by step.
struct ModelChart {
    std::string name, phrase, equation;
    std::vector<double> baseline; ///< one a step, from ModelPage::first_step
    std::vector<double> changed;  ///< likewise, of the run with the changes; empty: there is none
};
/// What the page of a textbook model shows.
struct ModelPage {
    std::string title, phrase; ///< of the model
    std::string scenario;      ///< what the changes mean, in words; may be empty
    std::vector<std::string> changes;
    std::vector<std::string> findings; ///< sentences: identities, starts, solution
    std::string command, version;
    int first_step = 0;
    int change_begin = 0, change_end = 0; ///< steps in which something is changed; 0: none
    std::vector<ModelChart> charts;
    std::string model_text; ///< as it stands in its file
};
/// A self-contained page: small multiples drawn as pictures (no script is needed to see them), with
/// their numbers in tables; baseline grey and dashed, changed run solid. Texts only ever become
/// text. Values that are no numbers leave a gap.
/// cost  charts × steps
std::string model_page(ModelPage const& page);

} // namespace perpetuum
