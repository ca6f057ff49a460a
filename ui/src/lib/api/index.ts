// The one door to the work. Without a window's shell, as in a browser during design work, a pretended one answers; what is
// shipped does not have it.
import type { Backend, CommandName, DropEvent, PathKind, Request, Response, Stop } from "./backend";
import { client } from "./client";
import type { JobEvent, Topic } from "./generated/types";

export type { Backend, CommandName, DropEvent, PathKind, Request, Response, Stop } from "./backend";

let backend: Promise<Backend> | undefined;

function chosen(): Promise<Backend> {
  backend ??= import.meta.env.MODE === "production" || "__TAURI_INTERNALS__" in window ? Promise.resolve(client) : pretended();
  return backend;
}

/** `?store=empty` in the address shows the beginning. */
async function pretended(): Promise<Backend> {
  const { fake } = await import("./fake");
  return new URLSearchParams(location.search).get("store") === "empty" ? fake({ images: [] }) : fake();
}

/** Has another backend answer from now on, as tests do. */
export function setBackend(other: Backend): void {
  backend = Promise.resolve(other);
}

/** Does a command. Rejects with a `UserError`. */
export async function call<K extends CommandName>(name: K, request: Request<K>): Promise<Response<K>> {
  return (await chosen()).call(name, request);
}

/** Tells a job from its beginning to its end. */
export function watchJob(id: number, onEvent: (event: JobEvent) => void): Stop {
  return later((each) => each.watchJob(id, onEvent));
}

/** Tells what changed, by topic. */
export function onChanged(onTopic: (topic: Topic) => void): Stop {
  return later((each) => each.onChanged(onTopic));
}

/** Tells what is dragged over the window and dropped on it. */
export function onDrop(onDrop: (event: DropEvent) => void): Stop {
  return later((each) => each.onDrop(onDrop));
}

/** Whether the system's dialog for paths can be opened. */
export async function canBrowse(): Promise<boolean> {
  return (await chosen()).canBrowse;
}

/** Has a path chosen in the system's dialog; none if nothing was chosen. */
export async function choosePath(kind: PathKind): Promise<string | null> {
  return (await chosen()).choosePath(kind);
}

function later(begin: (backend: Backend) => Stop): Stop {
  let stop: Stop | undefined;
  let ended = false;
  void chosen().then((each) => {
    if (!ended) stop = begin(each);
  });
  return () => {
    ended = true;
    stop?.();
  };
}
