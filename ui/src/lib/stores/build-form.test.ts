import { describe, expect, it } from "vitest";
import type { BuildSheet } from "../api/generated/types";
import { buildCommand, buildStart, emptyForm, formFor } from "./build-form";

const sheet = (part: Partial<BuildSheet> = {}): BuildSheet => ({
  file: "/p/shop/Dockerfile", text: "", canSave: true, context: { path: "/p/shop" } as BuildSheet["context"], stages: [{ index: 0, name: "build", base: "x", needs: [], line: 1, isNeeded: true }],
  arguments: [{ name: "A", default: null, line: 1 }], lines: [], suggestedTag: "shop:latest", problem: null, canRun: true, before: null, ...part,
});

describe("the form", () => {
  it("begins with the suggested name", () => {
    expect(formFor(sheet(), null)).toEqual({ ...emptyForm(), names: "shop:latest" });
  });

  it("keeps what was typed as far as the Dockerfile still has it", () => {
    const form = { ...emptyForm(), names: "mine:1", target: "gone", values: { A: "1", B: "2" } };
    expect(formFor(sheet(), form)).toMatchObject({ names: "mine:1", target: "", values: { A: "1" } });
    expect(formFor(sheet(), { ...form, target: "build" }).target).toBe("build");
  });
});

describe("what is asked for", () => {
  it("has names apart, and only arguments that were typed", () => {
    const start = buildStart("/p", null, null, { ...emptyForm(), names: " a:1,  b:2 ", values: { A: "", B: "x y" }, platform: " linux/arm64 " });
    expect(start).toMatchObject({ tags: ["a:1", "b:2"], arguments: [{ name: "B", value: "x y" }], platform: "linux/arm64", target: null, network: null, text: null });
  });
});

describe("the command", () => {
  const start = (part: Partial<ReturnType<typeof emptyForm>>): ReturnType<typeof buildStart> => buildStart("/p/shop", null, null, { ...emptyForm(), ...part });

  it("says all that the form says", () => {
    const form = { names: "shop:1", target: "build", values: { A: "x y" }, platform: "linux/arm64", noCache: true, pull: true, network: "none" as const };
    expect(buildCommand(start(form), sheet())).toBe("docker build -t shop:1 --target build --build-arg 'A=x y' --platform linux/arm64 --no-cache --pull --network none /p/shop");
  });

  it("names a Dockerfile that stands elsewhere", () => {
    expect(buildCommand(start({}), sheet({ file: "/p/shop/web.Dockerfile" }))).toBe("docker build -f /p/shop/web.Dockerfile /p/shop");
  });

  it("sends the Dockerfile alone where there is no context", () => {
    expect(buildCommand(start({}), sheet({ context: null, file: "/a b/Dockerfile" }))).toBe("docker build - < '/a b/Dockerfile'");
  });

  it("is known before the sheet is", () => {
    expect(buildCommand(start({}), null)).toBe("docker build /p/shop");
  });
});
