import { describe, expect, it } from "vitest";
import { runsOf } from "./ansi";

const ESC = "\u001b";

describe("a line of output", () => {
  it("without colours is one run of text", () => {
    expect(runsOf("plain <b>text</b>")).toEqual([{ text: "plain <b>text</b>", classes: "" }]);
  });

  it("is coloured as a terminal would", () => {
    expect(runsOf(`${ESC}[1;31mbad${ESC}[0m and ${ESC}[92mgood${ESC}[39m.`)).toEqual([
      { text: "bad", classes: "c1 bold" }, { text: " and ", classes: "" }, { text: "good", classes: "c10" }, { text: ".", classes: "" },
    ]);
  });

  it("has of many colours the nearest of sixteen", () => {
    expect(runsOf(`${ESC}[38;5;196mred${ESC}[38;2;0;0;200mblue${ESC}[48;5;2mground`).map((run) => run.classes)).toEqual(["c9", "c12", "c12 g2"]);
  });

  it("turned round has a ground of its colour", () => {
    expect(runsOf(`${ESC}[33;7mx`)).toEqual([{ text: "x", classes: "c0 g3" }]);
  });

  it("loses what would move the cursor, name a window or link", () => {
    expect(runsOf(`a${ESC}[2K${ESC}[1Gb${ESC}]0;title\u0007c${ESC}]8;;http://x${ESC}\\d`).map((run) => run.text).join("")).toBe("abcd");
  });

  it("that was written over shows its last state", () => {
    expect(runsOf("10%\r50%\r100%\r")).toEqual([{ text: "100%", classes: "" }]);
  });

  it("shows what hides or turns the reading round", () => {
    expect(runsOf("a\u202eb\u0007")[0]?.text).toBe("a<U+202E>b<U+0007>");
  });
});
