// The page of a textbook model: small multiples, drawn here and not in the reader's browser, so
// that they can be seen, printed and mailed without a script.

#include <perpetuum/report.hpp>
#include <perpetuum/report/chart.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace perpetuum {

namespace {

constexpr char const* style_of_model_page = R"(
:root { --ink: #1d1d1b; --quiet: #5c5c58; --line: #d6d5d0; --soft: #f4f3ef; --pick: #0072b2; }
* { box-sizing: border-box; }
html { font: 16px/1.4 system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; color: var(--ink); background: #fff; }
body { margin: 0 auto; max-width: 80rem; padding: 0.8rem 1.5rem 3rem; }
h1 { font-size: 1.4rem; margin: 0; line-height: 1.25; }
h2 { font-size: 1.15rem; margin: 1.6rem 0 0.3rem; }
p { margin: 0.3rem 0; max-width: 62rem; }
.lead { font-size: 1.15rem; line-height: 1.35; }
.quiet, figcaption small { color: var(--quiet); font-size: 0.875rem; }
code { font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size: 0.9em; overflow-wrap: anywhere; }
ul { margin: 0.3rem 0; padding-left: 1.2rem; }
.keys { display: flex; flex-wrap: wrap; gap: 0.2rem 1.4rem; font-size: 0.875rem; color: var(--quiet); margin: 0.6rem 0; }
.keys svg { vertical-align: -0.1em; margin-right: 0.35rem; }
.charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(17.5rem, 1fr)); gap: 1.1rem 1.4rem; }
figure { margin: 0; min-width: 0; border-top: 1px solid var(--line); padding-top: 0.35rem; }
figcaption { line-height: 1.25; min-height: 3.6rem; }
figcaption b { font-weight: 650; }
figcaption small { display: block; }
figure svg { display: block; width: 100%; height: auto; }
figure details { font-size: 0.8rem; color: var(--quiet); }
summary { cursor: pointer; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { text-align: right; padding: 0 0.7rem 0 0; font-weight: 400; }
.scroll { max-height: 14rem; overflow: auto; }
pre { background: var(--soft); padding: 0.7rem 0.9rem; overflow-x: auto; font-size: 0.8rem; line-height: 1.45; max-width: 100%; }
@media (max-width: 40rem) { body { padding: 0.6rem 0.9rem 2rem; } figcaption { min-height: 0; } .charts { gap: 0.9rem; } }
@media print { details { display: none; } figure { break-inside: avoid; } }
)";

std::string paragraph(std::string const& type, std::string const& text) {
    return text.empty() ? std::string()
                        : "<p" + (type.empty() ? "" : " class=\"" + type + "\"") + ">" +
                              escaped_html(text) + "</p>\n";
}

std::string head_of_page(ModelPage const& page) {
    std::string text = "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                       "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                       "<title>" +
                       escaped_html(page.title) + "</title>\n<style>" + style_of_model_page +
                       "</style>\n</head>\n<body>\n<header>\n";
    text += "<h1>" + escaped_html(page.phrase.empty() ? page.title : page.phrase) + "</h1>\n";
    text += paragraph("lead", page.scenario);
    if (!page.changes.empty()) {
        text += "<p>Changed:";
        for (std::size_t i = 0; i < page.changes.size(); ++i)
            text += (i > 0 ? ", " : " ") + ("<code>" + escaped_html(page.changes[i]) + "</code>");
        text += "</p>\n";
    }
    for (std::string const& finding : page.findings) text += paragraph("quiet", finding);
    return text + "</header>\n";
}

std::string keys_of(ModelPage const& page) {
    if (page.changes.empty()) return {};
    return "<p class=\"keys\"><span><svg width=\"30\" height=\"10\" aria-hidden=\"true\"><path "
           "d=\"M1 5H29\" stroke=\"#8a8a85\" stroke-width=\"1.6\" "
           "stroke-dasharray=\"5 3\"/></svg>baseline</span><span><svg width=\"30\" height=\"10\" "
           "aria-hidden=\"true\"><path d=\"M1 5H29\" stroke=\"#0072b2\" "
           "stroke-width=\"2\"/></svg>with the changes</span><span><svg width=\"30\" height=\"10\" "
           "aria-hidden=\"true\"><rect width=\"30\" height=\"10\" fill=\"#f4f3ef\"/></svg>steps in "
           "which they hold</span></p>\n";
}

std::string numbers_of(ModelChart const& chart, int first_step) {
    std::string text = "<details><summary>numbers</summary><div class=\"scroll\"><table><tr><th "
                       "scope=\"col\">step</th><th scope=\"col\">baseline</th>";
    if (!chart.changed.empty()) text += "<th scope=\"col\">changed</th>";
    text += "</tr>\n";
    for (std::size_t i = 0; i < chart.baseline.size(); ++i) {
        text += "<tr><td>" + std::to_string(first_step + static_cast<int>(i)) + "</td><td>" +
                chart_number(chart.baseline[i], 6) + "</td>";
        if (!chart.changed.empty())
            text += "<td>" + (i < chart.changed.size() ? chart_number(chart.changed[i], 6) : "") +
                    "</td>";
        text += "</tr>\n";
    }
    return text + "</table></div></details>\n";
}

std::string figure_of(ModelChart const& chart, ModelPage const& page) {
    ChartLines lines;
    lines.title = chart.name + (chart.phrase.empty() ? "" : ", " + chart.phrase);
    lines.first_step = page.first_step;
    lines.change_begin = page.change_begin;
    lines.change_end = page.change_end;
    lines.baseline = &chart.baseline;
    lines.changed = &chart.changed;
    return "<figure>\n<figcaption><b>" + escaped_html(chart.name) + "</b> " +
           escaped_html(chart.phrase) + "<small><code>" + escaped_html(chart.equation) +
           "</code></small></figcaption>\n" + chart_svg(lines) +
           numbers_of(chart, page.first_step) + "</figure>\n";
}

} // namespace

std::string model_page(ModelPage const& page) {
    std::string text = head_of_page(page) + keys_of(page);
    text += "<main class=\"charts\">\n";
    for (ModelChart const& chart : page.charts) text += figure_of(chart, page);
    text += "</main>\n<footer>\n";
    if (!page.model_text.empty())
        text += "<h2>The model</h2>\n<pre>" + escaped_html(page.model_text) + "</pre>\n";
    text += "<p class=\"quiet\">perpetuum " + escaped_html(page.version) + ": <code>" +
            escaped_html(page.command) + "</code></p>\n</footer>\n</body>\n</html>\n";
    return text;
}

} // namespace perpetuum
