// What is said of a Dockerfile while it is written: asked for after a pause, so that every letter does not ask.
import { call } from "../../../api";
import type { DockerfileLinted, ExplainedLine } from "../../../api/generated/types";

const PAUSE_MS = 250;

/** The hints, and on request the words, for the text that stands now. */
export class LintFeed {
  /** What was said of the newest text that was answered; none before. */
  linted = $state.raw<DockerfileLinted | null>(null);
  /** The text that it was said of: places are places of that text. */
  lintedText = $state("");
  /** Each line in words; none before somebody asked. */
  explained = $state.raw<readonly ExplainedLine[] | null>(null);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #turn = 0;

  /** Follows a text; `file` is where it stands, `explains` whether its lines are to be put into words too. */
  follow(text: string, file: string, explains: boolean): void {
    clearTimeout(this.#timer);
    this.#turn += 1;
    const turn = this.#turn;
    // The first text is there at once; those that follow are typed.
    const pause = this.linted === null || explains !== (this.explained !== null) ? 0 : PAUSE_MS;
    this.#timer = setTimeout(() => void this.#ask(text, file, explains, turn), pause);
  }

  async #ask(text: string, file: string, explains: boolean, turn: number): Promise<void> {
    // Without an answer the text is still there to be edited and built: nothing is said then.
    const [linted, explained] = await Promise.all([
      call("dockerfile_lint", { text, file }).catch(() => null),
      explains ? call("dockerfile_explain", { text }).catch(() => null) : null,
    ]);
    if (turn !== this.#turn) return;
    this.linted = linted;
    this.lintedText = text;
    this.explained = explained;
  }

  /** Asks no more. */
  end(): void {
    clearTimeout(this.#timer);
    this.#turn += 1;
  }
}
