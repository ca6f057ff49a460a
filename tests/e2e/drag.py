"""A window with something in it to drag: `drag.py X Y PATH`. It stands at X, Y, is 120 by 60, and ends when it is told to."""
import pathlib
import sys

import gi

gi.require_version("Gdk", "3.0")
gi.require_version("Gtk", "3.0")
from gi.repository import Gdk, Gtk  # noqa: E402

x, y, path = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
window = Gtk.Window(type=Gtk.WindowType.POPUP)
window.set_default_size(120, 60)
handle = Gtk.EventBox()
handle.add(Gtk.Label(label="drag me"))
window.add(handle)
handle.drag_source_set(Gdk.ModifierType.BUTTON1_MASK, [], Gdk.DragAction.COPY)
handle.drag_source_add_uri_targets()
# Addresses of files have their odd signs written out; else they are taken for none.
handle.connect("drag-data-get", lambda _w, _c, data, _i, _t: data.set_uris([pathlib.Path(path).as_uri()]))
window.move(x, y)
window.show_all()
print("ready", flush=True)
Gtk.main()
