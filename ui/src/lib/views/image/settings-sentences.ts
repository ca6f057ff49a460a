// What an image's settings come to, in sentences that a beginner reads.
import type { ImageSettings } from "../../api/generated/types";
import { formatDuration, t } from "../../i18n";
import { commandLine } from "../../settings-text";

/** Docker's own values where an image says nothing of its health check (Dockerfile reference, HEALTHCHECK). */
const INTERVAL_SECONDS = 30;
const RETRIES = 3;

/** The sentences, in the order in which things happen. Texts of the image in them are not made safe yet. */
export function sentences(settings: ImageSettings): string[] {
  const { entrypoint, command, user, workingDir, ports, volumes, stopSignal, healthCheck } = settings;
  const started = commandLine([...entrypoint, ...command]);
  const where = workingDir === "" ? "/" : workingDir;
  const all: string[] = [];
  if (started === "") all.push(t("image.words.nothing"));
  else if (entrypoint.length > 0 && command.length > 0) all.push(t("image.words.startBoth", { started, program: commandLine(entrypoint), words: commandLine(command) }));
  else if (entrypoint.length > 0) all.push(t("image.words.startEntrypoint", { started }));
  else all.push(t("image.words.startCommand", { started }));
  all.push(isRoot(user) ? t("image.words.root", { where }) : t("image.words.user", { user, where }));
  all.push(ports.length === 0 ? t("image.words.noPorts") : t("image.words.ports", { ports: ports.join(", ") }));
  if (volumes.length > 0) all.push(t("image.words.volumes", { volumes: volumes.join(", ") }));
  all.push(t("image.words.stop", { signal: stopSignal ?? "SIGTERM" }));
  if (healthCheck === null) return all;
  if (healthCheck.command.length === 0) all.push(t("image.words.healthOff"));
  else {
    all.push(t("image.words.health", {
      command: healthCheck.command.join(" "),
      interval: formatDuration(healthCheck.intervalSeconds ?? INTERVAL_SECONDS),
      retries: healthCheck.retries ?? RETRIES,
    }));
  }
  return all;
}

function isRoot(user: string): boolean {
  const name = user.split(":")[0] ?? "";
  return name === "" || name === "root" || name === "0";
}
