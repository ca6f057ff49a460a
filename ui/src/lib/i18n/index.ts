export { formatBytes, formatDateTime, formatDuration, formatNumber, formatPercent, formatRelative } from "./format";
export { language, languageFor, setLanguage, t, type Params } from "./language.svelte";
export type { LanguageCode, MessageKey } from "./messages";
