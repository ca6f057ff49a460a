import { expect, it } from "vitest";
import { jsonLines } from "./json-lines";

it("gives each field its path, lists left out, and prints the same document", () => {
  const document = { schemaVersion: 2, layers: [{ digest: "sha256:1", size: 3 }, { digest: "sha256:2", urls: [] }], annotations: {}, "odd.key": null };
  const lines = jsonLines(JSON.stringify(document));
  expect(lines?.filter((line) => line.name === "digest").map((line) => [line.path, line.value])).toEqual([["layers.digest", "sha256:1"], ["layers.digest", "sha256:2"]]);
  const printed = lines?.map((line) => (line.name === null ? "" : `${JSON.stringify(line.name)}:`) + line.text).join("\n") ?? "";
  expect(JSON.parse(printed)).toEqual(document);
});

it("says of what is no JSON that it is none", () => {
  expect(jsonLines("<html>")).toBeNull();
});
