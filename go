#!/bin/sh
# The front door: everything one does with this tree, by one word. Alone it says which words there are.
set -eu
cd "$(dirname "$0")"

usage() {
    cat <<'TEXT'
./go setup           install what is missing of packages.txt (Debian; asks for root only then)
./go build [PRESET]  build everything; the program is build/perpetuum
./go demo            setup, build, and the report on the shipped AI book
./go test  [PRESET]  build and run every test; the last line counts them
./go check           arrows between rooms, doors that stand alone, links in the docs, every message shown, formatting
./go fmt             format every C++ file
./go textbook        the textbook models against series solved elsewhere, as a table
./go fuzz NAME [S]   feed book_text or model_text with made-up texts for S seconds (60), with clang 14
./go bench [NAME]    measure what the documents claim about speed; of one room, as in ./go bench ensemble
./go bench networks [--quick] [ROW ...]    loops, circulation, clearing, files: beside the prototypes
./go docs            list the pages and check their links
./go clean           remove what was built

PRESET is release (as a rule), dev, sanitize or coverage; all but release build in build-PRESET/.
TEXT
}

say() { printf '%s\n' "$*"; }
fail() { printf 'go: %s\n' "$*" >&2; exit 1; }

# ---- setup ------------------------------------------------------------------------------------------

installed() { dpkg-query -W -f='${Status}' "$1" 2>/dev/null | grep -q '^install ok installed$'; }

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"
    elif command -v sudo >/dev/null 2>&1; then sudo "$@"
    else fail "installing needs root and there is no sudo; as root, run: $*"
    fi
}

missing_packages() {
    while read -r package; do
        case $package in '' | '#'*) continue ;; esac
        installed "$package" || printf '%s ' "$package"
    done <packages.txt
}

setup() {
    command -v dpkg-query >/dev/null 2>&1 ||
        fail "not a Debian system: install by hand what packages.txt lists, then ./go build"
    missing=$(missing_packages)
    if [ -z "$missing" ]; then say "setup: all of packages.txt is installed"; return; fi
    say "setup: installing $missing"
    # Names are split on purpose. The lists of a fresh machine are empty, so a first failure fetches them.
    # shellcheck disable=SC2086
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing >/dev/null 2>&1 ||
        { as_root apt-get update &&
          as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing; } || true
    missing=$(missing_packages)
    [ -z "$missing" ] || fail "still missing: $missing
    (is there a network, and does /etc/apt/sources.list name a mirror of Debian 12?)"
    say "setup: done"
}

# ---- build ------------------------------------------------------------------------------------------

folder() { if [ "$1" = release ]; then echo build; else echo "build-$1"; fi; }

configure() {
    command -v cmake >/dev/null 2>&1 || fail "no cmake; run ./go setup first"
    case $1 in
        release | dev | sanitize | coverage) ;;
        *) fail "no preset is called '$1': release, dev, sanitize or coverage" ;;
    esac
    cmake --preset "$1" >/dev/null
}

build() {
    configure "$1"
    cmake --build --preset "$1"
}

# ---- test -------------------------------------------------------------------------------------------

run_tests() {
    build "$1"
    status=0
    ctest --preset "$1" || status=$?
    grep '^\[system-' "$(folder "$1")/Testing/Temporary/LastTest.log" || true  # a line a system: docs/handbook/systems.md
    python3 tools/count_tests.py "$(folder "$1")/Testing/Temporary/LastTest.log" || status=1
    return $status
}

demo() {
    setup
    build release
    mkdir -p out
    say "demo: what matters most, and the gauges (a minute)"
    build/perpetuum study sensitivity books/ai --of "default openai" --rows 4096 --json >out/default.json
    build/perpetuum study sensitivity books/ai --of "share nvidia circular in 2027" --rows 640 --screen 0 --json >out/share.json
    build/perpetuum gauges books/ai --paths 128 --steps 13 --json >out/gauges.json
    build/perpetuum report books/ai --with out/default.json --with out/share.json --with out/gauges.json --out "$PWD/out/ai.html"
}

