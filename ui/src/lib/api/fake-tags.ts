// Pretended tags: eight of any repository, 812 of one with `nginx` in its name, ten thousand of one with `many` in it.
import { fakeDetail, fakeDigest, fakeImages, fakeParts, fakePlan } from "./fake-content";
import type { ImageLook, OfferSize, Selection, Survey, SurveyedImage, TagEntry, TagFacts, TagFactsPage, TagList, TagTarget } from "./generated/types";

const FEW = ["1.27.3", "1.27.3-alpine", "1.27.2", "1.27", "1.26.2", "1.19", "latest", "stable"];
const OF_NGINX = 812;
const MANY = 10_000;
/** Tags on a page of facts, as Docker Hub has them. */
const PAGE = 100;
const DAY_MS = 86_400_000;
/** The newest minor version of all that is pretended. */
const NEWEST = 27;
/** Patches of a minor version, the newest first. */
const PATCHES = [3, 2, 1, 0];

/** What an image may be built on, with what it weighs. */
const VARIANTS: Record<string, number> = {
  "": 72_000_000, "-alpine": 19_000_000, "-alpine-slim": 5_000_000, "-perl": 86_000_000, "-alpine-perl": 31_000_000, "-otel": 94_000_000, "-bookworm": 72_000_000,
  "-bookworm-perl": 86_000_000,
};
/** Platforms that images are pretended for, with what each weighs beside this machine's. */
const PLATFORMS: Record<string, number> = {
  "linux/amd64": 1, "linux/arm64": 0.98, "linux/arm/v7": 0.91, "linux/386": 1.02, "linux/arm/v6": 0.9, "linux/ppc64le": 1.08, "linux/s390x": 0.99, "linux/riscv64": 0.95,
};

/** Versions in order, the newest first, then what else points to them. */
function versions(): string[] {
  const names: string[] = [];
  for (let minor = NEWEST; minor >= 0; minor -= 1) {
    for (const patch of PATCHES) for (const variant of Object.keys(VARIANTS)) names.push(`1.${minor}.${patch}${variant}`);
    for (const variant of Object.keys(VARIANTS)) names.push(`1.${minor}${variant}`);
  }
  return names;
}

function namesOf(repository: string): string[] {
  if (repository.includes("many")) return [...Array.from({ length: MANY - 1 }, (_, at) => `1.${Math.floor((MANY - at) / 100)}.${(MANY - at) % 100}`), "latest"];
  if (!repository.includes("nginx")) return FEW;
  const others = Object.keys(VARIANTS).flatMap((variant) => (variant === "" ? ["latest", "stable", "mainline"] : [variant.slice(1), `stable${variant}`]));
  return [...versions().slice(0, OF_NGINX - others.length), ...others];
}

/** The version that a tag stands for: `latest` and `1.27` for `1.27.3`, `stable-perl` for `1.26.3-perl`. */
function versionOf(tag: string): string {
  const [, named = "", minor, patch, variant = ""] = /^(?:(stable|mainline|latest)|1\.(\d+)(?:\.(\d+))?)?(.*)$/.exec(tag) ?? [];
  const of = minor ?? String(named === "stable" ? NEWEST - 1 : NEWEST);
  return `1.${of}.${patch ?? "3"}${variant === "" || variant.startsWith("-") ? variant : `-${variant}`}`.replace("-bookworm", "");
}

function tagOf(reference: string): string {
  return fakeParts(reference).tag ?? "latest";
}

function repositoryOf(reference: string): string {
  return fakeParts(reference).familiar.replace(/@.*$/, "").replace(/:[^/:]*$/, "");
}

function digestOf(repository: string, tag: string): string {
  return fakeDigest(`target ${repository}:${repository.includes("many") ? tag.replace("latest", "1.100.0") : versionOf(tag)}`);
}

const entryOf = (name: string): TagEntry => ({ name, isVersion: /^\d/.test(name), isHere: name === "1.19" || name === "1.27.3-alpine" });

/** The tags of a repository. */
export function fakeTags(reference: string): TagList {
  const repository = repositoryOf(reference);
  return { repository, tags: namesOf(repository).map(entryOf), isComplete: true };
}

