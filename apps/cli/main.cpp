// perpetuum: the command line. Everything is computed before anything is printed.

#include "arguments.hpp"

#include <perpetuum/base.hpp>
#include <perpetuum/lanes.hpp>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <exception>

namespace {

perpetuum::Answer fault_of_ours(std::string const& what) {
    return {"", "perpetuum: a fault of ours, please report it: " + what + "\n",
            perpetuum::Exit::ours};
}

/// Before anything is computed, so that a misspelt environment is not taken for a fault of ours.
perpetuum::Answer require_instruction_set() {
    try {
        perpetuum::instruction_set();
        return {};
    } catch (perpetuum::BadInput const& bad) {
        return {"", "perpetuum: " + bad.what + "\n", perpetuum::Exit::wrong_input};
    }
}

perpetuum::Answer answer_to(std::vector<std::string> const& arguments) {
    if (auto const refused = require_instruction_set(); refused.code != perpetuum::Exit::ok)
        return refused;
    try {
        auto const asked = perpetuum::parse_arguments(arguments);
        if (asked.answer) return *asked.answer;
        return asked.command->run(asked.options);
    } catch (perpetuum::BadInput const& bad) {
        return fault_of_ours(bad.what);
    } catch (std::bad_alloc const&) {
        return perpetuum::refused("there is not enough memory for this",
                                  "fewer --steps, --threads or --block need less");
    } catch (std::exception const& exception) {
        return fault_of_ours(exception.what());
    }
}

bool print(std::string const& text, std::FILE* to) {
    return std::fwrite(text.data(), 1, text.size(), to) == text.size() && std::fflush(to) == 0;
}

} // namespace

int main(int count, char** words) {
    auto answer = answer_to({words + (count > 0 ? 1 : 0), words + count});
    print(answer.talk, stderr);
    if (!print(answer.text, stdout)) {
        // A script must not take half an answer for one.
        print("perpetuum: stdout: " + std::string(std::strerror(errno)) + "\n", stderr);
        return static_cast<int>(perpetuum::Exit::wrong_input);
    }
    return static_cast<int>(answer.code);
}
