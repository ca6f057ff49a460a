// Which language a file is written in, from its name or its first line.

const BY_ENDING: ReadonlyMap<string, string> = new Map(Object.entries({
  sh: "bash", bash: "bash", ash: "bash", zsh: "bash", profile: "bash", py: "python", pyi: "python", js: "javascript", mjs: "javascript", cjs: "javascript",
  ts: "typescript", mts: "typescript", json: "json", jsonld: "json", ipynb: "json", yml: "yaml", yaml: "yaml", toml: "ini", ini: "ini", cfg: "ini", conf: "ini", cnf: "ini",
  service: "ini", desktop: "ini", properties: "ini", env: "bash", xml: "xml", html: "xml", htm: "xml", svg: "xml", xsl: "xml", css: "css", c: "c", h: "c", cc: "cpp", cpp: "cpp",
  hpp: "cpp", go: "go", rs: "rust", rb: "ruby", gemspec: "ruby", pl: "perl", pm: "perl", php: "php", java: "java", sql: "sql", mk: "makefile", dockerfile: "dockerfile",
}));
const BY_NAME: ReadonlyMap<string, string> = new Map(Object.entries({
  dockerfile: "dockerfile", containerfile: "dockerfile", makefile: "makefile", ".bashrc": "bash", ".profile": "bash", profile: "bash", "nginx.conf": "nginx",
  "httpd.conf": "apache", "apache2.conf": "apache", gemfile: "ruby", rakefile: "ruby", "os-release": "bash", ".npmrc": "ini", ".gitconfig": "ini",
}));
const BY_PROGRAM: readonly [RegExp, string][] = [[/\b(?:ba|da|a|z|k)?sh\b/, "bash"], [/\bpython/, "python"], [/\bperl/, "perl"], [/\bnode\b/, "javascript"], [/\bruby/, "ruby"], [/\bphp/, "php"]];

/** The language, as the highlighter calls it; none if it is plain text. */
export function languageOf(path: string, text: string): string | null {
  const name = (path.split("/").at(-1) ?? "").toLowerCase();
  const byName = BY_NAME.get(name);
  if (byName !== undefined) return byName;
  if (path.includes("nginx/") && name.endsWith(".conf")) return "nginx";
  const ending = /\.([a-z0-9]+)$/.exec(name)?.[1];
  const byEnding = ending === undefined ? undefined : BY_ENDING.get(ending);
  if (byEnding !== undefined) return byEnding;
  const first = /^#!(.*)/.exec(text)?.[1];
  return first === undefined ? null : (BY_PROGRAM.find(([program]) => program.test(first))?.[1] ?? null);
}
