export { formatBytes, formatDateTime, formatDuration, formatNumber, formatPercent, formatRelative, formatTook } from "./format";
export { language, languageFor, setLanguage, t, tKnown, type Params } from "./language.svelte";
export { lookUp, type LanguageCode, type MessageKey } from "./messages";
