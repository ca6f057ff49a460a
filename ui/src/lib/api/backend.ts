// What the interface asks of whoever does the work: the window's shell, or a pretended one.
import type { Commands, JobEvent, Topic } from "./generated/types";

export type CommandName = keyof Commands;
export type Request<K extends CommandName> = Commands[K][0];
export type Response<K extends CommandName> = Commands[K][1];

/** Ends what was begun. */
export type Stop = () => void;

export interface Backend {
  /** Does a command. Rejects with a `UserError`. */
  call<K extends CommandName>(name: K, request: Request<K>): Promise<Response<K>>;
  /** Tells a job from its beginning to its end. */
  watchJob(id: number, onEvent: (event: JobEvent) => void): Stop;
  /** Tells what changed, by topic. */
  onChanged(onTopic: (topic: Topic) => void): Stop;
}
