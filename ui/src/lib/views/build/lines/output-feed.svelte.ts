// The output of one line of a build: pages of it are asked for as they come into sight, and again as the last one grows.
import { call } from "../../../api";
import type { OutputLine } from "../../../api/generated/types";
import type { RowRange } from "../../../files/scroll-window";

/** Lines a page. */
export const PAGE_LINES = 200;
/** Pages kept; beyond, the one read longest ago goes. */
const MAX_PAGES = 40;

/** The output of a line. */
export class OutputFeed {
  /** How many lines there are, as far as it is known. */
  total = $state(0);
  /** How many of the oldest are gone. */
  dropped = $state(0);
  problem = $state.raw<unknown>(null);
  /** Counts up whenever lines have come, so that what shows them looks again. */
  version = $state(0);
  readonly #pages = new Map<number, readonly OutputLine[]>();
  readonly #asking = new Set<number>();

  constructor(
    readonly job: number,
    readonly index: number,
  ) {}

  /** The line with this number, if it is here. */
  line(number: number): OutputLine | undefined {
    void this.version;
    return this.#pages.get(Math.floor(number / PAGE_LINES))?.[number % PAGE_LINES];
  }

  /** Tells that there are so many lines now. */
  grow(total: number): void {
    if (total > this.total) this.total = total;
  }

  /** Asks for what is missing of a range. */
  async want(range: RowRange): Promise<void> {
    const from = Math.max(0, Math.floor(range.first / PAGE_LINES));
    const to = Math.floor(Math.max(range.first, range.end - 1) / PAGE_LINES);
    const asked: Promise<void>[] = [];
    for (let page = from; page <= to; page += 1) {
      const here = this.#pages.get(page)?.length ?? 0;
      if (here < Math.min(PAGE_LINES, this.total - page * PAGE_LINES) && !this.#asking.has(page)) asked.push(this.#read(page));
    }
    await Promise.all(asked);
  }

  async #read(page: number): Promise<void> {
    this.#asking.add(page);
    try {
      const answer = await call("build_output", { job: this.job, index: this.index, from: page * PAGE_LINES, limit: PAGE_LINES });
      // What is not kept any more comes later than it was asked for: such lines stand at their own number.
      const lines: OutputLine[] = [];
      answer.lines.forEach((line, at) => (lines[answer.from + at - page * PAGE_LINES] = line));
      this.#pages.delete(page);
      this.#pages.set(page, lines.slice(0, PAGE_LINES));
      const [oldest] = this.#pages.keys();
      if (this.#pages.size > MAX_PAGES && oldest !== undefined) this.#pages.delete(oldest);
      this.dropped = answer.dropped;
      this.grow(answer.total);
      this.problem = null;
      this.version += 1;
    } catch (error) {
      this.problem = error;
    }
    this.#asking.delete(page);
  }
}
