// The window's shell. The only place that knows it.
import { Channel, invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import type { Backend } from "./backend";
import type { JobEvent, Topic } from "./generated/types";

const CHANGED = "strata://changed";

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
};
