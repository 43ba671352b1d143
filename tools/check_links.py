#!/usr/bin/env python3
"""Links between the pages lead somewhere: every relative link of every Markdown file names a file of the tree."""
import pathlib
import re
import subprocess
import sys

LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)|!\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```", flags=re.M | re.S)
CODE = re.compile(r"`[^`\n]*`")


def pages():
    listed = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", "*.md"],
                            capture_output=True, text=True, check=True).stdout.splitlines()
    return sorted({pathlib.Path(name) for name in listed if pathlib.Path(name).exists()})


def faults(page):
    text = CODE.sub("", FENCE.sub("", page.read_text()))
    for match in LINK.finditer(text):
        target = (match[1] or match[2]).split("#")[0]
        if target and not re.match(r"[a-z]+:", target) and not (page.parent / target).exists():
            yield f"{page}: link to {target}, which is not there"


def title(page):
    first = next((line for line in page.read_text().splitlines() if line.startswith("#")), "")
    return first.lstrip("# ")


if __name__ == "__main__":
    found = [fault for page in pages() for fault in faults(page)]
    if "--list" in sys.argv:
        print("\n".join(f"{str(page):<44} {title(page)}" for page in pages()))
    if found:
        print("\n".join(found))
    sys.exit(bool(found))
