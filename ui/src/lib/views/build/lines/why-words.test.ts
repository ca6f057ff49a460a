import { beforeEach, describe, expect, it } from "vitest";
import { fakeLine } from "../../../api/fake-dockerfiles";
import type { WhyAnew } from "../../../api/generated/types";
import { setLanguage } from "../../../i18n";
import { consequences, firstAnew, reasonOf } from "./why-words";

beforeEach(() => setLanguage("en"));

const files: WhyAnew = { type: "files", changed: ["app.py"], added: ["new.py"], removed: ["old.py"], count: 3 };

describe("a reason", () => {
  it("names the files, with those that came and went", () => {
    const reason = reasonOf(files);
    expect(reason.sentence).toBe("3 files that it copies have changed since the last build:");
    expect(reason.files).toEqual([{ path: "app.py", change: "changed" }, { path: "new.py", change: "added" }, { path: "old.py", change: "removed" }]);
    expect(reason.more).toBe(0);
  });

  it("counts the files that it does not name", () => {
    const changed = Array.from({ length: 100 }, (_, at) => `${at}.py`);
    const reason = reasonOf({ type: "files", changed, added: [], removed: [], count: 4_000 });
    expect(reason.files).toHaveLength(12);
    expect(reason.more).toBe(3_988);
  });

  it("shows the line of before on one line", () => {
    expect(reasonOf({ type: "text", before: "RUN a \\\n  b", now: "RUN c" }).sentence).toBe("The line says something else now. Before: RUN a b. Now: RUN c.");
  });

  it("names a setting by its word, and one without a word as it is called", () => {
    expect(reasonOf({ type: "setting", name: "workdir" }).sentence).toContain("the working folder");
    expect(reasonOf({ type: "setting", name: "novel" }).sentence).toContain("novel");
  });

  it.each<WhyAnew>([{ type: "first" }, { type: "asked" }, { type: "gone" }, { type: "argument", name: "A" }, { type: "environment", name: "A" }, { type: "follows", line: 4 }, { type: "base" }])("%j has a sentence in both languages", (why) => {
    for (const language of ["en", "ko"] as const) {
      setLanguage(language);
      expect(reasonOf(why).sentence).not.toMatch(/build\.why|[{}]/);
    }
  });
});

describe("the lines of a build", () => {
  const lines = [
    fakeLine({ index: 0, line: 1, state: "cached" }), fakeLine({ index: 1, line: 2, state: "notNeeded", why: { type: "first" } }),
    fakeLine({ index: 2, line: 3, state: "done", why: files }), fakeLine({ index: 3, line: 4, state: "done", why: { type: "follows", line: 3 } }), fakeLine({ index: 4, line: 6, state: "waiting", why: { type: "follows", line: 3 } }),
  ];

  it("have one that began it", () => {
    expect(firstAnew(lines)?.line).toBe(3);
    expect(firstAnew(lines.slice(0, 2))).toBeNull();
  });

  it("tell which follow and which are reused", () => {
    const [, , line] = lines;
    if (!line) throw new Error("there are five lines");
    expect(consequences(lines, line)).toEqual(["Lines 4, 6 stand on it, so they follow.", "Line 1 is not touched by it: its layer is reused as it is."]);
  });
});
