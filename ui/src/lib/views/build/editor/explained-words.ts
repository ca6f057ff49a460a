// Lines of a Dockerfile in words.
import type { ExplainedLine, Saying } from "../../../api/generated/types";
import { visibleText } from "../../../files/visible-text";
import { tKnown } from "../../../i18n";

/** What is said of a line. */
export interface LineStory {
  says: string[];
  /** What it leaves in the image; empty if there is nothing to say. */
  leaves: string;
  /** What must be as it was for an earlier result to be taken. */
  depends: string[];
}

function sentences(sayings: readonly Saying[]): string[] {
  return sayings.flatMap((saying) => {
    const params = Object.fromEntries(Object.entries(saying.params).map(([name, value]) => [name, visibleText(value ?? "")]));
    const text = tKnown(`explain.${saying.code}`, params);
    return text === null ? [] : [text];
  });
}

/** The stories by the first line of each instruction. */
export function storiesOf(explained: readonly ExplainedLine[]): Map<number, LineStory> {
  return new Map(explained.map((line) => [
    line.span.line,
    { says: sentences(line.says), leaves: tKnown(`explain.layer.${line.layer}`) ?? "", depends: sentences(line.depends) },
  ]));
}
