import { expect, it } from "vitest";
import { explainProblem } from "../../problem";
import { commandLine, namedValues } from "../../settings-text";
import { shortDigest } from "./short-digest";

it("quotes arguments that a shell would change", () => {
  expect(commandLine(["python", "app.py"])).toBe("python app.py");
  expect(commandLine(["sh", "-c", "echo it's $X", ""])).toBe(`sh -c 'echo it'\\''s $X' ''`);
});

it("takes variables apart at the first equals sign", () => {
  expect(namedValues(["A=b=c", "LONE"])).toEqual([{ name: "A", value: "b=c" }, { name: "LONE", value: "" }]);
});

it("cuts a digest plainly", () => {
  expect(shortDigest(`sha256:${"9f86d081".repeat(8)}`)).toBe("sha256:9f86d081…");
  expect(shortDigest("none")).toBe("none");
});

it("words an error by its code, and anything else as internal", () => {
  const known = { code: "imageUnknown", subject: "nginx:1", params: {}, actions: [], causes: ["a"], retryable: false };
  expect(explainProblem(known)).toEqual({ key: "errors.imageUnknown", params: { subject: "nginx:1" }, causes: ["a"] });
  expect(explainProblem(new Error("boom"))).toEqual({ key: "errors.internal", params: { subject: "", reason: "boom" }, causes: ["boom"] });
});
