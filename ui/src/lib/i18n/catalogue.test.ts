// What both languages owe: the same messages with the same gaps, one for each failure, none that nobody shows.
import { describe, expect, it } from "vitest";
import type { ErrorCode } from "../api/generated/types";
import { CATALOGUE, lookUp, type LanguageCode } from "./messages";

const LANGUAGES: readonly LanguageCode[] = ["en", "ko"];
const SOURCES = import.meta.glob<string>(["../**/*.svelte", "../**/*.ts", "../../App.svelte", "!../**/*.test.ts", "!../**/generated/**"], { query: "?raw", import: "default", eager: true });

/** What the sentences of each failure may name besides `{subject}`: the agreement with the application. */
const PARAMS: Record<ErrorCode, readonly string[]> = {
  referenceInvalid: ["reason"], hostUnknown: [], unreachable: ["reason"], tlsFailed: ["reason"], signInNeeded: ["registry", "repository"],
  passwordWrong: ["registry", "repository"], denied: ["registry", "reason"], repositoryUnknown: ["registry", "repository"],
  tagUnknown: ["registry", "repository", "tag"], blobUnknown: ["registry", "repository"], platformMissing: ["platform", "platforms"],
  rateLimited: ["seconds"], registryFailed: ["reason"], notARegistry: ["reason"], contentMismatch: ["reason"], documentInvalid: ["reason"],
  layerInvalid: ["reason"], tooLarge: ["limitBytes"], interrupted: ["reason"], diskFull: ["neededBytes", "freeBytes"], storeUnwritable: ["reason"],
  storeNewer: [], storeDamaged: ["reason"], imageUnknown: [], layerUnknown: ["layer", "count"], pathUnknown: ["path"], notAFile: ["path"],
  artifact: ["mediaType"], stopped: [], practiceFailed: ["reason"], internal: ["reason"],
  exportFailed: ["reason"], tooSlow: ["reason"], pullLimit: ["seconds"], realmUnknown: ["registry", "host"], registryBlocked: [], catalogMissing: [], keychainMissing: ["reason"], helperFailed: ["reason"],
  pathAbsent: ["path", "image"], pathDeleted: ["path", "image", "layer", "before"], pathNotInLayer: ["path", "image", "layer"], imageAmbiguous: [], exportTaken: [],
  loginRefused: [], digestUnknown: [], indexEmpty: [], registriesFile: ["reason"], filterInvalid: [], noTerminal: [],
  certificateInvalid: ["reason"], searchFailed: ["reason"], fileUnread: ["reason"], ruleUnknown: [],
  dockerfileMissing: [], dockerfileChanged: [], dockerfileInvalid: [], buildTargetUnknown: ["stages"], buildContextUnreadable: ["reason"],
  buildFileMissing: ["from"], buildFileIgnored: ["rule", "ruleLine"], buildDestination: ["reason"], buildUserUnknown: ["kind"], buildSecretMissing: ["kind"],
  buildNotAllowed: [], buildFetchFailed: ["reason"], buildStepFailed: ["exit"], buildStepKilled: ["signal"], runUnavailable: ["reason"], optionInvalid: [],
};

interface Messages {
  readonly [key: string]: string | Messages;
}

function leaves(messages: Messages, above = ""): [string, string][] {
  return Object.entries(messages).flatMap(([name, value]): [string, string][] => (typeof value === "string" ? [[above + name, value]] : leaves(value, `${above}${name}.`)));
}

const stem = (key: string): string => key.replace(/_(one|other)$/, "");
const stems = (language: LanguageCode): string[] => [...new Set(leaves(CATALOGUE[language]).map(([key]) => stem(key)))].sort();
const gaps = (text: string): string[] => [...new Set([...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? ""))].sort();

describe("the catalogue", () => {
  it("has the same messages in both languages", () => {
    expect(stems("ko")).toEqual(stems("en"));
  });

  it("has no message without words, but for the empty cells of the command's tables", () => {
    for (const language of LANGUAGES) {
      for (const [key, text] of leaves(CATALOGUE[language])) if (!key.startsWith("cli.")) expect(text.trim(), `${language} ${key}`).not.toBe("");
    }
  });

  it("has the same gaps in both languages", () => {
    const korean = new Map(leaves(CATALOGUE.ko));
    for (const [key, text] of leaves(CATALOGUE.en)) {
      if (key.endsWith("_one")) continue;
      expect(gaps(korean.get(key) ?? ""), key).toEqual(gaps(text));
    }
  });

  it.each(Object.keys(PARAMS) as ErrorCode[])("says of %s what it is, what happened and what to do, with what the application tells", (code) => {
    for (const language of LANGUAGES) {
      for (const part of ["title", "what", "todo"]) {
        const text = lookUp(language, `errors.${code}.${part}`);
        expect(text, `${language} ${part}`).toBeTypeOf("string");
        expect(["subject", ...PARAMS[code]], `${language} ${part}`).toEqual(expect.arrayContaining(gaps(text ?? "")));
        // The command line prints the same words.
        expect(text, `${language} ${part}`).not.toMatch(/[<>`]/);
      }
    }
  });

  it("has no Korean particle that depends on what fills a gap", () => {
    for (const [key, text] of leaves(CATALOGUE.ko)) {
      // Sizes end in B, read as a vowel: their particles are always the same.
      const unsure = [...text.matchAll(/\{(\w+)\}”?(은|는|이|가|을|를|과|와|으로|로)(?=\s|$|[.,])/g)].filter((match) => !/Bytes$/.test(match[1] ?? ""));
      expect(unsure.map((match) => match[0]), key).toEqual([]);
    }
  });
});

describe("what the code shows", () => {
  const text = Object.values(SOURCES).join("\n");
  const quoted = new Set([...text.matchAll(/"([a-zA-Z]+(?:\.[a-zA-Z0-9]+)+)"/g)].map((match) => match[1] ?? ""));
  const patterns = [...text.matchAll(/`([a-zA-Z]+\.(?:[\w.]|\$\{[^}`]+\})+)`/g)].map((match) => new RegExp(`^${(match[1] ?? "").replace(/\./g, "\\.").replace(/\$\{[^}]+\}/g, "[\\w.]+")}$`));

  it("finds sources to look into", () => {
    expect(Object.keys(SOURCES).length).toBeGreaterThan(40);
    expect(quoted.has("frame.nav.label")).toBe(true);
  });

  it("is in the catalogue", () => {
    const known = new Set(stems("en"));
    const top = new Set(Object.keys(CATALOGUE.en));
    const asked = [...text.matchAll(/\bt\("([^"]+)"/g)].map((match) => match[1] ?? "");
    const missing = asked.filter((key) => !known.has(key) || !top.has(key.split(".")[0] ?? ""));
    expect(missing).toEqual([]);
  });

  // What is said of Dockerfiles is found by the codes that the application gives; its own tests hold those against the catalogue.
  it("is all that the catalogue has, but for the command's own words and those of codes", () => {
    const unused = stems("en").filter((key) => !/^(cli|errors|lint|explain|dockerfile\.problem)\./.test(key) && !quoted.has(key) && !patterns.some((pattern) => pattern.test(key)));
    expect(unused).toEqual([]);
  });
});
