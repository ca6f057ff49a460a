// From a registry to what it holds: the Pull screen, looking at a repository before anything is pulled.
import { lookAt } from "../../stores/look.svelte";
import { pullRequest } from "../../stores/pull-request.svelte";
import { go } from "../../stores/route.svelte";

/** Shows the Pull screen with this name looked at. */
export function openRepository(reference: string): void {
  pullRequest.text = reference;
  pullRequest.platform = "";
  go({ screen: "pull" });
  void lookAt(reference, null);
}
