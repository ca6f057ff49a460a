// What the palette can do, and which of it fits what was typed.
import type { ImageSummary, PracticeImage } from "../../api/generated/types";
import type { RegistryPart } from "../../stores/registries.svelte";

/** What choosing an entry does. */
export type Deed =
  | { do: "show"; screen: "images" | "pull" | "build" | "registries" | "settings" }
  | { do: "open"; image: ImageSummary }
  | { do: "pull"; reference: string }
  | { do: "registry"; registry: string | null; part: RegistryPart }
  | { do: "build"; path: string }
  | { do: "theme" }
  | { do: "language" };

export interface Entry {
  id: string;
  text: string;
  kind: "screen" | "image" | "pull" | "build" | "registry" | "setting";
  deed: Deed;
}

/** The most entries that are shown. */
const MOST = 9;

/** Whether all words of what was typed are in a text, in any order. */
function fits(text: string, typed: string): boolean {
  const low = text.toLowerCase();
  return typed.toLowerCase().split(/\s+/).every((word) => low.includes(word));
}

/** What may be the name of an image: the exact rules are the work's, this only keeps sentences out. */
function mayBeName(typed: string): boolean {
  return /^[a-z0-9][\w.:@/-]*$/.test(typed) && !/[./:@-]$/.test(typed);
}

/** Whether what was typed is a path on this machine: from the root, the home or here, or of a drive. */
export function mayBePath(typed: string): boolean {
  return /^(\/|~\/|\.\.?\/|[A-Za-z]:[\\/])./.test(typed);
}

/** The entries for what was typed: screens and settings, stored images, samples, and a pull of exactly that. */
export function entriesFor(
  typed: string,
  commands: readonly Entry[],
  images: readonly ImageSummary[],
  samples: readonly PracticeImage[],
  pullText: (name: string) => string,
  buildText: (path: string) => string,
): Entry[] {
  const text = typed.trim();
  const path = text.replace(/^(build|빌드)\s+/i, "");
  if (mayBePath(path)) return [{ id: "build-path", text: buildText(path), kind: "build", deed: { do: "build", path } }];
  const found = commands.filter((entry) => fits(entry.text, text));
  for (const image of images) {
    if (found.length >= MOST) break;
    if (text !== "" && fits(`${image.familiar} ${image.manifest}`, text)) {
      found.push({ id: `image-${image.reference ?? ""}-${image.manifest}`, text: image.familiar, kind: "image", deed: { do: "open", image } });
    }
  }
  const names = samples.map((sample) => sample.familiar).filter((name) => text !== "" && fits(name, text) && name !== text);
  if (mayBeName(text)) names.unshift(text);
  for (const name of names) found.push({ id: `pull-${name}`, text: pullText(name), kind: "pull", deed: { do: "pull", reference: name } });
  return found.slice(0, MOST);
}
