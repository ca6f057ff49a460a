// Permission bits as letters, and in words.
import { t } from "../i18n";
import type { FileKind, FileRow } from "../api/generated/types";

const SETUID = 0o4000;
const SETGID = 0o2000;
const STICKY = 0o1000;

const KIND_LETTERS: Record<FileKind, string> = { file: "-", directory: "d", symlink: "l", hardlink: "-", charDevice: "c", blockDevice: "b", fifo: "p" };

/** As `ls -l` writes them: `-rwsr-xr-x`. */
export function modeLetters(mode: string, kind: FileKind): string {
  const bits = Number.parseInt(mode, 8);
  const triple = (shift: number, special: boolean, letter: string): string => {
    const own = bits >> shift;
    const executes = (own & 1) !== 0;
    const last = special ? (executes ? letter : letter.toUpperCase()) : executes ? "x" : "-";
    return `${own & 4 ? "r" : "-"}${own & 2 ? "w" : "-"}${last}`;
  };
  return KIND_LETTERS[kind] + triple(6, (bits & SETUID) !== 0, "s") + triple(3, (bits & SETGID) !== 0, "s") + triple(0, (bits & STICKY) !== 0, "t");
}

/** Who may do what, a line for each. */
export function modeWords({ mode, kind }: Pick<FileRow, "mode" | "kind">): string {
  const bits = Number.parseInt(mode, 8);
  const folder = kind === "directory";
  const may = (shift: number): string => {
    const own = bits >> shift;
    const words = [
      own & 4 ? t(folder ? "files.mode.list" : "files.mode.read") : "",
      own & 2 ? t(folder ? "files.mode.fill" : "files.mode.write") : "",
      own & 1 ? t(folder ? "files.mode.enter" : "files.mode.execute") : "",
    ].filter((word) => word !== "");
    return words.length === 0 ? t("files.mode.nothing") : words.join(", ");
  };
  return [
    modeLetters(mode, kind),
    t("files.mode.owner", { may: may(6) }),
    t("files.mode.group", { may: may(3) }),
    t("files.mode.others", { may: may(0) }),
  ].join("\n");
}

/** Something about a file that is worth a mark of its own. */
export interface Mark {
  /** Short, as it stands in the row. */
  text: string;
  /** A sentence. */
  explanation: string;
  /** Whether it gives rights. */
  isRight: boolean;
}

/** What a row is marked with. A link's own bits say nothing. */
export function marksOf(row: FileRow): Mark[] {
  const bits = row.kind === "symlink" ? 0 : Number.parseInt(row.mode, 8);
  const folder = row.kind === "directory";
  const marks: Mark[] = [];
  if (bits & SETUID && !folder) marks.push({ text: "setuid", explanation: t("files.mark.setuid"), isRight: true });
  if (bits & SETGID) marks.push({ text: "setgid", explanation: t(folder ? "files.mark.setgidFolder" : "files.mark.setgid"), isRight: !folder });
  if (bits & STICKY) marks.push({ text: "sticky", explanation: t("files.mark.sticky"), isRight: false });
  if (row.capabilities !== null) marks.push({ text: row.capabilities, explanation: t("files.mark.capabilities", { capabilities: row.capabilities }), isRight: true });
  const others = row.xattrs.filter((name) => name !== "security.capability" || row.capabilities === null);
  if (others.length > 0) marks.push({ text: t("files.mark.xattrs", { count: others.length }), explanation: t("files.mark.xattrsExplain", { names: others.join(", ") }), isRight: false });
  if (row.device !== null) marks.push({ text: row.device.join(":"), explanation: t("files.mark.device", { major: row.device[0], minor: row.device[1] }), isRight: false });
  return marks;
}
