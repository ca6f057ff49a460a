// A pretended backend with all stores following it, as `App` does, for tests of screens.
import { setBackend } from "../lib/api";
import type { Backend } from "../lib/api";
import { setLanguage } from "../lib/i18n";
import { followImages } from "../lib/stores/images.svelte";
import { followJobs } from "../lib/stores/jobs.svelte";
import { followPractice } from "../lib/stores/practice.svelte";
import { pullRequest } from "../lib/stores/pull-request.svelte";
import { choose, followRegistries } from "../lib/stores/registries.svelte";
import { go } from "../lib/stores/route.svelte";
import { followSettings } from "../lib/stores/session.svelte";

/** Has this backend answer from now on; gives what ends it. */
export function begin(backend: Backend): () => void {
  setBackend(backend);
  setLanguage("en");
  go({ screen: "images" });
  choose(null);
  pullRequest.text = "";
  pullRequest.platform = "";
  const ends = [followImages(), followJobs(), followPractice(), followRegistries(), followSettings()];
  return () => ends.forEach((end) => end());
}
