"""Unpacks layers with GNU tar, the oldest first, minding whiteouts, and lists what is there.

merge.py ROOT LAYER...   (as root; ROOT is an empty folder)

For each path: path, kind, mode (octal), uid, gid, size, modified, target, and whether some layer names the
path, each followed by a NUL byte.
"""

import datetime
import os
import shutil
import stat
import subprocess
import sys
import tarfile

ROOT, LAYERS = os.fsencode(os.path.realpath(sys.argv[1])), sys.argv[2:]
KINDS = {
    stat.S_IFREG: b"file",
    stat.S_IFDIR: b"directory",
    stat.S_IFLNK: b"symlink",
    stat.S_IFCHR: b"charDevice",
    stat.S_IFBLK: b"blockDevice",
    stat.S_IFIFO: b"fifo",
}


def place(path):
    """Where a path of a layer is: links on the way are followed, the last one is not. Never out of ROOT."""
    folder, name = os.path.split(os.path.normpath(b"/" + path).lstrip(b"/"))
    folder = os.path.realpath(os.path.join(ROOT, folder))
    if folder != ROOT and not folder.startswith(ROOT + b"/"):
        sys.exit(f"leads out: {path!r}")
    return os.path.join(folder, name) if name else folder


def time(nanoseconds):
    """As `strata files --json` prints it, without the zone."""
    seconds, fraction = divmod(nanoseconds, 1_000_000_000)
    date = datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=seconds)
    return (date.isoformat() + (f".{fraction:09}".rstrip("0") if fraction else "")).encode()


def is_folder(path):
    return os.path.isdir(path) and not os.path.islink(path)


def remove(path):
    if is_folder(path):
        shutil.rmtree(path)
    elif os.path.lexists(path):
        os.unlink(path)


def plain_tar(layer):
    plain = os.fsdecode(ROOT) + ".tar"
    with open(layer, "rb") as file:
        begin = file.read(4)
    program = {b"\x1f\x8b": "gzip -dc", b"\x28\xb5": "zstd -dcq"}.get(begin[:2], "cat")
    with open(layer, "rb") as file, open(plain, "wb") as out:
        subprocess.run(program.split(), stdin=file, stdout=out, check=True)
    return plain


def times():
    found = {}
    for folder, _, _ in os.walk(ROOT):
        found[folder] = os.stat(folder).st_mtime_ns
    return found


named = set()
for layer in LAYERS:
    # Python's own reader knows no zstd; tar does.
    plain = plain_tar(layer)
    with tarfile.open(plain, errors="surrogateescape", encoding="utf-8") as tar:
        entries = [(os.fsencode(entry.name), entry.isdir()) for entry in tar]
    before = times()
    # What a layer hides is of lower layers only: all of that goes before anything comes.
    for path, is_directory in entries:
        folder, name = os.path.split(path.rstrip(b"/"))
        if name == b".wh..wh..opq":
            if is_folder(place(folder)):
                for child in os.listdir(place(folder)):
                    remove(os.path.join(place(folder), child))
        elif name.startswith(b".wh."):
            remove(place(os.path.join(folder, name[4:])))
        elif not is_directory and is_folder(place(path)):
            remove(place(path))
        elif is_directory and os.path.islink(place(path)):
            remove(place(path))
    command = ["tar", "--extract", "--file", plain, "--directory", os.fsdecode(ROOT), "--exclude=.wh.*"]
    command += ["--same-owner", "--numeric-owner", "--same-permissions", "--delay-directory-restore"]
    subprocess.run(command, check=True)
    os.unlink(plain)
    here = {place(path) for path, _ in entries if not os.path.basename(path.rstrip(b"/")).startswith(b".wh.")}
    named |= here
    # A folder that this layer does not name keeps its time, whatever came into it.
    for folder, moment in before.items():
        if folder not in here and is_folder(folder):
            os.utime(folder, ns=(moment, moment))

out = sys.stdout.buffer
for folder, folders, files in os.walk(ROOT):
    for name in folders + files:
        path = os.path.join(folder, name)
        data = os.lstat(path)
        is_link = stat.S_ISLNK(data.st_mode)
        fields = [
            os.path.relpath(path, ROOT),
            KINDS[stat.S_IFMT(data.st_mode)],
            b"%o" % (0o777 if is_link else stat.S_IMODE(data.st_mode)),
            b"%d" % data.st_uid,
            b"%d" % data.st_gid,
            b"%d" % (data.st_size if stat.S_ISREG(data.st_mode) else 0),
            time(data.st_mtime_ns),
            os.readlink(path) if is_link else b"",
            b"1" if path in named else b"0",
        ]
        out.write(b"\0".join(fields) + b"\0")
