// Which screen is shown.

/** A screen, with what it shows. */
export type Route =
  | { screen: "images" }
  | { screen: "image"; manifest: string; reference: string | null; familiar: string }
  /** Two images beside each other; without `right`, an image beside what `reference` points to in its registry now. */
  | { screen: "compare"; left: string; right: string | null; reference: string | null }
  | { screen: "pull" }
  | { screen: "build" }
  | { screen: "registries" }
  | { screen: "settings" };

let current = $state.raw<Route>({ screen: "images" });

/** The screen that is shown. */
export function route(): Route {
  return current;
}

/** Shows another screen. */
export function go(next: Route): void {
  current = next;
}
