// Which side of an image is shown.

/** What an image can be looked at by. */
export type ImageTab = "layers" | "map" | "waste" | "packages" | "secrets" | "settings" | "dockerfile" | "chain";

/** All of them, in their order. */
export const IMAGE_TABS: readonly ImageTab[] = ["layers", "map", "waste", "packages", "secrets", "settings", "dockerfile", "chain"];

let current = $state<ImageTab>("layers");

/** The one that is shown. */
export function imageTab(): ImageTab {
  return current;
}

/** Shows another. */
export function showImageTab(next: ImageTab): void {
  current = next;
}

/** The command that tells the same of an image; none where no command does. */
export function imageCommand(tab: ImageTab, name: string): string | null {
  switch (tab) {
    case "layers": return `docker history ${name}`;
    case "settings": return `docker inspect ${name}`;
    case "waste":
    case "packages":
    case "secrets": return `strata ${tab} ${name}`;
    default: return null;
  }
}
