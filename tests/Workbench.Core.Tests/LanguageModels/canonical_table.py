"""Writes src/Workbench.Core/LanguageModels/canonical.txt: the characters that NFC reorders, takes apart or puts together.

The facts are those of the Unicode Character Database as Python's unicodedata has them. Hangul syllables follow from
arithmetic and are left out. Usage: /usr/bin/python3 canonical_table.py >canonical.txt
"""
import sys, unicodedata

EVERYTHING = [chr(c) for c in range(sys.maxunicode + 1) if not 0xD800 <= c <= 0xDFFF]


def classes():
    runs = []
    for c in EVERYTHING:
        value = unicodedata.combining(c)
        if value and runs and runs[-1][1] == ord(c) - 1 and runs[-1][2] == value:
            runs[-1][1] = ord(c)
        elif value:
            runs.append([ord(c), ord(c), value])
    return runs


def decompositions():
    for c in EVERYTHING:
        parts = unicodedata.decomposition(c).split()
        if parts and not parts[0].startswith("<"):
            text = "".join(chr(int(part, 16)) for part in parts)
            yield "" if unicodedata.normalize("NFC", text) == c else "!", ord(c), [int(part, 16) for part in parts]


print(f"# Unicode {unicodedata.unidata_version}, written by canonical_table.py. Combining classes: first-last class.")
for first, last, value in classes():
    print(f"{first:X}-{last:X} {value}")
print("# Canonical decompositions: character, parts. Those with ! are taken apart and never put together again.")
for mark, c, parts in decompositions():
    print(f"{mark}{c:X} " + " ".join(f"{part:X}" for part in parts))
