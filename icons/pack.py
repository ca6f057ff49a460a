#!/usr/bin/env python3
"""Packs PNG files into the icon files of Windows and macOS: pack.py FOLDER-WITH-<size>.png OUT-FOLDER."""
import pathlib
import struct
import sys

source, out = map(pathlib.Path, sys.argv[1:3])
pictures = {size: (source / f"{size}.png").read_bytes() for size in (16, 24, 32, 48, 64, 128, 256, 512)}

sizes = (16, 24, 32, 48, 64, 256)
entries, offset = [], 6 + 16 * len(sizes)
for size in sizes:
    data = pictures[size]
    entries.append(struct.pack("<BBBBHHII", size % 256, size % 256, 0, 0, 1, 32, len(data), offset))
    offset += len(data)
header = struct.pack("<HHH", 0, 1, len(sizes))
(out / "icon.ico").write_bytes(header + b"".join(entries) + b"".join(pictures[size] for size in sizes))

kinds = {b"icp4": 16, b"icp5": 32, b"ic07": 128, b"ic08": 256, b"ic09": 512, b"ic11": 32, b"ic12": 64, b"ic13": 256, b"ic14": 512}
body = b"".join(kind + struct.pack(">I", len(pictures[size]) + 8) + pictures[size] for kind, size in kinds.items())
(out / "icon.icns").write_bytes(b"icns" + struct.pack(">I", len(body) + 8) + body)
