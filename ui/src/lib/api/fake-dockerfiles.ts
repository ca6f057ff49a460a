// Pretended Dockerfiles, read roughly: as much as a picture of a build needs.
import type { BuildExample, BuildLine, BuildStage, DeclaredArgument } from "./generated/types";

const SHOP = `FROM python:3.11-slim
ENV PYTHONUNBUFFERED=1
COPY requirements.txt .
RUN pip install -r requirements.txt
COPY . .
RUN python -m compileall .
CMD ["python","app.py"]
`;

const STAGES = `ARG GO_VERSION=1.23
FROM golang:\${GO_VERSION} AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -o /out/server .

FROM build AS test
RUN go test ./...

FROM debian:12-slim AS assets
COPY web ./web
RUN tar -czf /assets.tgz web

FROM scratch
ARG VERSION=dev
LABEL version=\${VERSION}
COPY --from=build /out/server /server
COPY --from=assets /assets.tgz /assets.tgz
ENTRYPOINT ["/server"]
`;

const HELLO = `# The smallest image: one file on nothing.
FROM scratch
COPY hello.txt /
CMD ["/hello.txt"]
`;

const MISTAKE = `FROM localhost:5150/practice/toolbox:1.0
RUN pyhton --version
`;

const TEXTS: Readonly<Record<string, string>> = { stages: STAGES, first: HELLO, mistake: MISTAKE };

/** Examples that need no network. */
export const EXAMPLES: readonly BuildExample[] = ["first", "cache", "stages", "mistake"].map((code) => ({ code, path: `/data/strata/examples/${code}` }));

/** The text of the Dockerfile at a path. */
export function textOf(path: string): string {
  const word = Object.keys(TEXTS).find((each) => path.includes(each));
  return TEXTS[word ?? ""] ?? SHOP;
}

interface Read {
  lines: BuildLine[];
  stages: BuildStage[];
  arguments: DeclaredArgument[];
}

/** A line that waits. */
export function fakeLine(part: Partial<BuildLine>): BuildLine {
  return {
    index: 0, line: 1, endLine: 1, stage: 0, keyword: "RUN", text: "RUN make", state: "waiting", milliseconds: 0, savedMilliseconds: null, layer: null, why: null,
    outputLines: 0, warnings: [], ...part,
  };
}

/** Its instructions, stages and arguments. */
export function readDockerfile(text: string): Read {
  const lines: BuildLine[] = [];
  const stages: BuildStage[] = [];
  const declared: DeclaredArgument[] = [];
  for (const { text: instruction, line, endLine } of instructions(text)) {
    const keyword = (/^\w+/.exec(instruction)?.[0] ?? "").toUpperCase();
    const words = instruction.split(/\s+/);
    if (keyword === "FROM") {
      const base = words[1] ?? "";
      const on = stages.find((stage) => stage.name === base);
      stages.push({ index: stages.length, name: words[2]?.toLowerCase() === "as" ? (words[3] ?? null) : null, base, needs: on ? [on.index] : [], line, isNeeded: true });
    }
    const from = /--from=(\S+)/.exec(instruction)?.[1];
    const source = stages.find((stage) => stage.name === from);
    if (source !== undefined) stages.at(-1)?.needs.push(source.index);
    if (keyword === "ARG") {
      const [name = "", value] = (words[1] ?? "").split("=");
      declared.push({ name, default: value ?? null, line });
    }
    lines.push(fakeLine({ index: lines.length, line, endLine, stage: stages.length === 0 ? null : stages.length - 1, keyword, text: instruction }));
  }
  return { lines, stages, arguments: declared };
}

function instructions(text: string): { text: string; line: number; endLine: number }[] {
  const found: { text: string; line: number; endLine: number }[] = [];
  let open: { text: string; line: number; endLine: number } | null = null;
  text.split("\n").forEach((line, at) => {
    if (open !== null) {
      open.text += `\n${line}`;
      open.endLine = at + 1;
    } else if (line.trim() !== "" && !line.trim().startsWith("#")) {
      open = { text: line.trim(), line: at + 1, endLine: at + 1 };
    }
    if (open !== null && !line.trimEnd().endsWith("\\")) {
      found.push(open);
      open = null;
    }
  });
  return found;
}

/** The stages that a target needs; all are built for the last one's sake alone. */
export function neededStages(stages: readonly BuildStage[], target: string | null): ReadonlySet<number> {
  const last = stages.find((stage) => stage.name === target || String(stage.index) === target) ?? stages.at(-1);
  const needed = new Set<number>();
  const walk = (index: number): void => {
    if (needed.has(index)) return;
    needed.add(index);
    stages[index]?.needs.forEach(walk);
  };
  if (last !== undefined) walk(last.index);
  return needed;
}
