#!/bin/sh
# Starting points for a target: ./fuzz/seeds.sh TARGET FOLDER fills FOLDER with the texts that the
# tree has (and with test data kept beside the tree, where it is).
set -eu
target=$1 folder=$2
mkdir -p "$folder"
cd "$(dirname "$0")/.."
copy() { # by content: no two files of the same bytes
    for file in "$@"; do
        [ -f "$file" ] && cp "$file" "$folder/$(sha1sum <"$file" | cut -c1-40)"
    done
    return 0
}
case $target in
    model_text)
        copy books/*/*.model models/*/*.model tests/errors/model/*.model tests/cases/model/*.model
        scratch=$(mktemp)
        for model in models/*; do cat "$model"/*.model >"$scratch"; copy "$scratch"; done
        rm "$scratch"
        ;;
    book_text)
        copy books/*/*.toml books/*/*/*.toml tests/errors/books/*.toml ../shared/data/corpora/bad-books/*.toml
        toml=../shared/data/corpora/toml-test.tar.xz
        if [ -f "$toml" ]; then
            scratch=$(mktemp -d)
            tar -xJf "$toml" -C "$scratch"
            find "$scratch" -name '*.toml' | while read -r file; do copy "$file"; done
            rm -r "$scratch"
        fi
        ;;
    *) echo "seeds.sh: no target is called '$target'" >&2; exit 1 ;;
esac
find "$folder" -size +150k -delete # what only shows that large texts take long
