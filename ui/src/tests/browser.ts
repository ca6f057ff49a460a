// What a browser has and jsdom has not.
import { configure } from "@testing-library/svelte";
import { beforeEach } from "vitest";

class NoResizeObserver implements ResizeObserver {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}
globalThis.ResizeObserver ??= NoResizeObserver;
window.matchMedia ??= (query) => Object.assign(new EventTarget(), { matches: false, media: query, onchange: null, addListener() {}, removeListener() {} });
// The editor measures its text.
Range.prototype.getClientRects ??= () => Object.assign([], { item: () => null });
Range.prototype.getBoundingClientRect ??= () => new DOMRect();
Element.prototype.scrollIntoView ??= () => undefined;

beforeEach(() => {
  document.documentElement.removeAttribute("data-theme");
});

// A busy machine is slow; a test waits for what must come, and fails only if it does not.
configure({ asyncUtilTimeout: 15_000 });
