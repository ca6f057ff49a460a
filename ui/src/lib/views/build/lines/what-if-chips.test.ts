import { describe, expect, it } from "vitest";
import { fakeLine, readDockerfile } from "../../../api/fake-dockerfiles";
import type { BuildSheet, ContextLook } from "../../../api/generated/types";
import { copiedPaths, filesToAsk, firstMove, movableLines } from "./what-if-chips";

const copy = (text: string): string[] => copiedPaths(fakeLine({ keyword: "COPY", text }));

describe("the files that a line copies", () => {
  it("are its words but for flags and the last one", () => {
    expect(copy("COPY --chown=1:1 a b/c /app/")).toEqual(["a", "b/c"]);
  });
  it("are those of a list", () => {
    expect(copy('COPY ["a b", "c", "/app/"]')).toEqual(["a b", "c"]);
    expect(copy("COPY [broken /app/")).toEqual([]);
  });
  it("are none of another stage, of an address or of text in the Dockerfile itself", () => {
    expect(copy("COPY --from=build /out /")).toEqual([]);
    expect(copiedPaths(fakeLine({ keyword: "ADD", text: "ADD https://x/y.tgz a /" }))).toEqual(["a"]);
    expect(copy("COPY <<EOF /x")).toEqual([]);
    expect(copiedPaths(fakeLine({ keyword: "RUN", text: "RUN cp a b" }))).toEqual([]);
  });
});

describe("what to ask about", () => {
  const sheet = (text: string, largest: readonly string[]): BuildSheet =>
    ({ lines: readDockerfile(text).lines, context: { largest: largest.map((path) => ({ path, bytes: 1 })) } as ContextLook } as BuildSheet);

  it("are the files that lines name, then the largest, each once", () => {
    expect(filesToAsk(sheet("FROM x\nCOPY ./go.mod go.sum ./\nCOPY web ./web\nCOPY *.py .\nCOPY . .\n", ["web/logo.png", "go.mod", "main.go"]))).toEqual(["go.mod", "go.sum", "web/logo.png", "main.go"]);
  });

  it("is a move of the line that copies everything above one that costs", () => {
    const { lines } = readDockerfile("FROM x\nCOPY req .\nRUN install\nCOPY . .\nRUN compile\n");
    expect(firstMove(lines)).toEqual({ from: 3, before: 1 });
  });

  it("is a move of the command above the copy where nothing is above it", () => {
    const { lines } = readDockerfile("FROM x\nCOPY . .\nRUN install\n");
    expect(firstMove(lines)).toEqual({ from: 2, before: 1 });
    expect(firstMove(readDockerfile("FROM x\n").lines)).toBeNull();
  });

  it("are moves of lines within stages only", () => {
    const { lines } = readDockerfile("ARG A=1\nFROM x\nRUN a\n");
    expect(movableLines(lines).map((line) => line.text)).toEqual(["RUN a"]);
  });
});
