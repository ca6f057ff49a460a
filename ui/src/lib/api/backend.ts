// What the interface asks of whoever does the work: the window's shell, or a pretended one.
import type { Commands, JobEvent, Topic } from "./generated/types";

export type CommandName = keyof Commands;
export type Request<K extends CommandName> = Commands[K][0];
export type Response<K extends CommandName> = Commands[K][1];

/** Ends what was begun. */
export type Stop = () => void;

/** What is dragged over the window from outside, by its paths. */
export type DropEvent = { type: "over"; paths: readonly string[] } | { type: "leave" } | { type: "drop"; paths: readonly string[] };

/** What can be chosen in the system's dialog. */
export type PathKind = "file" | "folder";

export interface Backend {
  /** Does a command. Rejects with a `UserError`. */
  call<K extends CommandName>(name: K, request: Request<K>): Promise<Response<K>>;
  /** Tells a job from its beginning to its end. */
  watchJob(id: number, onEvent: (event: JobEvent) => void): Stop;
  /** Tells what changed, by topic. */
  onChanged(onTopic: (topic: Topic) => void): Stop;
  /** Tells what is dragged over the window and dropped on it. */
  onDrop(onDrop: (event: DropEvent) => void): Stop;
  /** Whether the system's dialog for paths can be opened. */
  readonly canBrowse: boolean;
  /** Has a path chosen in the system's dialog; none if nothing was chosen. */
  choosePath(kind: PathKind): Promise<string | null>;
}
