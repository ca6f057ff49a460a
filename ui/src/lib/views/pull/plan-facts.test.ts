import { expect, it } from "vitest";
import type { ImageSettings } from "../../api/generated/types";
import { factsOfSettings } from "./plan-facts";

const nothing: ImageSettings = { command: [], entrypoint: [], env: [], user: "", workingDir: "", ports: [], volumes: [], labels: {}, stopSignal: null, healthCheck: null, shell: [], onBuild: [] };

it("tells what is set, in one order, and nothing else", () => {
  expect(factsOfSettings(nothing)).toEqual([]);
  const facts = factsOfSettings({ ...nothing, command: ["-g", "daemon off;"], entrypoint: ["/run.sh"], ports: ["80/tcp", "443/tcp"], user: "www" });
  expect(facts.map(({ fact }) => fact)).toEqual(["entrypoint", "command", "ports", "user"]);
  expect(facts[2]?.value).toBe("80/tcp, 443/tcp");
});
