// How to sign out of what another tool keeps.
import type { LoginPlace } from "../../api/generated/types";
import { DOCKER_HUB } from "../../stores/registries.svelte";

/** The command that removes a login from where another tool keeps it. */
export function logoutCommand(place: LoginPlace, registry: string): string {
  if (place.type === "file" && /containers[/\\]auth\.json$/.test(place.path)) return `podman logout ${registry}`;
  // Docker keeps its own registry under another name than references have.
  return registry === DOCKER_HUB ? "docker logout" : `docker logout ${registry}`;
}
