import { describe, expect, it } from "vitest";
import type { JobSnapshot, Stratum } from "../../api/generated/types";
import { fakeJob, MOMENTS, momentOf } from "../../api/fake-pull";
import { factsOf } from "./plan-facts";
import { bands, bytesOf, isSaving } from "./pull-progress";

function jobAt(moment: number): JobSnapshot {
  return fakeJob({ title: "app:1", ...momentOf("app:1", null, moment) });
}

describe("the picture of a pull", () => {
  it("has the newest on top and settings between two layers on one line", () => {
    const picture = bands(jobAt(0));
    expect(picture.map((band) => (band.kind === "layer" ? band.stratum.layer : band.instructions.length))).toEqual([2, 6, 5, 4, 3, 1, 2, 1]);
  });

  it("counts what is here already, and ends with every byte", () => {
    const begun = bytesOf(jobAt(0));
    expect(begun.done).toBe(jobAt(0).plan?.alreadyHereBytes);
    const { done, total } = bytesOf(jobAt(MOMENTS));
    expect(done).toBe(total);
  });

  it("is being saved only when every layer is here and the end has not come", () => {
    expect(isSaving(jobAt(3))).toBe(false);
    expect(isSaving(jobAt(MOMENTS))).toBe(true);
    expect(isSaving({ ...jobAt(MOMENTS), outcome: { type: "stopped" } })).toBe(false);
  });
});

describe("what the history says one gets", () => {
  const facts = (...instructions: string[]): Record<string, string> =>
    Object.fromEntries(factsOf(instructions.map((instruction) => ({ instruction }) as Stratum)).map(({ fact, value }) => [fact, value]));

  it("is the last word of each instruction", () => {
    expect(facts("CMD [\"sh\"]", "USER app", "CMD [\"nginx\" \"-g\" \"daemon off;\"]")).toEqual({ command: "nginx -g 'daemon off;'", user: "app" });
  });

  it("has all ports, however they were recorded", () => {
    expect(facts("EXPOSE map[80/tcp:{} 443/tcp:{}]", "EXPOSE 8080", "EXPOSE 53/udp")).toEqual({ ports: "80/tcp, 443/tcp, 8080/tcp, 53/udp" });
  });

  it("leaves a shell form as it was written", () => {
    expect(facts("ENTRYPOINT exec /start --fast", "WORKDIR /srv/app")).toEqual({ entrypoint: "exec /start --fast", workingDir: "/srv/app" });
  });

  it("is nothing where the history says nothing", () => {
    expect(facts("", "RUN apt-get update", "CMD")).toEqual({});
  });
});
