// What a person has set and what the program says of itself, as far as every screen needs it.
import { call, onChanged, type Stop } from "../api";
import type { AppInfo, Settings } from "../api/generated/types";
import { languageFor, setLanguage } from "../i18n";

const DEFAULTS: Settings = {
  language: "system", theme: "system", practiceRegistry: true, pullsAtOnce: 3, layersPerRegistry: 6, downloadLimit: 0, leastRate: 0, proxy: { type: "system" },
  registries: [], plainHttp: [], mirrors: [], trustedRealms: [],
};

let info = $state.raw<AppInfo | null>(null);
let settings = $state.raw<Settings>(DEFAULTS);
let systemIsDark = $state(false);
let problem = $state.raw<unknown>(null);
let unsaved = $state(false);
/** Writes under way: what is read meanwhile may be older than what was set. */
let writing = 0;
let latest = 0;

/** The session: settings in force, and facts about the program. */
export const session = {
  get info(): AppInfo | null {
    return info;
  },
  get settings(): Settings {
    return settings;
  },
  /** Why the program cannot work at all. */
  get problem(): unknown {
    return problem;
  },
  /** The settings hold, but could not be written. */
  get unsaved(): boolean {
    return unsaved;
  },
  get theme(): "light" | "dark" {
    if (settings.theme !== "system") return settings.theme;
    return systemIsDark ? "dark" : "light";
  },
};

/** Reads settings and facts, and follows the system's colours. */
export async function openSession(): Promise<void> {
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  systemIsDark = dark.matches;
  dark.addEventListener("change", (event) => {
    systemIsDark = event.matches;
    show();
  });
  show();
  try {
    info = await call("app_info", {});
    settings = await call("settings_read", {});
  } catch (error) {
    problem = error;
  }
  show();
}

/** Keeps some settings; they hold at once. */
export async function change(part: Partial<Settings>): Promise<void> {
  settings = { ...settings, ...part };
  show();
  writing += 1;
  latest += 1;
  const mine = latest;
  try {
    const kept = await call("settings_write", { settings });
    if (mine === latest) settings = kept;
    unsaved = false;
  } catch {
    unsaved = true;
  }
  writing -= 1;
}

/** Takes over what else changes settings, such as allowing a sign-in service: the next change here would undo it. */
export function followSettings(): Stop {
  return onChanged((topic) => {
    if (topic === "settings" && writing === 0) void read();
  });
}

async function read(): Promise<void> {
  const kept = await call("settings_read", {}).catch(() => null);
  if (kept === null || writing > 0) return;
  settings = kept;
  show();
}

function show(): void {
  const tag = settings.language === "system" ? (info?.locale ?? navigator.language) : settings.language;
  setLanguage(languageFor(tag));
  document.documentElement.dataset["theme"] = session.theme;
}
