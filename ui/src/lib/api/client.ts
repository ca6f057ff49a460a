// The window's shell. The only place that knows it.
import { Channel, invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import type { Backend, DropEvent } from "./backend";
import type { JobEvent, Topic } from "./generated/types";

const CHANGED = "strata://changed";

/** What the shell tells of a drag; paths come with the beginning and the end, not with each move. */
const DRAGS: Readonly<Record<string, DropEvent["type"]>> = { "tauri://drag-enter": "over", "tauri://drag-drop": "drop", "tauri://drag-leave": "leave" };

export const client: Backend = {
  call: (name, request) => invoke(name, { request }),

  watchJob(id, onEvent) {
    let open = true;
    const channel = new Channel<JobEvent>();
    channel.onmessage = (event) => {
      if (open) onEvent(event);
    };
    // A job that is gone has nothing to tell.
    void invoke("job_watch", { id, channel }).catch(() => undefined);
    return () => (open = false);
  },

  onChanged(onTopic) {
    const listening = listen<Topic>(CHANGED, (event) => onTopic(event.payload));
    return () => void listening.then((stop) => stop());
  },

  onDrop(onDrop) {
    const listening = Object.entries(DRAGS).map(([name, type]) =>
      listen<{ paths?: string[] } | null>(name, ({ payload }) => onDrop(type === "leave" ? { type } : { type, paths: payload?.paths ?? [] })),
    );
    return () => listening.forEach((each) => void each.then((stop) => stop()));
  },

  // The shell has no dialog of its own yet: a path is typed or dropped.
  canBrowse: false,
  choosePath: (kind) => invoke<string | null>("plugin:dialog|open", { options: { directory: kind === "folder", multiple: false } }),
};
