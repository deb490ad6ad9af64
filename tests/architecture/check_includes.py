#!/usr/bin/env python3
"""Holds every #include under exporter/ against modules.txt.

Usage: check_includes.py SOURCE_DIR. Prints each forbidden include and exits 1 if there is one.
Before that it checks itself on includes that must be refused, so that it cannot pass by being blind.
"""
import pathlib
import re
import sys

INCLUDE = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]', re.MULTILINE)
# What the C and C++ libraries and the system bring is free for all.
SYSTEM = re.compile(r"^[a-z0-9_]+$|^(sys|arpa|netinet|linux)/[a-z0-9_]+\.h$"
                    r"|^(dirent|dlfcn|fcntl|fnmatch|unistd|poll|glob|pthread|malloc|emmintrin)\.h$")


def read_table(path):
    table = {}
    for line in path.read_text().splitlines():
        line = line.split("#")[0].strip()
        if not line:
            continue
        name, modules, packages = (part.strip() for part in line.split("|"))
        table[name] = (set(modules.split()) | {name}, packages.split())
    return table


def complaint(table, module, quote, target):
    """Why `module` may not include `target`, or None."""
    modules, packages = table[module]
    if quote == '"':
        owner = target.split("/")[0]
        if owner not in table:
            return f"{target} belongs to no module"
        return None if owner in modules else f"{module} may not include {owner} ({target})"
    if SYSTEM.match(target) or any(target.startswith(p) for p in packages):
        return None
    return f"{module} may not use <{target}>"


def check_self(table):
    refused = [("base", '"', "record/record.h"), ("http", '"', "expose/text.h"),
               ("parse", "<", "zlib.h"), ("app", "<", "prometheus/metric_family.h")]
    for module, quote, target in refused:
        assert complaint(table, module, quote, target), (module, target)
    assert complaint(table, "app", '"', "base/clock.h") is None
    assert complaint(table, "http", "<", "vector") is None


def main():
    root = pathlib.Path(sys.argv[1])
    table = read_table(pathlib.Path(__file__).with_name("modules.txt"))
    check_self(table)
    complaints, files = [], 0
    for path in sorted((root / "exporter").rglob("*")):
        if path.suffix not in (".h", ".cc"):
            continue
        files += 1
        module = path.relative_to(root / "exporter").parts[0]
        if module not in table:
            complaints.append(f"{path}: {module} is no module of modules.txt")
            continue
        for quote, target in INCLUDE.findall(path.read_text()):
            why = complaint(table, module, quote, target)
            if why:
                complaints.append(f"{path.relative_to(root)}: {why}")
    if files < 20:
        complaints.append(f"only {files} sources found under {root}/exporter")
    print("\n".join(complaints) or f"{files} sources keep to the table")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
