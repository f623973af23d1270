"""Writes the policy files as a C table: embed.py POLICY... HEADER.

The texts become byte arrays, so that no quoting can change a word of the law.
"""
import os
import sys

*files, target = sys.argv[1:]
lines = ["/* Made by the build from policies/. */",
         "static const struct { const char *file; const unsigned char *text; size_t size; } builtin_policies[] = {"]
arrays = []
for number, path in enumerate(files):
    with open(path, "rb") as f:
        text = f.read()
    body = ",".join(str(byte) for byte in text) or "0"
    arrays.append(f"static const unsigned char policy_text_{number}[] = {{{body}}};")
    lines.append(f'    {{"policies/{os.path.basename(path)}", policy_text_{number}, {len(text)}}},')
lines.append("};")
with open(target, "w", encoding="utf-8") as f:
    f.write("\n".join(arrays + lines) + "\n")
