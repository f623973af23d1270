"""Writes the characters of GB 18030-2005 as a C table: gb18030.py OUTPUT.

Two arrays of numbers: each the bytes of a character in UTF-8, the first lowest, with their count in the highest byte; 0 where
there is no character. Pairs go by lead (81 to FE) and trail (40 to FE without 7F); quads by their linear place from
81308130 on, of the Basic Multilingual Plane.
"""
import sys


def packed(sequence):
    try:
        utf8 = sequence.decode("gb18030").encode("utf-8")
    except (UnicodeDecodeError, UnicodeEncodeError):
        return 0
    return int.from_bytes(utf8, "little") | len(utf8) << 24 if len(utf8) <= 3 else 0


def array(name, sequences):
    numbers = [packed(s) for s in sequences]
    lines = (",".join(map(str, numbers[i:i + 16])) for i in range(0, len(numbers), 16))
    return f"static const uint32_t {name}[{len(numbers)}] = {{\n" + ",\n".join(lines) + "};\n"


pairs = (bytes((lead, trail)) for lead in range(0x81, 0xFF) for trail in range(0x40, 0xFF) if trail != 0x7F)
quads = (bytes((0x81 + i // 12600, 0x30 + i // 1260 % 10, 0x81 + i // 10 % 126, 0x30 + i % 10)) for i in range(39420))
with open(sys.argv[1], "w", encoding="ascii") as out:
    out.write("/* Made by tools/gb18030.py. */\n" + array("gb18030_pairs", pairs) + array("gb18030_quads", quads))
