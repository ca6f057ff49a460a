// Output as a terminal would colour it: runs of text with classes. Nothing of it is markup, and nothing but colour is obeyed.
import { visibleText } from "../../../files/visible-text";

/** Some text of a line, and the classes that colour it. */
export interface Run {
  text: string;
  classes: string;
}

/** Sequences of a terminal: those that colour, and all others, which are left out. */
const SEQUENCE = /\u001b(?:\[([0-9;:]*)m|\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[PX^_][^\u001b]*\u001b\\|[ -/]*[0-~])/g;

interface Style {
  /** 0 to 15, as terminals number them. */
  colour: number | null;
  ground: number | null;
  bold: boolean;
  dim: boolean;
  italic: boolean;
  underlined: boolean;
  inverse: boolean;
}

const PLAIN: Style = { colour: null, ground: null, bold: false, dim: false, italic: false, underlined: false, inverse: false };

function classesOf(style: Style): string {
  const { colour, ground } = style.inverse ? { colour: style.ground ?? 0, ground: style.colour ?? 7 } : style;
  return [
    colour === null ? "" : `c${colour}`, ground === null ? "" : `g${ground}`, style.bold ? "bold" : "", style.dim ? "dim" : "",
    style.italic ? "italic" : "", style.underlined ? "underlined" : "",
  ].filter((name) => name !== "").join(" ");
}

/** The nearest of the sixteen colours to one of red, green and blue. */
function nearest(red: number, green: number, blue: number): number {
  const most = Math.max(red, green, blue);
  if (most < 60) return 8;
  const on = (part: number): number => (part > most / 2 ? 1 : 0);
  return (on(red) + on(green) * 2 + on(blue) * 4) % 8 + (most > 170 ? 8 : 0);
}

/** One of the 256 colours as one of the sixteen. */
function ofPalette(index: number): number {
  if (index < 16) return index;
  if (index >= 232) return index < 244 ? 8 : 15;
  const cube = index - 16;
  const level = (step: number): number => (step === 0 ? 0 : 55 + step * 40);
  return nearest(level(Math.floor(cube / 36)), level(Math.floor(cube / 6) % 6), level(cube % 6));
}

/** The style after the numbers of one sequence. */
function after(style: Style, numbers: readonly number[]): Style {
  let next = { ...style };
  for (let at = 0; at < numbers.length; at += 1) {
    const number = numbers[at] ?? 0;
    if (number === 38 || number === 48) {
      const isPalette = numbers[at + 1] === 5;
      const colour = isPalette ? ofPalette(numbers[at + 2] ?? 7) : nearest(numbers[at + 2] ?? 0, numbers[at + 3] ?? 0, numbers[at + 4] ?? 0);
      next = number === 38 ? { ...next, colour } : { ...next, ground: colour };
      at += isPalette ? 2 : 4;
    } else {
      next = one(next, number);
    }
  }
  return next;
}

function one(style: Style, number: number): Style {
  if (number === 0) return PLAIN;
  if (number === 1) return { ...style, bold: true };
  if (number === 2) return { ...style, dim: true };
  if (number === 3) return { ...style, italic: true };
  if (number === 4) return { ...style, underlined: true };
  if (number === 7) return { ...style, inverse: true };
  if (number === 22) return { ...style, bold: false, dim: false };
  if (number === 23) return { ...style, italic: false };
  if (number === 24) return { ...style, underlined: false };
  if (number === 27) return { ...style, inverse: false };
  if (number === 39) return { ...style, colour: null };
  if (number === 49) return { ...style, ground: null };
  if (number >= 30 && number <= 37) return { ...style, colour: number - 30 };
  if (number >= 90 && number <= 97) return { ...style, colour: number - 82 };
  if (number >= 40 && number <= 47) return { ...style, ground: number - 40 };
  if (number >= 100 && number <= 107) return { ...style, ground: number - 92 };
  return style;
}

/** A line of output as runs. Of a line that was written over, as progress bars are, the last state counts. */
export function runsOf(line: string): Run[] {
  const shown = line.replace(/\r+$/, "");
  const text = shown.slice(shown.lastIndexOf("\r") + 1);
  const runs: Run[] = [];
  let style = PLAIN;
  let from = 0;
  const push = (part: string): void => {
    if (part !== "") runs.push({ text: visibleText(part), classes: classesOf(style) });
  };
  for (const found of text.matchAll(SEQUENCE)) {
    push(text.slice(from, found.index));
    from = found.index + found[0].length;
    if (found[1] !== undefined) style = after(style, found[1] === "" ? [0] : found[1].split(/[;:]/).map(Number));
  }
  push(text.slice(from));
  return runs;
}
