import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { mountEditor, type Editor, type EditorOptions } from "./editor";

let host: HTMLElement;
let editor: Editor | null = null;
beforeEach(() => {
  host = document.createElement("div");
  document.body.append(host);
});
afterEach(() => {
  editor?.destroy();
  editor = null;
  host.remove();
});

function mount(part: Partial<EditorOptions> = {}): ShadowRoot {
  editor = mountEditor(host, { text: "FROM alpine\nRUN make\n", label: "Text", readOnly: false, phrases: {}, onChange: () => undefined, onSave: () => undefined, complete: null, ...part });
  const root = host.shadowRoot;
  if (!root) throw new Error("the editor stands in a shadow root");
  return root;
}

const shown = (root: ShadowRoot): (string | null)[] => [...root.querySelectorAll(".cm-line")].map((line) => line.textContent);

describe("the editor", () => {
  it("stands in a shadow root with its styles, so that the page has none of them", () => {
    const root = mount();
    expect(shown(root)).toEqual(["FROM alpine", "RUN make", ""]);
    expect(root.querySelector(".cm-content")?.getAttribute("aria-label")).toBe("Text");
    expect(document.head.querySelector("style")).toBeNull();
  });

  it("takes a text from outside without calling it a change", () => {
    const onChange = vi.fn();
    const root = mount({ onChange });
    editor?.setText("FROM scratch\n");
    expect(shown(root)).toEqual(["FROM scratch", ""]);
    expect(onChange).not.toHaveBeenCalled();
  });

  it("colours lines by what they make, and moves the colours with their lines", () => {
    const root = mount();
    editor?.setMarks([{ line: 1, endLine: 1, kind: "base" }, { line: 2, endLine: 2, kind: "run" }]);
    const kinds = (): string[] => [...root.querySelectorAll(".cm-layers .layer")].map((mark) => mark.className);
    expect(kinds()).toEqual(["layer base", "layer run"]);
    editor?.setMarks([{ line: 2, endLine: 9, kind: "copy" }]);
    expect(new Set(kinds())).toEqual(new Set(["layer copy"]));
  });

  it("marks hints, also those that lie past the end of the text", () => {
    const root = mount();
    editor?.setHints([{ from: 5, to: 11, severity: "warning", message: "no tag", deeds: [] }, { from: 500, to: 510, severity: "error", message: "gone", deeds: [] }]);
    expect(root.querySelector(".cm-lintRange-warning")?.textContent).toBe("alpine");
    editor?.setHints([]);
    expect(root.querySelector(".cm-lintRange-warning")).toBeNull();
  });

  it("saves with the key that saves", () => {
    const onSave = vi.fn();
    const root = mount({ onSave });
    root.querySelector(".cm-content")?.dispatchEvent(new KeyboardEvent("keydown", { key: "s", code: "KeyS", ctrlKey: true, bubbles: true, cancelable: true }));
    expect(onSave).toHaveBeenCalledOnce();
  });
});
