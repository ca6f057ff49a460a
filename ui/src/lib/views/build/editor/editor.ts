// The editor for Dockerfiles, made of CodeMirror. Loaded when somebody edits; it stands in a shadow root, where its styles are
// sheets of their own: the page's policy allows no style elements.
import { autocompletion, completionKeymap, type Completion, type CompletionContext, type CompletionResult } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { bracketMatching, HighlightStyle, StreamLanguage, syntaxHighlighting } from "@codemirror/language";
import { dockerFile } from "@codemirror/legacy-modes/mode/dockerfile";
import { lintGutter, lintKeymap, setDiagnostics, type Diagnostic } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { Compartment, EditorSelection, EditorState, StateEffect, StateField, type Extension } from "@codemirror/state";
import { drawSelection, EditorView, gutter, GutterMarker, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";

/** What a line makes, for the colour beside it. */
export type LineKind = "base" | "run" | "copy" | "settings";

/** Lines that belong together, from 1. */
export interface LineMark {
  line: number;
  endLine: number;
  kind: LineKind;
}

/** A hint at a place of the text, in its letters as JavaScript counts them. */
export interface EditorHint {
  from: number;
  to: number;
  severity: "error" | "warning" | "info";
  message: string;
  /** What can be done, each a button. */
  deeds: readonly { name: string; run: () => void }[];
}

/** Proposals for a place of the text. */
export interface EditorProposals {
  from: number;
  options: readonly Completion[];
}

export interface EditorOptions {
  text: string;
  /** What it is called to who cannot see it. */
  label: string;
  readOnly: boolean;
  /** What its own search says, in the language that is shown. */
  phrases: Readonly<Record<string, string>>;
  onChange: (text: string) => void;
  onSave: () => void;
  /** Asks for proposals; none if nothing answers. */
  complete: ((text: string, at: number) => Promise<EditorProposals | null>) | null;
}

/** An editor that is on the page. */
export interface Editor {
  setText: (text: string) => void;
  setMarks: (marks: readonly LineMark[]) => void;
  setHints: (hints: readonly EditorHint[]) => void;
  setPhrases: (phrases: Readonly<Record<string, string>>) => void;
  /** Puts the cursor at the beginning of a line, from 1. */
  goTo: (line: number) => void;
  destroy: () => void;
}

class LayerMark extends GutterMarker {
  constructor(readonly kind: LineKind) {
    super();
  }
  override eq(other: LayerMark): boolean {
    return other.kind === this.kind;
  }
  override toDOM(): Node {
    const bar = document.createElement("div");
    bar.className = `layer ${this.kind}`;
    return bar;
  }
}

const MARKS: Readonly<Record<LineKind, LayerMark>> = { base: new LayerMark("base"), run: new LayerMark("run"), copy: new LayerMark("copy"), settings: new LayerMark("settings") };
const marked = StateEffect.define<readonly LineMark[]>();

/** The marks; they move with their lines while one types, until new ones come. */
const markField = StateField.define<readonly LineMark[]>({
  create: () => [],
  update(marks, transaction) {
    for (const effect of transaction.effects) if (effect.is(marked)) return effect.value;
    if (!transaction.docChanged) return marks;
    const before = transaction.startState.doc;
    return marks.flatMap((mark) => {
      if (mark.line > before.lines) return [];
      const line = transaction.newDoc.lineAt(transaction.changes.mapPos(before.line(mark.line).from, 1)).number;
      const end = transaction.newDoc.lineAt(transaction.changes.mapPos(before.line(Math.min(mark.endLine, before.lines)).to)).number;
      return [{ ...mark, line, endLine: Math.max(line, end) }];
    });
  },
});

const layerGutter = gutter({
  class: "cm-layers",
  lineMarker: (view, block) => {
    const number = view.state.doc.lineAt(block.from).number;
    const mark = view.state.field(markField).find((each) => each.line <= number && number <= each.endLine);
    return mark === undefined ? null : MARKS[mark.kind];
  },
  lineMarkerChange: (update) => update.startState.field(markField) !== update.state.field(markField),
});

const colours = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--accent-ink)", fontWeight: "650" },
  { tag: tags.string, color: "var(--change)" },
  { tag: tags.comment, color: "var(--muted)", fontStyle: "italic" },
  { tag: [tags.number, tags.variableName, tags.attributeName], color: "var(--ink)" },
  { tag: tags.invalid, color: "var(--del)" },
]);

