export { formatBytes, formatDateTime, formatDuration, formatNumber, formatPercent, formatRelative, formatTook } from "./format";
export { language, languageFor, setLanguage, t, tKnown, type Params } from "./language.svelte";
export type { LanguageCode, MessageKey } from "./messages";
