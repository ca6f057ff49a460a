import { beforeEach, describe, expect, it } from "vitest";
import { fakeLine } from "../../../api/fake-dockerfiles";
import { setLanguage } from "../../../i18n";
import { kindOf, lineRanges, lineWords } from "./line-words";

beforeEach(() => setLanguage("en"));

describe("a line", () => {
  it("that is cached says what that saved, and before a build what it will save", () => {
    const line = fakeLine({ state: "cached", savedMilliseconds: 38_000 });
    expect(lineWords(line, false)).toEqual({ tone: "cached", state: "cached", time: "saved 38 sec" });
    expect(lineWords(line, true).time).toBe("saves 38 sec");
  });

  it("that takes no time says no time", () => {
    expect(lineWords(fakeLine({ state: "cached", savedMilliseconds: 3 }), false).time).toBe("");
  });

  it("that was made says whether that was for the first time", () => {
    expect(lineWords(fakeLine({ state: "done", milliseconds: 300, why: { type: "asked" } }), false)).toEqual({ tone: "anew", state: "made anew", time: "0.3 sec" });
    expect(lineWords(fakeLine({ state: "done", why: { type: "first" } }), false).state).toBe("made");
  });

  it("that waits says before a build what would be", () => {
    expect(lineWords(fakeLine({ why: { type: "follows", line: 2 } }), true).state).toBe("would be made anew");
    expect(lineWords(fakeLine({ why: { type: "first" } }), true).state).toBe("new");
    expect(lineWords(fakeLine({}), true).state).toBe("");
    expect(lineWords(fakeLine({ why: { type: "first" } }), false).state).toBe("waiting");
  });

  it("is marked by what it makes", () => {
    expect(["FROM", "RUN", "COPY", "ADD", "ENV"].map(kindOf)).toEqual(["base", "run", "copy", "copy", "settings"]);
  });
});

describe("numbers of lines", () => {
  it.each([[[3], "3"], [[4, 3], "3, 4"], [[3, 4, 5, 9], "3–5, 9"], [[], ""], [[7, 7], "7"]])("%j are %j", (numbers, text) => {
    expect(lineRanges(numbers)).toBe(text);
  });
});
