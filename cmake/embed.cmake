# Turns the texts of the report's page into one C++ source.
#   cmake -D FOLDER=src/perpetuum/report/page -D OUT=page_texts.cpp -P cmake/embed.cmake
# The scripts are joined in the order in which they build on each other. Comments on lines of their own and the blanks
# at the beginning of lines stay behind: every report carries these bytes. (So no text may run over several lines.)
set(scripts words answer ring loops origins matrix paths failing stopping hanging gauges course notes deals script)

foreach(name ${scripts})
    file(READ "${FOLDER}/${name}.js" text)
    string(APPEND script "${text}")
endforeach()
file(READ "${FOLDER}/page.html" skeleton)
file(READ "${FOLDER}/style.css" style)

function(slim variable)
    set(text "\n${${variable}}")
    string(REGEX REPLACE "\n[ \t]+" "\n" text "${text}")
    string(REGEX REPLACE "\n(//|/\\*\\*)[^\n]*" "" text "${text}")
    string(REGEX REPLACE "\n\n+" "\n" text "${text}")
    set(${variable} "${text}" PARENT_SCOPE)
endfunction()
slim(script)
slim(style)

set(source "#include <perpetuum/report/page_texts.hpp>\n\nnamespace perpetuum {\n")
foreach(name skeleton style script)
    string(FIND "${${name}}" ")PAGE\"" clash)
    if(NOT clash EQUAL -1)
        message(FATAL_ERROR "the page's ${name} holds the end mark )PAGE\"")
    endif()
    string(APPEND source "std::string_view const page_${name} = R\"PAGE(${${name}})PAGE\";\n")
endforeach()
string(APPEND source "} // namespace perpetuum\n")
file(WRITE "${OUT}" "${source}")