const look = EditorView.theme({
  "&": { height: "100%", color: "var(--ink)", backgroundColor: "var(--panel)", fontSize: "12.5px" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.6", overflow: "auto" },
  ".cm-content": { caretColor: "var(--ink)", padding: "6px 0" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": { background: "var(--accent-soft)" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "color-mix(in srgb, var(--accent-soft) 45%, transparent)" },
  ".cm-gutters": { backgroundColor: "var(--panel)", color: "var(--muted)", border: "0" },
  ".cm-lineNumbers .cm-gutterElement": { minWidth: "30px" },
  ".cm-layers": { width: "5px", marginRight: "6px" },
  ".cm-layers .cm-gutterElement": { padding: "0" },
  ".layer": { width: "4px", height: "100%" },
  ".base": { background: "var(--base)" }, ".run": { background: "var(--run)" }, ".copy": { background: "var(--copy)" }, ".settings": { background: "var(--meta)" },
  ".cm-tooltip": { backgroundColor: "var(--panel)", color: "var(--ink)", border: "1px solid var(--line-strong)", borderRadius: "8px", boxShadow: "var(--shadow)", fontFamily: "var(--font)", maxWidth: "460px", overflow: "hidden" },
  ".cm-tooltip-autocomplete > ul": { fontFamily: "var(--mono)", fontSize: "12.5px" },
  ".cm-tooltip-autocomplete > ul > li[aria-selected]": { background: "var(--accent-soft)", color: "var(--accent-ink)" },
  ".cm-diagnostic": { padding: "6px 10px", fontSize: "12.5px" },
  ".cm-diagnosticAction": { backgroundColor: "var(--accent)", color: "var(--on-accent)", borderRadius: "6px", padding: "3px 9px" },
  ".cm-completionDetail": { fontStyle: "normal", fontFamily: "var(--font)", color: "var(--muted)", marginInlineStart: "1.2em" },
  ".cm-panel.cm-search": { fontFamily: "var(--font)", padding: "6px 26px 6px 8px" },
  ".cm-panel.cm-search input, .cm-panel.cm-search button, .cm-panel.cm-search label": { fontSize: "12px" },
  ".cm-textfield:focus, .cm-button:focus-visible, .cm-panel.cm-search [name=close]:focus-visible": { outline: "2px solid var(--accent)" },
  ".cm-panels": { backgroundColor: "var(--bg)", color: "var(--ink)", borderColor: "var(--line)" },
  ".cm-textfield": { border: "1px solid var(--line-strong)", borderRadius: "6px", backgroundColor: "var(--panel)", color: "var(--ink)", padding: "3px 7px" },
  ".cm-button": { background: "var(--panel)", border: "1px solid var(--line-strong)", borderRadius: "6px", color: "var(--ink)" },
  ".cm-searchMatch": { backgroundColor: "var(--warn-soft)", outline: "1px solid var(--change)" },
  ".cm-matchingBracket": { backgroundColor: "var(--accent-soft)", outline: "1px solid var(--accent)" },
});

function completion(complete: NonNullable<EditorOptions["complete"]>): Extension {
  const source = async (context: CompletionContext): Promise<CompletionResult | null> => {
    const answer = await complete(context.state.doc.toString(), context.pos);
    if (answer === null || answer.options.length === 0 || context.aborted) return null;
    return { from: answer.from, options: [...answer.options], validFor: /^[\w-]*$/ };
  };
  return autocompletion({ override: [source], icons: false });
}

/** Puts an editor into an element, which must be empty and without a shadow root. */
export function mountEditor(host: HTMLElement, options: EditorOptions): Editor {
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  const phrases = new Compartment();
  const words = (spoken: Readonly<Record<string, string>>): Extension => EditorState.phrases.of(spoken);
  // What is put in from outside is no change of a person's.
  let isOurs = false;
  const state = EditorState.create({
    doc: options.text,
    extensions: [
      lineNumbers(), markField, layerGutter, lintGutter(), highlightActiveLineGutter(), highlightActiveLine(), history(), drawSelection(), bracketMatching(),
      search({ top: true }), highlightSelectionMatches(), StreamLanguage.define(dockerFile), syntaxHighlighting(colours), look, EditorView.lineWrapping,
      options.complete === null ? [] : completion(options.complete),
      keymap.of([{ key: "Mod-s", preventDefault: true, run: () => (options.onSave(), true) }, ...completionKeymap, ...searchKeymap, ...lintKeymap, ...historyKeymap, ...defaultKeymap, indentWithTab]),
      EditorState.readOnly.of(options.readOnly), EditorView.contentAttributes.of({ "aria-label": options.label }), phrases.of(words(options.phrases)),
      EditorView.updateListener.of((update) => {
        if (update.docChanged && !isOurs) options.onChange(update.state.doc.toString());
      }),
    ],
  });
  const view = new EditorView({ state, root, parent: root });
  return {
    setText(text) {
      const before = view.state.doc.toString();
      if (before === text) return;
      isOurs = true;
      view.dispatch({ changes: { from: 0, to: before.length, insert: text } });
      isOurs = false;
    },
    setMarks: (marks) => view.dispatch({ effects: marked.of(marks) }),
    setHints: (hints) => view.dispatch(setDiagnostics(view.state, hints.map((hint) => diagnosticOf(hint, view.state.doc.length)))),
    setPhrases: (spoken) => view.dispatch({ effects: phrases.reconfigure(words(spoken)) }),
    goTo(line) {
      const at = view.state.doc.line(Math.min(Math.max(1, line), view.state.doc.lines)).from;
      view.dispatch({ selection: EditorSelection.cursor(at), scrollIntoView: true });
      view.focus();
    },
    destroy: () => view.destroy(),
  };
}

/** The hint as the editor takes it; what was found in an older text may lie past the end of this one. */
function diagnosticOf(hint: EditorHint, length: number): Diagnostic {
  const from = Math.min(hint.from, length);
  return {
    from, to: Math.min(Math.max(from, hint.to), length), severity: hint.severity, message: hint.message,
    actions: hint.deeds.map(({ name, run }) => ({ name, apply: run })),
  };
}
