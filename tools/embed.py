"""Writes text files (policies, the clearance table) as a C table named like the header: embed.py FILE... HEADER.

The texts become byte arrays, so that no quoting can change a word of the law.
"""
import os
import sys

*files, target = sys.argv[1:]
table = os.path.splitext(os.path.basename(target))[0]
lines = ["/* Made by the build from the files named here. */",
         f"static const struct {{ const char *file; const unsigned char *text; size_t size; }} {table}[] = {{"]
arrays = []
for number, path in enumerate(files):
    with open(path, "rb") as f:
        text = f.read()
    body = ",".join(str(byte) for byte in text) or "0"
    arrays.append(f"static const unsigned char text_{number}[] = {{{body}}};")
    name = "/".join(os.path.abspath(path).split(os.sep)[-2:])
    lines.append(f'    {{"{name}", text_{number}, {len(text)}}},')
lines.append("};")
with open(target, "w", encoding="utf-8") as f:
    f.write("\n".join(arrays + lines) + "\n")
