// Pretended registries: some that are known, signing in and out, what each holds. Words in what is typed choose what goes wrong.
import type { Request, Response } from "./backend";
import { fakeError } from "./fake-pull";
import type { HubRepository, ImageSummary, KnownLogin, RateLimit, RegistryEntry, RegistryTest, RepositoryPage, Settings, Topic, UserError } from "./generated/types";

/** The commands that are answered here. */
type Own =
  | "registries_list" | "registry_test" | "rate_limit_read" | "repositories_list" | "hub_search" | "realm_approve" | "certificate_write" | "sign_in" | "sign_out";
type Answers = { [K in Own]: (request: Request<K>) => Response<K> };

/** What the rest of the pretended backend lends. */
export interface Surroundings {
  settings: () => Settings;
  keep: (settings: Settings) => void;
  images: () => readonly ImageSummary[];
  tell: (topic: Topic) => void;
}

const HUB = "docker.io";
/** The token service of registries with `realm` in their name. */
const REALM = "auth.example:5001";
const PAGE = 40;
const REPOSITORIES = 100;

/** A login that another tool keeps. */
const OF_DOCKER: KnownLogin = { username: "mona", place: { type: "file", path: "/etc/docker/config.json" } };

function rateLimit(remaining: number): RateLimit {
  return { limit: 100, remaining, windowSeconds: 21_600, source: "203.0.113.9", seenAt: new Date().toISOString() };
}

function wrong(code: UserError["code"], subject: string, part: Partial<UserError> = {}): UserError {
  return { ...fakeError(code, subject), actions: [], ...part };
}

/** Answers for registries. A password of `wrong` is wrong; a registry with `realm`, `tls`, `blocked` or `slow` in its name is so. */
export function fakeRegistries({ settings, keep, images, tell }: Surroundings): { answers: Answers; isSignedIn: () => boolean } {
  const logins = new Map<string, KnownLogin>();
  const certificates = new Set<string>();
  const limits = new Map<string, RateLimit>();
  let hasSignedIn = false;

  const registryOf = (image: ImageSummary): string => image.reference?.split("/")[0] ?? "";
  const realmsOf = (registry: string): string[] => settings().trustedRealms.flatMap((pair) => (pair.registry === registry ? [pair.host] : []));
  const needsRealm = (registry: string): boolean => registry.includes("realm") && !realmsOf(registry).includes(REALM);
  const realmError = (registry: string): UserError =>
    wrong("realmUnknown", registry, { params: { registry, host: REALM }, actions: [{ type: "approveRealm", registry, host: REALM }] });
  const needsCertificate = (registry: string): boolean => registry.includes("tls") && !certificates.has(registry);
  const certificateError = (registry: string): UserError =>
    wrong("tlsFailed", registry, { params: { reason: "its certificate is of an unknown issuer" }, actions: [{ type: "retry" }, { type: "addCertificate", registry }] });

  function entry(registry: string): RegistryEntry {
    const { registries, plainHttp, mirrors } = settings();
    return {
      registry, isAdded: registries.includes(registry), images: images().filter((image) => registryOf(image) === registry).length,
      login: logins.get(registry) ?? (registry === "ghcr.io" ? OF_DOCKER : null), isPlainHttp: plainHttp.includes(registry), isLoopback: /^localhost(:|$)/.test(registry),
      certificateFolders: certificates.has(registry) ? [`/data/strata/certs.d/${registry}`] : [], hasOwnCertificate: certificates.has(registry),
      mirrors: [...mirrors.flatMap((mirror) => (mirror.registry === registry ? [mirror.location] : [])), ...(registry === HUB ? ["hub-cache.example"] : [])],
      isBlocked: registry.includes("blocked"), trustedRealms: realmsOf(registry), rateLimit: limits.get(registry) ?? null,
      warnings: registry.includes("old") ? ["This registry moves to another address in May."] : [],
    };
  }

  function test(registry: string): RegistryTest {
    const login = logins.get(registry) ?? null;
    const error = needsCertificate(registry) ? certificateError(registry) : login !== null && needsRealm(registry) ? realmError(registry) : null;
    return { error, isSignedIn: error === null && login !== null, httpVersion: error === null ? "HTTP/2.0" : null, millis: 84 };
  }

  const answers: Answers = {
    registries_list: () => {
      const names = new Set([...images().map(registryOf), ...settings().registries, ...logins.keys()]);
      names.delete(HUB);
      names.delete("");
      return {
        registries: [HUB, ...[...names].sort()].map(entry), hasKeychain: true, keychainReason: null, helpers: ["pass", "secretservice"],
        followedFiles: ["/etc/docker/config.json", "/etc/containers/registries.conf"],
      };
    },
    registry_test: (request) => test(request.registry),
    rate_limit_read: (request) => {
      if (request.registry !== HUB) return null;
      const limit = rateLimit(83);
      limits.set(HUB, limit);
      return limit;
    },
    repositories_list: (request) => page(request.registry, request.next),
    hub_search: (request) => {
      if (request.query.includes("fail")) throw wrong("searchFailed", "hub.docker.com", { params: { reason: "there is no way there" } });
      return fakeSearch(request.query);
    },
    realm_approve: (request) => {
      const { registry, host, allow } = request;
      const others = settings().trustedRealms.filter((pair) => pair.registry !== registry || pair.host !== host);
      keep({ ...settings(), trustedRealms: allow ? [...others, { registry, host }] : others });
      tell("settings");
      tell("registries");
      return null;
    },
    certificate_write: (request) => {
      if (request.pem === "") certificates.delete(request.registry);
      else if (request.pem.includes("BEGIN CERTIFICATE")) certificates.add(request.registry);
      else throw wrong("certificateInvalid", request.registry, { params: { reason: "there is none in it" } });
      tell("registries");
      return null;
    },
    sign_in: (request) => {
      const { registry, username, password, keep: place } = request;
      if (needsCertificate(registry)) throw certificateError(registry);
      if (needsRealm(registry)) throw realmError(registry);
      if (password === "wrong") throw wrong("passwordWrong", registry, { params: { registry, repository: registry } });
      logins.set(registry, { username, place });
      hasSignedIn = true;
      tell("registries");
      return null;
    },
    sign_out: (request) => {
      logins.delete(request.registry);
      tell("registries");
      return { left: entry(request.registry).login };
    },
  };
  return { answers, isSignedIn: () => hasSignedIn };
}

function page(registry: string, next: string | null): RepositoryPage {
  if (registry === HUB || registry === "ghcr.io") throw wrong("catalogMissing", registry);
  const from = Number(next ?? 0);
  const names = Array.from({ length: Math.min(PAGE, REPOSITORIES - from) }, (_, step) => `team-${(from + step) % 7}/service-${from + step}`);
  return { names, next: from + PAGE < REPOSITORIES ? String(from + PAGE) : null };
}

function fakeSearch(query: string): HubRepository[] {
  const found = (name: string, description: string, stars: number, pulls: number, isOfficial = false): HubRepository => ({ name, description, stars, pulls, isOfficial });
  return [
    found(query, `Official build of ${query}.`, 20_500, 12_000_000_000, true),
    found(`bitnami/${query}`, `A container image for ${query}, with a description that is long enough to need more than one line in a list that is not very wide.`, 204, 300_000_000),
    found(`somebody/${query}-extra`, "", 1, 1_200),
  ];
}