/** Where a tag points; the image of `1.19` that is here is another than the tag has now. */
export function fakeTarget(reference: string): TagTarget {
  const digest = digestOf(repositoryOf(reference), tagOf(reference));
  const { isHere, name } = entryOf(tagOf(reference));
  return { digest, here: isHere ? (name === "1.19" ? fakeDigest("an older 1.19") : digest) : null };
}

/** An image on its registry. */
export function fakeLook(reference: string, platform: string | null): ImageLook {
  const plan = { ...fakePlan(reference, platform ?? "linux/amd64"), target: fakeTarget(reference).digest };
  const offers = Object.keys(PLATFORMS).map((name) => ({ platform: name, runsHere: name === "linux/amd64", manifest: fakeDigest(name), isEmulated: name === "linux/arm64" }));
  const here = plan.strata.flatMap((stratum) => (stratum.layer === 1 && stratum.digest !== null ? [stratum.digest] : []));
  const [image] = fakeImages();
  if (!image) throw new Error("there is no image");
  return { plan, here, settings: fakeDetail(image).settings, created: "2025-01-01T00:00:00Z", offers };
}

/** Compressed bytes of an image for this machine. */
function sizeOf(tag: string): number {
  const version = versionOf(tag);
  const variant = /^[\d.]+(.*)$/.exec(version)?.[1] ?? "";
  return (VARIANTS[variant] ?? 72_000_000) - (NEWEST - Number(/^1\.(\d+)/.exec(version)?.[1] ?? NEWEST)) * 90_000;
}

function factsOf(repository: string, name: string): TagFacts {
  const age = (NEWEST - Number(/^1\.(\d+)/.exec(versionOf(name))?.[1] ?? NEWEST)) * 220 + 12;
  return { name, digest: digestOf(repository, name), sizeBytes: sizeOf(name), updatedAt: new Date(Date.now() - age * DAY_MS).toISOString() };
}

/** What the registry tells of its tags beside their names: only Docker Hub does. */
export function fakeFacts(reference: string, next: string | null): TagFactsPage {
  const repository = repositoryOf(reference);
  if (fakeParts(reference).registry !== "docker.io" || repository.includes("many")) return { tags: [], next: null };
  const names = namesOf(repository);
  const from = Number(next ?? 0);
  return { tags: names.slice(from, from + PAGE).map((name) => factsOf(repository, name)), next: from + PAGE < names.length ? String(from + PAGE) : null };
}

/** How large an image is for each platform. */
export function fakeSizes(reference: string): OfferSize[] {
  const total = sizeOf(tagOf(reference));
  return Object.entries(PLATFORMS).map(([platform, part]) => ({ manifest: fakeDigest(platform), totalBytes: Math.round(total * part), hereBytes: part === 1 ? 3_600_000 : 0 }));
}

/** The tags that a selection is of. */
export function selectedTags({ reference, tags }: Selection): readonly string[] {
  return tags.length > 0 ? tags : namesOf(repositoryOf(reference));
}

/** What a selection comes to. A tag with `broken` in it cannot be read. */
export function fakeSurvey(selection: Selection): Survey {
  const repository = repositoryOf(selection.reference);
  const tags = selectedTags(selection);
  const wanted = selection.platforms.length > 0 ? selection.platforms : ["linux/amd64"];
  const platforms = selection.allPlatforms ? Object.keys(PLATFORMS) : wanted;
  const images = new Map<string, SurveyedImage>();
  for (const tag of tags) {
    const target = digestOf(repository, tag);
    for (const platform of platforms) {
      const key = `${target} ${platform}`;
      const known = images.get(key);
      const totalBytes = Math.round(sizeOf(tag) * (PLATFORMS[platform] ?? 1));
      images.set(key, known ? { ...known, tags: [...known.tags, tag] } : { target, manifest: fakeDigest(key), tags: [tag], platform, totalBytes, hereBytes: platform === "linux/amd64" ? 3_600_000 : 0 });
    }
  }
  const all = [...images.values()];
  const hereBytes = all.some((image) => image.hereBytes > 0) ? 3_600_000 : 0;
  // Images of one repository stand on the same layers: each is counted once.
  const downloadBytes = Math.round(all.reduce((sum, image) => sum + image.totalBytes - image.hereBytes, 0) * 0.8);
  return { repository, tagCount: tags.length, images: all, downloadBytes, hereBytes, failures: [] };
}
