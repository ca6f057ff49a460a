import { beforeEach, expect, it } from "vitest";
import { fakeFiles } from "../api/fake-content";
import type { FileRow } from "../api/generated/types";
import { setLanguage } from "../i18n";
import { marksOf, modeLetters, modeWords } from "./mode-words";

beforeEach(() => setLanguage("en"));

function row(changed: Partial<FileRow>): FileRow {
  const [first] = fakeFiles({ manifest: "", layer: 1, scope: "layer", sort: "name", filter: "", base: "closed", except: [], from: 0, count: 1 }).rows;
  if (!first) throw new Error("there is a file");
  return { ...first, ...changed };
}

it.each([
  ["0755", "file", "-rwxr-xr-x"], ["4755", "file", "-rwsr-xr-x"], ["4644", "file", "-rwSr--r--"], ["2755", "directory", "drwxr-sr-x"], ["1777", "directory", "drwxrwxrwt"],
  ["1666", "directory", "drw-rw-rwT"], ["0000", "charDevice", "c---------"], ["0777", "symlink", "lrwxrwxrwx"],
] as const)("writes %s of a %s as %s", (mode, kind, letters) => {
  expect(modeLetters(mode, kind)).toBe(letters);
});

it("says who may do what, of a folder in other words than of a file", () => {
  expect(modeWords({ mode: "0640", kind: "file" }).split("\n")).toEqual(["-rw-r-----", "The owner may read, write", "The group may read", "Others may do nothing"]);
  expect(modeWords({ mode: "0711", kind: "directory" })).toContain("The owner may list it, add and remove, enter");
});

it("marks what gives rights, and what else is special", () => {
  const texts = (changed: Partial<FileRow>): string[] => marksOf(row(changed)).map(({ text }) => text);
  expect(texts({})).toEqual([]);
  expect(texts({ mode: "6755" })).toEqual(["setuid", "setgid"]);
  expect(texts({ mode: "1777", kind: "directory" })).toEqual(["sticky"]);
  expect(texts({ mode: "4777", kind: "symlink" })).toEqual([]);
  expect(texts({ capabilities: "cap_net_raw+ep", xattrs: ["security.capability", "user.a"] })).toEqual(["cap_net_raw+ep", "1 attribute"]);
  expect(texts({ kind: "charDevice", device: [1, 3] })).toEqual(["1:3"]);
  expect(marksOf(row({ mode: "4755" }))[0]?.explanation).toContain("rights of the file's owner");
});
