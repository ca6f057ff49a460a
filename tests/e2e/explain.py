"""What an image is, found in an OCI layout by itself: explain.py STORE REFERENCE, prints one JSON object."""

import gzip
import io
import json
import os
import subprocess
import sys
import tarfile

STORE, REFERENCE = sys.argv[1:]
MARK = ".wh."


def blob(digest):
    with open(os.path.join(STORE, "blobs", *digest.split(":")), "rb") as file:
        return file.read()


def plain(digest):
    raw = blob(digest)
    if raw[:2] == b"\x1f\x8b":
        return gzip.decompress(raw)
    if raw[:4] == b"\x28\xb5\x2f\xfd":
        return subprocess.run(["zstd", "-dcq"], input=raw, stdout=subprocess.PIPE, check=True).stdout
    return raw


def entries(digest):
    """Sizes by path of one layer; a folder's is None. The last of several counts."""
    found = {}
    with tarfile.open(fileobj=io.BytesIO(plain(digest))) as tar:
        for entry in tar:
            path = os.path.normpath("/" + entry.name).lstrip("/")
            if path:
                found[path] = None if entry.isdir() else (entry.size if entry.isreg() else 0)
    return found


with open(os.path.join(STORE, "index.json")) as file:
    index = json.load(file)
NAME = "org.opencontainers.image.ref.name"
target = next(each for each in index["manifests"] if each["annotations"][NAME] == REFERENCE)
manifest = json.loads(blob(target["digest"]))
config = json.loads(blob(manifest["config"]["digest"]))
layers = [entries(layer["digest"]) for layer in manifest["layers"]]

# As dive counts: each path that has nothing below it in a layer, each deletion of a folder with what it hid.
sizes, seen, brought = {}, {}, {}
for number, layer in enumerate(layers):
    folders = {os.path.dirname(path) for path in layer}
    marks = {path for path in layer if os.path.basename(path).startswith(MARK)}
    for mark in marks:
        folder, name = os.path.split(mark)
        if name == ".wh..wh..opq":
            hidden = [path for path in seen if path.startswith(folder + "/")]
        else:
            gone = os.path.join(folder, name[len(MARK):])
            below = [path for path in seen if path.startswith(gone + "/")]
            hidden = below + [path for path in seen if path == gone]
            if hidden:
                is_folder = seen.get(gone, 0) is None or below
                sizes.setdefault(gone, []).append(sum(seen[path] or 0 for path in below) if is_folder else 0)
        for path in hidden:
            seen.pop(path, None)
    for path, size in layer.items():
        if path in marks:
            continue
        seen[path] = size
        brought[path] = number + 1
        if path not in folders:
            sizes.setdefault(path, []).append(size or 0)



def diff_ids(entry):
    config = json.loads(blob(entry["digest"]))["config"]["digest"]
    return json.loads(blob(config))["rootfs"]["diff_ids"]


# The image whose layers are all among the lowest of this one, and which has the most of them.
own = diff_ids(target)
below = [(diff_ids(each), each["annotations"].get(NAME)) for each in index["manifests"]]
below = [(len(ids), name) for ids, name in below if name and 0 < len(ids) < len(own) and own[: len(ids)] == ids]

minimum = sum(min(each) for each in sizes.values())
discovered = sum(sum(each) for each in sizes.values())
totals = [sum(size or 0 for size in layer.values()) for layer in layers]
largest = totals.index(max(totals))
made = [each.get("created_by", "") for each in config["history"] if not each.get("empty_layer")]
settings = config.get("config", {})
# A file of the newest layer that has one, under a name that is nobody else's.
names = [os.path.basename(path) for path in brought]
path = next(
    path
    for path in sorted(brought, key=lambda path: (-brought[path], path))
    if seen.get(path) and names.count(os.path.basename(path)) == 1
)
# What is there in the end, by the first folder of its path.
folders = {}
for path, size in seen.items():
    first = path.split("/")[0]
    folders[first] = folders.get(first, 0) + (size or 0)
print(
    json.dumps(
        {
            "largest": {"layer": largest + 1, "instruction": made[largest].split("# buildkit")[0].strip()},
            "wasted": sum(sum(each) for each in sizes.values() if len(each) > 1),
            "efficiency": minimum / discovered if discovered else 1,
            "brought": {"path": path, "layer": brought[path]},
            "base": max(below)[1] if below else None,
            "folders": folders,
            "command": (settings.get("Entrypoint") or []) + (settings.get("Cmd") or []),
        }
    )
)
