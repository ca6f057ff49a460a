import { afterEach, expect, it } from "vitest";
import { setLanguage } from "../../../i18n";
import { ruleName } from "./rule-name";

afterEach(() => setLanguage("en"));

it("names what was found in the language of the window", () => {
  setLanguage("ko");
  expect(ruleName("private-key")).toBe("개인 키");
  setLanguage("en");
  expect(ruleName("private-key")).toBe("a private key");
});

it("shows the name of a rule that has no words", () => {
  expect(ruleName("a-new-rule")).toBe("a new rule");
});
