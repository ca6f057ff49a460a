// What the editor's own parts say, in the language that is shown. The names are those that the editor asks for.
import { t } from "../../../i18n";

/** All that it can say. */
export function editorPhrases(): Record<string, string> {
  return {
    Find: t("build.editor.find.find"), Replace: t("build.editor.find.replaceWith"), next: t("build.editor.find.next"), previous: t("build.editor.find.previous"),
    all: t("build.editor.find.all"), "match case": t("build.editor.find.case"), regexp: t("build.editor.find.pattern"), "by word": t("build.editor.find.word"),
    replace: t("build.editor.find.replace"), "replace all": t("build.editor.find.replaceAll"), close: t("build.editor.find.close"),
    "Go to line": t("build.editor.find.line"), go: t("build.editor.find.go"), Diagnostics: t("build.editor.find.hints"), "No diagnostics": t("build.editor.find.noHints"),
    Completions: t("build.editor.find.proposals"),
  };
}
