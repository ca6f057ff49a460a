// The state of one file tree on the screen: what is asked for, the rows that have come, and which row is current.
import { call } from "../api";
import type { FileQuery, FileRow, FileRows, Scope, SortBy } from "../api/generated/types";
import { ALL_CLOSED, ALL_OPEN, withFolder, type OpenSet } from "./open-set";
import { PAGE_ROWS, RowCache, pagesFor } from "./row-cache";
import type { RowRange } from "./scroll-window";
import { parentAtMost } from "./tree-keys";

/** Where the list comes from. */
export interface FileSource {
  manifest: string;
  layer: number;
  scope: Scope;
}

/** Everything that decides which rows there are, and in what order. */
interface Shape extends FileSource {
  sort: SortBy;
  filter: string;
  open: OpenSet;
}

/** Reads a page of rows: of a stored image, unless said otherwise. */
export type RowsReader = (query: FileQuery) => Promise<FileRows>;

/** Pages asked for at once; a fling past thousands of rows must not queue thousands of questions. */
const MAX_IN_FLIGHT = 2;

/** The file tree's state. Rows stay on the screen until those of the next shape have come. */
export class FileList {
  #shape = $state.raw<Shape>({ manifest: "", layer: 0, scope: "layer", sort: "name", filter: "", open: ALL_CLOSED });
  #cache = $state.raw(new RowCache());
  /** Goes up when a page has come, for whoever reads rows. */
  #arrivals = $state(0);
  /** Goes up with each new shape: an answer to an older one is dropped. */
  #generation = 0;
  #range: RowRange = { first: 0, end: PAGE_ROWS };
  #direction: -1 | 0 | 1 = 0;
  readonly #inFlight = new Set<number>();
  readonly #read: RowsReader;

  constructor(read: RowsReader = (query) => call("file_rows", { query })) {
    this.#read = read;
  }

  /** The last answer, without its rows; none before the first. */
  summary = $state.raw<Omit<FileRows, "rows"> | null>(null);
  /** What went wrong with the last question. */
  error = $state.raw<unknown>(null);
  /** The current row's place. */
  active = $state(0);
  /** Whether rows of a new shape are awaited. */
  loading = $state(true);
  /** Goes up when the list starts anew from its top. */
  resets = $state(0);

  get total(): number {
    return this.summary?.total ?? 0;
  }
  get scope(): Scope {
    return this.#shape.scope;
  }
  get sort(): SortBy {
    return this.#shape.sort;
  }
  get filter(): string {
    return this.#shape.filter;
  }
  get source(): FileSource {
    return this.#shape;
  }
  get allOpen(): boolean {
    return this.#shape.open.base === "open" && this.#shape.open.except.size === 0;
  }
  get allClosed(): boolean {
    return this.#shape.open.base === "closed" && this.#shape.open.except.size === 0;
  }

  /** The row at a place, if it has come. */
  row(index: number): FileRow | undefined {
    void this.#arrivals;
    return this.#cache.row(index);
  }

  /** Shows another list, with every folder closed; under a filter they are open, so that what was found is seen. */
  show(source: FileSource): void {
    const open = this.#shape.filter === "" ? ALL_CLOSED : ALL_OPEN;
    void this.#reshape({ ...this.#shape, ...source, open }, 0);
  }
  /** Sorts siblings. */
  sortBy(sort: SortBy): void {
    if (sort !== this.sort) void this.#reshape({ ...this.#shape, sort }, 0);
  }
  /** Keeps what a glob or a part of a name finds. */
  filterBy(filter: string): void {
    if (filter === this.filter) return;
    void this.#reshape({ ...this.#shape, filter, open: filter === "" ? ALL_CLOSED : ALL_OPEN }, 0);
  }
  /** Opens or closes every folder. */
  setAllOpen(open: boolean): void {
    void this.#reshape({ ...this.#shape, open: open ? ALL_OPEN : ALL_CLOSED }, 0);
  }
  /** Opens or closes one folder. Rows above it do not move, so it stays where it is. */
  setOpen(row: FileRow, open: boolean): void {
    void this.#reshape({ ...this.#shape, open: withFolder(this.#shape.open, row.id, open) }, null);
  }
  /** Asks again after an error. */
  retry(): void {
    void this.#reshape(this.#shape, null);
  }

  /** Ends it: answers that are still under way change nothing. */
  forget(): void {
    this.#generation += 1;
  }

  /** Says which rows are on the screen, so that they and the next are fetched. */
  watch(range: RowRange): void {
    if (range.first !== this.#range.first) this.#direction = range.first > this.#range.first ? 1 : -1;
    this.#range = range;
    this.#fetchMissing();
  }

  /** The place of a row's parent; earlier rows are fetched where it is not near. */
  async parentOf(row: FileRow): Promise<number | null> {
    const generation = this.#generation;
    for (let index = parentAtMost(row); index >= 0; index -= 1) {
      const page = Math.floor(index / PAGE_ROWS);
      if (!this.#cache.has(page)) await this.#fetchPage(page);
      const found = this.#cache.row(index);
      if (found === undefined || generation !== this.#generation) return null;
      if (found.depth < row.depth) return index;
    }
    return null;
  }

  /** Puts a new shape in place once its first rows are here. `active` null keeps the current row. */
  async #reshape(shape: Shape, active: number | null): Promise<void> {
    this.#generation += 1;
    const generation = this.#generation;
    this.#shape = shape;
    this.#inFlight.clear();
    this.loading = true;
    this.error = null;
    const onScreen = pagesFor(this.#range, this.total, 0);
    const pages = active !== null || onScreen.length === 0 ? [0] : onScreen;
    try {
      const answers = await Promise.all(pages.map((page) => this.#ask(page)));
      const answer = answers.at(-1);
      if (generation !== this.#generation || answer === undefined) return;
      const cache = new RowCache();
      answers.forEach(({ rows }, place) => cache.put(pages[place] ?? 0, rows));
      this.#cache = cache;
      this.#accept(answer);
      if (active !== null) this.resets += 1;
      this.active = Math.min(active ?? this.active, Math.max(0, answer.total - 1));
      this.#fetchMissing();
    } catch (error) {
      if (generation === this.#generation) this.error = error;
    } finally {
      if (generation === this.#generation) this.loading = false;
    }
  }

  #fetchMissing(): void {
    if (this.loading || this.error !== null) return;
    for (const page of this.#cache.missing(pagesFor(this.#range, this.total, this.#direction))) {
      if (this.#inFlight.size >= MAX_IN_FLIGHT) return;
      if (!this.#inFlight.has(page)) void this.#fetchPage(page).then(() => this.#fetchMissing());
    }
  }

  async #fetchPage(page: number): Promise<void> {
    const generation = this.#generation;
    this.#inFlight.add(page);
    try {
      const answer = await this.#ask(page);
      if (generation !== this.#generation) return;
      this.#cache.put(page, answer.rows);
      this.#accept(answer);
    } catch (error) {
      if (generation === this.#generation) this.error = error;
    } finally {
      if (generation === this.#generation) this.#inFlight.delete(page);
    }
  }

  #accept(answer: FileRows): void {
    const { total, files, counts, from } = answer;
    this.summary = { total, files, counts, from };
    this.#arrivals += 1;
  }

  #ask(page: number): Promise<FileRows> {
    const { manifest, layer, scope, sort, filter, open } = this.#shape;
    const query: FileQuery = {
      manifest, layer, scope, sort, filter,
      base: open.base, except: [...open.except], from: page * PAGE_ROWS, count: PAGE_ROWS,
    };
    return this.#read(query);
  }
}
