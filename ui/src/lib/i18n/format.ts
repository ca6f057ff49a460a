// Numbers, sizes and times as people read them, in the language that is shown.
import { language } from "./language.svelte";

const UNITS = ["B", "kB", "MB", "GB", "TB"] as const;

/** Bytes with three digits that count, in powers of 1,000 as `docker` shows them: `148 MB`, `2.47 GB`, `0 B`. */
export function formatBytes(bytes: number): string {
  let value = Math.max(0, bytes);
  let unit = 0;
  // 999.5 kB would be shown as 1000 kB.
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const options = unit === 0 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 3 };
  return `${new Intl.NumberFormat(language(), options).format(value)} ${UNITS[unit] ?? "B"}`;
}

/** A whole number with its thousands apart. */
export function formatNumber(value: number): string {
  return new Intl.NumberFormat(language()).format(value);
}

/** A part of one as per cent: `36%`, `<1%`. */
export function formatPercent(share: number, digits = 0): string {
  if (digits === 0 && share > 0 && share < 0.01) return "<1%";
  return new Intl.NumberFormat(language(), { style: "percent", maximumFractionDigits: digits }).format(share);
}

/** A time in full, of the reader's own zone; what is no time stays as it is. */
export function formatDateTime(time: string): string {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) return time;
  return new Intl.DateTimeFormat(language(), { dateStyle: "medium", timeStyle: "short" }).format(date);
}

const STEPS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_557_600], ["month", 2_629_800], ["week", 604_800], ["day", 86_400], ["hour", 3_600], ["minute", 60],
];

/** How long ago: `2 hours ago`, `yesterday`; what is no time stays as it is. */
export function formatRelative(time: string, now = Date.now()): string {
  const then = new Date(time).getTime();
  if (Number.isNaN(then)) return time;
  const seconds = (then - now) / 1000;
  const format = new Intl.RelativeTimeFormat(language(), { numeric: "auto" });
  const step = STEPS.find(([, length]) => Math.abs(seconds) >= length);
  return step === undefined ? format.format(0, "second") : format.format(Math.trunc(seconds / step[1]), step[0]);
}

/** A duration, roughly: `5 s`, `3 min`, `2 h`. */
export function formatDuration(seconds: number): string {
  const steps: [number, string][] = [[3600, "hour"], [60, "minute"], [1, "second"]];
  const [length, unit] = steps.find(([each]) => seconds >= each) ?? [1, "second"];
  const options = { style: "unit", unit, unitDisplay: "short", maximumFractionDigits: 0 } as const;
  return new Intl.NumberFormat(language(), options).format(Math.ceil(seconds / length));
}

/** How long something took, as exact as one wants it: `0.3 sec`, `38 sec`, `2 min 5 sec`. */
export function formatTook(milliseconds: number): string {
  const part = (value: number, unit: "minute" | "second", digits = 0): string =>
    new Intl.NumberFormat(language(), { style: "unit", unit, unitDisplay: "short", minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);
  const seconds = Math.max(0, milliseconds) / 1000;
  if (seconds < 9.95) return part(seconds, "second", 1);
  const whole = Math.round(seconds);
  if (whole < 60) return part(whole, "second");
  return whole % 60 === 0 ? part(whole / 60, "minute") : `${part(Math.floor(whole / 60), "minute")} ${part(whole % 60, "second")}`;
}
