import { expect, it } from "vitest";
import { highlighted } from "./highlight";
import { languageOf } from "./language-of";

it("finds a language by name, ending or first line", () => {
  expect(languageOf("etc/nginx/conf.d/default.conf", "")).toBe("nginx");
  expect(languageOf("app/Dockerfile", "")).toBe("dockerfile");
  expect(languageOf("a/b.PY", "")).toBe("python");
  expect(languageOf("usr/bin/tool", "#!/usr/bin/env python3\n")).toBe("python");
  expect(languageOf("usr/bin/tool", "#!/bin/sh\n")).toBe("bash");
  expect(languageOf("etc/motd", "hello")).toBeNull();
  expect(languageOf("constructor", "x")).toBeNull();
});

it("colours words and loses none, markup included", () => {
  const text = 'def f():\n    return "<script>alert(1)</script>"\n\n# end';
  const lines = highlighted(text, "python");
  expect(lines.map((line) => line.map((piece) => piece.text).join("")).join("\n")).toBe(text);
  expect(lines[0]?.[0]).toEqual({ text: "def", is: "keyword" });
  expect(lines[1]?.some((piece) => piece.is === "string" && piece.text.includes("<script>"))).toBe(true);
});
