#pragma once
/// report: what a reader gets to see: one page to mail, drawn from a report's data.

#include <string>
#include <string_view>

namespace perpetuum {

/// One self-contained HTML page: style, script and data inside it, so that it opens from a mail
/// attachment and asks nothing of any host. The page's script draws everything; texts from the data
/// only ever become text.
///
/// data_json  the report's data, one JSON object (docs/handbook/report-page.md says which keys);
///            stands in the page deflated, in base64, so that nothing in it can end its element
/// returns    the page, UTF-8; its size is about a fifth of the data's and some 85 kB
/// throws     BadInput when data_json does not begin and end as a JSON object does; what does not
///            parse is left for the page to say to its reader
/// cost       one pass over the data
std::string report_page(std::string_view data_json);

} // namespace perpetuum
