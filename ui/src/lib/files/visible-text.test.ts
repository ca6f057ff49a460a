import { expect, it } from "vitest";
import { lineNumbers, visibleText } from "./visible-text";

it("writes out what would turn the reading direction around or hide", () => {
  expect(visibleText("a\u202Eb\u200Bc\u001b[0m")).toBe("a<U+202E>b<U+200B>c<U+001B>[0m");
});

it("keeps tabs, line ends and every script", () => {
  expect(visibleText("\t한국어\r\nשלום\n")).toBe("\t한국어\nשלום\n");
});

it("counts lines as an editor does", () => {
  expect(lineNumbers("")).toBe("");
  expect(lineNumbers("a")).toBe("1");
  expect(lineNumbers("a\nb\n")).toBe("1\n2");
  expect(lineNumbers("\n\n")).toBe("1\n2");
});