# ---- check ------------------------------------------------------------------------------------------

# What is tracked and what is about to be: a new file is checked before it is added.
sources() { git ls-files --cached --others --exclude-standard -- '*.cpp' '*.hpp'; }

existing_sources() { sources | while read -r file; do [ ! -f "$file" ] || printf '%s\n' "$file"; done; }

check_doors() {
    faults=0
    for door in src/perpetuum/*.hpp; do
        printf '#include <perpetuum/%s>\n' "${door##*/}" |
            c++ -std=c++20 -Wall -Wextra -fsyntax-only -Isrc -x c++ - || { say "$door: does not compile alone"; faults=1; }
    done
    return $faults
}

# Every check runs, so that one look shows all that is wrong.
check() {
    status=0
    python3 tools/check_layers.py || status=1
    check_doors || status=1
    python3 tools/check_links.py || status=1
    python3 tools/check_gallery.py || status=1
    python3 tools/errors_page.py --check || status=1
    existing_sources | xargs -r clang-format --dry-run -Werror || status=1
    [ $status = 0 ] && say "check: all is well"
    return $status
}

# ---- the rest ---------------------------------------------------------------------------------------

# Of a room (or of networks, across rooms): by bench/NAME.py, which sets it beside others' programs, where there is one.
bench_room() {
    name=$1
    shift
    configure release
    cmake --build --preset release --target "${name}_bench"
    if [ -f "bench/$name.py" ]; then python3 "bench/$name.py" build "$@"; else "build/${name}_bench" "$@"; fi
}

bench() {
    configure release
    cmake --build --preset release --target benches
    found=no
    for program in build/*_bench; do
        [ -x "$program" ] || continue
        found=yes
        "$program"
    done
    [ $found = yes ] || say "bench: no room has a *_bench.cpp"
}

# The reference series are kept apart from the tree; without them the table says that it is skipped.
textbook() {
    configure release
    cmake --build --preset release --target ensemble_test
    build/ensemble_test --no-intro --test-case='*Godley and Lavoie*'
}

# What it learned stays in build-fuzz/corpus/NAME; what it found stands in build-fuzz/found/NAME.
fuzz() {
    [ -f "fuzz/$1.cpp" ] || fail "no fuzz target is called '$1': book_text or model_text"
    command -v clang++-14 >/dev/null 2>&1 || fail "fuzzing needs the packages clang-14 and libclang-rt-14-dev"
    cmake -G Ninja -S . -B build-fuzz -DCMAKE_CXX_COMPILER=clang++-14 -DPERPETUUM_FUZZ=ON >/dev/null
    cmake --build build-fuzz --target "fuzz_$1"
    fuzz/seeds.sh "$1" "build-fuzz/seeds/$1"
    mkdir -p build-fuzz/corpus "build-fuzz/found/$1"
    # What earlier runs learned is kept in one archive.
    [ -d "build-fuzz/corpus/$1" ] || tar -xJf fuzz/corpus.tar.xz -C build-fuzz/corpus "$1"
    build-fuzz/"fuzz_$1" -dict="fuzz/$1.dict" -max_total_time="$2" -max_len=20000 -timeout=60 -rss_limit_mb=2048 \
        -print_final_stats=1 -artifact_prefix="build-fuzz/found/$1/" "build-fuzz/corpus/$1" "build-fuzz/seeds/$1"
}

case ${1-} in
    '' | help | -h | --help) usage ;;
    setup) setup ;;
    build) build "${2-release}" ;;
    demo) demo ;;
    test) run_tests "${2-release}" ;;
    check) check ;;
    fmt) existing_sources | xargs -r clang-format -i ;;
    textbook) textbook ;;
    fuzz) fuzz "${2-}" "${3-60}" ;;
    bench) shift; if [ $# -gt 0 ]; then bench_room "$@"; else bench; fi ;;
    docs) python3 tools/check_links.py --list ;;
    clean) rm -rf build build-dev build-sanitize build-coverage build-fuzz out ;;
    *) usage >&2; fail "no verb is called '$1'" ;;
esac
