import { beforeEach, expect, it } from "vitest";
import type { ImageSettings } from "../../api/generated/types";
import { setLanguage } from "../../i18n";
import { sentences } from "./settings-sentences";

beforeEach(() => setLanguage("en"));

const nothing: ImageSettings = { command: [], entrypoint: [], env: [], user: "", workingDir: "", ports: [], volumes: [], labels: {}, stopSignal: null, healthCheck: null, shell: [], onBuild: [] };

it("says what starts, as whom, where, on which ports, and how it is stopped", () => {
  const settings: ImageSettings = {
    ...nothing, entrypoint: ["docker-entrypoint.sh"], command: ["nginx", "-g", "daemon off;"], user: "101:101", workingDir: "/srv", ports: ["80/tcp", "443/tcp"],
    volumes: ["/data"], stopSignal: "SIGQUIT", healthCheck: { command: ["curl -f localhost"], inShell: true, intervalSeconds: 5, timeoutSeconds: null, startPeriodSeconds: null, startIntervalSeconds: null, retries: null },
  };
  const text = sentences(settings).join("\n");
  for (const part of ["docker-entrypoint.sh nginx -g 'daemon off;'", "as the user 101:101, in the folder /srv", "80/tcp, 443/tcp", "/data", "SIGQUIT", "every 5 sec", "“curl -f localhost”", "after 3 failures"]) expect(text).toContain(part);
});

it("says what holds where an image says nothing", () => {
  const text = sentences({ ...nothing, user: "0" }).join("\n");
  for (const part of ["says nothing about what to start", "as root, in the folder /", "does not say that it listens", "SIGTERM"]) expect(text).toContain(part);
  expect(sentences({ ...nothing, healthCheck: { command: [], inShell: false, intervalSeconds: null, timeoutSeconds: null, startPeriodSeconds: null, startIntervalSeconds: null, retries: null } }).at(-1)).toContain("switched off");
});
