import { beforeEach, describe, expect, it } from "vitest";
import { formatBytes, formatDuration, formatPercent, formatRelative, formatTook, languageFor, setLanguage, t, tKnown } from "./index";

beforeEach(() => setLanguage("en"));

describe("a message", () => {
  it("has its gaps filled, and numbers written as the language does", () => {
    expect(t("pull.progress", { done: "1 MB", total: "2 MB" })).toBe("1 MB of 2 MB");
    expect(t("frame.footer.running", { count: 12_345 })).toBe("12,345 downloads running");
  });

  it("chooses its plural form by the count", () => {
    expect(t("frame.footer.running", { count: 1 })).toBe("1 download running");
    expect(t("frame.footer.running", { count: 2 })).toBe("2 downloads running");
    setLanguage("ko");
    expect(t("frame.footer.running", { count: 1 })).toBe("다운로드 1개 진행 중");
  });

  it("leaves a gap without a value empty", () => {
    expect(t("errors.tagUnknown.what")).toBe("The registry has no .");
  });

  it("takes what fills a gap as text, not as another gap", () => {
    expect(t("errors.tagUnknown.what", { subject: "{subject}$&" })).toBe("The registry has no {subject}$&.");
  });
});

describe("the language", () => {
  it.each([["ko", "ko"], ["ko-KR", "ko"], ["KO_kr", "ko"], ["en-GB", "en"], ["kok-IN", "en"], ["de", "en"], ["", "en"]])("for %s is %s", (tag, language) => {
    expect(languageFor(tag)).toBe(language);
  });

  it("is told to the document", () => {
    setLanguage("ko");
    expect(document.documentElement.lang).toBe("ko");
  });
});

describe("a size", () => {
  it.each([[0, "0 B"], [999, "999 B"], [1000, "1 kB"], [1049, "1.05 kB"], [999_499, "999 kB"], [999_500, "1 MB"], [148_000_000, "148 MB"], [2_470_000_000, "2.47 GB"], [-5, "0 B"]])("of %d bytes is %s", (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });
});

describe("a time", () => {
  const now = Date.parse("2026-01-10T12:00:00Z");
  it.each([["2026-01-10T11:59:50Z", "now"], ["2026-01-10T10:00:00Z", "2 hours ago"], ["2026-01-09T10:00:00Z", "yesterday"], ["2025-12-01T00:00:00Z", "last month"], ["no time", "no time"]])("of %s is %s", (time, text) => {
    expect(formatRelative(time, now)).toBe(text);
  });

  it("that is left is rounded up, so that it never says nothing is left", () => {
    expect(formatDuration(0.2)).toBe("1 sec");
    expect(formatDuration(61)).toBe("2 min");
  });
});

describe("how long something took", () => {
  it.each([[0, "0.0 sec"], [340, "0.3 sec"], [9_940, "9.9 sec"], [9_960, "10 sec"], [59_400, "59 sec"], [59_600, "1 min"], [65_000, "1 min 5 sec"], [-3, "0.0 sec"]])("of %d milliseconds is %s", (milliseconds, text) => {
    expect(formatTook(milliseconds)).toBe(text);
  });
});

describe("a message of a code", () => {
  it("is none where the catalogue does not know the code", () => {
    expect(tKnown("build.why.first")).toBe("It was never built here before.");
    expect(tKnown("build.why.novel")).toBeNull();
    expect(tKnown("build.why")).toBeNull();
    expect(tKnown("build.cause.pipUnknown", { subject: "flaskk" })).toContain("flaskk");
  });
});

describe("a part", () => {
  it.each([[0, "0%"], [0.004, "<1%"], [0.364, "36%"], [1, "100%"]])("of %d is %s", (share, text) => {
    expect(formatPercent(share)).toBe(text);
  });
});
