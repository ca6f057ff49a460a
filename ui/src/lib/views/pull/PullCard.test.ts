import { render, screen } from "@testing-library/svelte";
import { beforeEach, describe, expect, it } from "vitest";
import { fakeError, fakeJob, MOMENTS, momentOf } from "../../api/fake-pull";
import type { JobSnapshot, Outcome, UserError } from "../../api/generated/types";
import { setLanguage } from "../../i18n";
import PullCard from "./PullCard.svelte";

beforeEach(() => setLanguage("en"));

function ended(outcome: Outcome): JobSnapshot {
  return fakeJob({ title: "app:1", ...momentOf("app:1", null, MOMENTS), state: "ended", outcome });
}

function failed(actions: UserError["actions"], code: UserError["code"] = "interrupted"): void {
  render(PullCard, { job: ended({ type: "failed", error: { ...fakeError(code, "app:1"), actions } }), newest: true });
}

/** What can be done with the pull; its X-ray can always be seen. */
const buttons = (): (string | null)[] => screen.getAllByRole("button").map((button) => button.textContent).filter((text) => text !== "X-ray");

describe("a pull that failed", () => {
  it("can be pulled again where the failure itself offers nothing", () => {
    failed([]);
    expect(buttons()).toEqual(["Pull again"]);
  });

  it("offers the tags that there are where one is not", () => {
    failed([], "tagUnknown");
    expect(buttons()).toContain("See which tags there are");
  });

  it("offers one way to try again, not two", () => {
    failed([{ type: "retry" }]);
    expect(buttons()).toEqual(["Try again"]);
  });
});

describe("a pull that is done", () => {
  const { plan } = momentOf("app:1", null, MOMENTS);
  const shows = (digest: string): number => {
    render(PullCard, { job: ended({ type: "done", manifest: plan.manifest, reference: plan.reference, digest }), newest: true });
    return screen.getAllByText(digest).length;
  };

  it("shows its digest once", () => {
    expect(shows(plan.manifest)).toBe(1);
  });

  it("shows the digest that the tag points to where it is another", () => {
    expect(shows(`sha256:${"e".repeat(64)}`)).toBe(1);
  });
});
