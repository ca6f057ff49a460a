// A backend with some answers of a test's own in the place of the pretended ones.
import { vi } from "vitest";
import type { Backend, CommandName, Request, Response } from "../lib/api";
import type { RegistryEntry, RegistryList, Settings, UserError } from "../lib/api/generated/types";

export type Answers = { [K in CommandName]?: (request: Request<K>) => Response<K> };

/** Has the backend give these answers; what an answer throws is what the work rejects with. Gives the spy on all calls. */
export function answering(backend: Backend, answers: Answers): ReturnType<typeof vi.fn> {
  const call = backend.call;
  const asked = vi.fn();
  vi.spyOn(backend, "call").mockImplementation((name, request) => {
    asked(name, request);
    const answer = answers[name];
    if (answer === undefined) return call(name, request);
    return new Promise((resolve) => resolve(answer(request as never) as never));
  });
  return asked;
}

/** An error of the work, with what a test wants to see. */
export function userError(code: UserError["code"], part: Partial<UserError> = {}): UserError {
  return { code, subject: "ghcr.io", params: {}, actions: [], causes: [], retryable: false, ...part };
}

/** A registry of which nothing special is known. */
export function registryEntry(registry: string, part: Partial<RegistryEntry> = {}): RegistryEntry {
  return {
    registry, isAdded: false, images: 0, login: null, isPlainHttp: false, isLoopback: false, certificateFolders: [], hasOwnCertificate: false, mirrors: [], isBlocked: false,
    trustedRealms: [], rateLimit: null, warnings: [], ...part,
  };
}

/** Docker Hub and these registries, with a keychain and one helper. */
export function registryList(entries: readonly RegistryEntry[], part: Partial<RegistryList> = {}): RegistryList {
  return { registries: [registryEntry("docker.io"), ...entries], hasKeychain: true, keychainReason: null, helpers: ["pass"], followedFiles: [], ...part };
}

/** All settings as they are at first. */
export function firstSettings(part: Partial<Settings> = {}): Settings {
  return {
    language: "en", theme: "system", practiceRegistry: true, pullsAtOnce: 3, layersPerRegistry: 6, downloadLimit: 0, leastRate: 0, proxy: { type: "system" }, registries: [],
    plainHttp: [], mirrors: [], trustedRealms: [], ...part,
  };
}
