import { describe, expect, it } from "vitest";
import { fakeLine, readDockerfile } from "../../../api/fake-dockerfiles";
import type { BuildLayer, BuildStage, PastBuild } from "../../../api/generated/types";
import { buildBands, columnHeights, pastBands, stageChain, targetStage, type Band } from "./build-bands";

const TEXT = "ARG V=1\nFROM golang AS build\nRUN make\nFROM build AS more\nWORKDIR /x\nENV A=1\nRUN more\nFROM scratch\nCOPY --from=more /a /\nCMD a\n";
const { lines, stages } = readDockerfile(TEXT);
const layer = (tarBytes: number): BuildLayer => ({ digest: "sha256:1", bytes: 1, tarBytes, isSame: false });
const texts = (bands: readonly Band[]): string[] => bands.map((band) => `${band.kind}: ${band.text}`);

describe("the stages of an image", () => {
  it("end with the last that is needed", () => {
    expect(targetStage(stages)).toBe(2);
    expect(targetStage(stages.map((stage) => ({ ...stage, isNeeded: stage.index < 2 })))).toBe(1);
    expect(targetStage([])).toBe(0);
  });

  it("are those it stands on, not those it copies from", () => {
    expect(stageChain(stages, 2)).toEqual([2]);
    expect(stageChain(stages, 1)).toEqual([0, 1]);
  });

  it("are found by the nearest earlier stage of that name, and end where one stands on itself by name", () => {
    const own: BuildStage[] = [{ index: 0, name: "a", base: "a", needs: [], line: 1, isNeeded: true }, { index: 1, name: "b", base: "A", needs: [0], line: 2, isNeeded: true }];
    expect(stageChain(own, 1)).toEqual([0, 1]);
  });
});

describe("the bands of a build", () => {
  it("are the layers; lines that only set something are dashed and drawn together", () => {
    expect(texts(buildBands(lines, stages, 1))).toEqual(["base: FROM golang AS build", "run: RUN make", "settings: WORKDIR /x · ENV A=1", "run: RUN more"]);
    expect(texts(buildBands(lines, stages, 2))).toEqual(["copy: COPY --from=more /a /", "settings: CMD a"]);
  });

  it("have one for a folder that had to be made", () => {
    const made = lines.map((line) => (line.keyword === "WORKDIR" ? { ...line, layer: layer(5) } : line));
    expect(texts(buildBands(made, stages, 1))[2]).toBe("other: WORKDIR /x");
  });

  it("show a line of several as one, and nothing that hides", () => {
    expect(texts(buildBands([fakeLine({ text: "RUN a && \\\n    b\u202e" })], [{ index: 0, name: null, base: "x", needs: [], line: 1, isNeeded: true }], 0))).toEqual(["run: RUN a && b<U+202E>"]);
  });
});

describe("the bands of the build before", () => {
  const past = (text: string): PastBuild => ({
    number: 1, file: "Dockerfile", target: null, tags: [], startedAt: "", milliseconds: 1, manifest: null, bytes: 1, cached: 0,
    lines: readDockerfile(text).lines.map((line) => ({ text: line.text, keyword: line.keyword, milliseconds: 5, isCached: false, layer: null })),
  });

  it("are those of the same stages", () => {
    expect(texts(pastBands(past(TEXT), stages, 1))).toEqual(["base: FROM golang AS build", "run: RUN make", "settings: WORKDIR /x · ENV A=1", "run: RUN more"]);
  });

  it("are those of the last stage where there were others", () => {
    expect(texts(pastBands(past("FROM old AS a\nRUN a\nFROM b\nRUN b\n"), stages, 2))).toEqual(["base: FROM b", "run: RUN b"]);
  });
});

describe("the heights of both columns", () => {
  const band = (text: string, bytes: number | null): Band => ({ key: text, kind: "run", text, state: "done", milliseconds: 0, saved: null, bytes, isSame: false, index: 0 });

  it("are the same for what stands in both, also while it is not made", () => {
    const { now, then } = columnHeights([band("a", 100_000_000), band("b", null)], [band("a", 100_000_000), band("b", 40_000_000), band("c", 10)], 600);
    expect(now).toEqual(then.slice(0, 2));
    expect(now[0]).toBeGreaterThan(now[1] ?? 0);
  });
});
