// Made from crates/app/src/api by `cargo xtask types`. Do not edit.

export type Action = { "type": "retry" } | { "type": "signIn", 
/**
 * The registry's host, with its port if it has one.
 */
registry: string, } | { "type": "choosePlatform", 
/**
 * The platforms, `os/architecture[/variant]`.
 */
platforms: Array<string>, } | { "type": "freeSpace" } | { "type": "openSettings" } | { "type": "startPractice" };

export type AppInfo = { 
/**
 * Its version.
 */
version: string, 
/**
 * Where the store is.
 */
storePath: string, 
/**
 * What this machine runs.
 */
hostPlatform: string, 
/**
 * The system's language, as a BCP 47 tag.
 */
locale: string, };

export type Change = "unchanged" | "added" | "changed" | "metadata" | "replaced" | "deleted";

export type ChangeCounts = { 
/**
 * Were not there before.
 */
added: number, 
/**
 * Changed in content, kind or attributes.
 */
changed: number, 
/**
 * Are gone.
 */
deleted: number, };

export type ErrorCode = "referenceInvalid" | "hostUnknown" | "unreachable" | "tlsFailed" | "signInNeeded" | "passwordWrong" | "denied" | "repositoryUnknown" | "tagUnknown" | "blobUnknown" | "platformMissing" | "rateLimited" | "registryFailed" | "notARegistry" | "contentMismatch" | "documentInvalid" | "layerInvalid" | "tooLarge" | "interrupted" | "diskFull" | "storeUnwritable" | "storeNewer" | "storeDamaged" | "imageUnknown" | "layerUnknown" | "pathUnknown" | "notAFile" | "artifact" | "stopped" | "practiceFailed" | "internal";

export type FileKind = "file" | "directory" | "symlink" | "hardlink" | "charDevice" | "blockDevice" | "fifo";

export type FilePreview = { 
/**
 * The text, if it is UTF-8 text.
 */
text: string | null, 
/**
 * Else its first bytes as a hex dump.
 */
hex: string | null, 
/**
 * Whether there is more.
 */
truncated: boolean, 
/**
 * The size of the whole file.
 */
sizeBytes: number, };

export type FilePreviewRead = { 
/**
 * The image's manifest digest.
 */
manifest: string, 
/**
 * The layer, 1 is the oldest.
 */
layer: number, 
/**
 * This layer's files, or the system up to it.
 */
scope: Scope, 
/**
 * The row's id.
 */
id: number, 
/**
 * At most so many bytes, never more than 1 MiB.
 */
maxBytes: number, };

export type FileQuery = { 
/**
 * The image's manifest digest.
 */
manifest: string, 
/**
 * The layer, 1 is the oldest.
 */
layer: number, 
/**
 * This layer's changes, or the system up to it.
 */
scope: Scope, 
/**
 * The order of siblings.
 */
sort: SortBy, 
/**
 * A glob, or a part of a name; empty for all.
 */
filter: string, 
/**
 * Whether folders are open unless in `except`.
 */
base: OpenBase, 
/**
 * Row ids that differ from `base`.
 */
except: Array<number>, 
/**
 * First visible row wanted, from 0.
 */
from: number, 
/**
 * How many rows, at most 1,000.
 */
count: number, };

export type FileRow = { 
/**
 * Stable within image, layer and scope.
 */
id: number, 
/**
 * Where it stands among the visible rows, from 0.
 */
index: number, 
/**
 * Folders above it.
 */
depth: number, 
/**
 * Its name, with what cannot be shown escaped.
 */
name: string, 
/**
 * Its path from the root, without leading slash, escaped alike.
 */
path: string, 
/**
 * What it is.
 */
kind: FileKind, 
/**
 * A folder with something in it.
 */
hasChildren: boolean, 
/**
 * A folder whose children follow.
 */
open: boolean, 
/**
 * Its bytes; a folder's: of all below it.
 */
sizeBytes: number, 
/**
 * Files below a folder; 1 for a file.
 */
files: number, 
/**
 * Its part of all bytes in the list, from 0 to 1.
 */
share: number, 
/**
 * Permission bits, octal: `0755`.
 */
mode: string, 
/**
 * Owner.
 */
uid: number, 
/**
 * Group.
 */
gid: number, 
/**
 * When it was changed.
 */
modified: string, 
/**
 * Where a link points.
 */
target: string | null, 
/**
 * What the layer did to it.
 */
change: Change, 
/**
 * The layer that brought what is shown, 1 is the oldest.
 */
layer: number, 
/**
 * The layer that has the version below.
 */
wasIn: number | null, 
/**
 * Its place among its siblings, from 1.
 */
positionInSet: number, 
/**
 * How many siblings there are.
 */
setSize: number, };

export type FileRows = { 
/**
 * Visible rows in all.
 */
total: number, 
/**
 * Files and links in the whole list, visible or not.
 */
files: number, 
/**
 * What the layer did.
 */
counts: ChangeCounts, 
/**
 * The first row of this page.
 */
from: number, 
/**
 * The rows.
 */
rows: Array<FileRow>, };

export type FileRowsRead = { 
/**
 * The page.
 */
query: FileQuery, };

export type ImageDetail = { 
/**
 * What the list shows of it.
 */
summary: ImageSummary, 
/**
 * Its strata, oldest first.
 */
strata: Array<Stratum>, 
/**
 * Its settings.
 */
settings: ImageSettings, 
/**
 * Who made it, as it says.
 */
author: string | null, };

export type ImageList = { 
/**
 * The images, newest in the store first.
 */
images: Array<ImageSummary>, 
/**
 * Their totals.
 */
totals: StoreTotals, };

export type ImageLook = { 
/**
 * What a pull would bring, and how much of it is here.
 */
plan: PullPlan, 
/**
 * The digests of the layers that are here.
 */
here: Array<string>, 
/**
 * The settings that a container of it starts with.
 */
settings: ImageSettings, 
/**
 * When it was made, as it says.
 */
created: string | null, 
/**
 * The platforms to choose from; empty where there is only one image.
 */
offers: Array<PlatformOffer>, };

export type ImageLookRead = { 
/**
 * What was typed.
 */
reference: string, 
/**
 * The platform; none for this machine's.
 */
platform: string | null, };

export type ImageRead = { 
/**
 * Its manifest's digest.
 */
manifest: string, 
/**
 * The reference it is shown under.
 */
reference: string | null, };

export type ImageSettings = { 
/**
 * CMD.
 */
command: Array<string>, 
/**
 * ENTRYPOINT.
 */
entrypoint: Array<string>, 
/**
 * ENV, `NAME=value`.
 */
env: Array<string>, 
/**
 * USER; empty means root.
 */
user: string, 
/**
 * WORKDIR.
 */
workingDir: string, 
/**
 * EXPOSE, `80/tcp`.
 */
ports: Array<string>, 
/**
 * VOLUME.
 */
volumes: Array<string>, 
/**
 * LABEL.
 */
labels: { [key in string]: string }, 
/**
 * STOPSIGNAL.
 */
stopSignal: string | null, };

export type ImageSummary = { 
/**
 * Its full reference; none if no name points to it any more.
 */
reference: string | null, 
/**
 * The short form that Docker shows: `nginx:1.27`.
 */
familiar: string, 
/**
 * The short form without the tag.
 */
repository: string, 
/**
 * The tag.
 */
tag: string | null, 
/**
 * What the reference points to: the digest of an index or a manifest.
 */
target: string, 
/**
 * The digest of the manifest.
 */
manifest: string, 
/**
 * The digest of the config.
 */
imageId: string, 
/**
 * `os/architecture[/variant]`.
 */
platform: string, 
/**
 * Whether this machine can run it without emulation.
 */
runsHere: boolean, 
/**
 * How many layers.
 */
layerCount: number, 
/**
 * Compressed bytes of all layers.
 */
downloadBytes: number, 
/**
 * Bytes of all layers unpacked to tars.
 */
sizeBytes: number, 
/**
 * Compressed bytes that no other image has.
 */
onlyHereBytes: number, 
/**
 * Compressed bytes that other images have too.
 */
sharedBytes: number, 
/**
 * When it was made, as it says.
 */
created: string | null, 
/**
 * When it came into the store.
 */
pulledAt: string, };

export type JobEvent = { "type": "snapshot", 
/**
 * The job.
 */
job: JobSnapshot, } | { "type": "plan", 
/**
 * The image.
 */
plan: PullPlan, 
/**
 * The steps.
 */
steps: Array<JobStep>, } | { "type": "progress", 
/**
 * Those that changed.
 */
steps: Array<JobStep>, 
/**
 * How fast bytes arrive.
 */
bytesPerSecond: number, 
/**
 * How long it will take at this speed.
 */
secondsLeft: number | null, } | { "type": "finished", 
/**
 * How.
 */
outcome: Outcome, };

export type JobKind = "pull";

export type JobSnapshot = { 
/**
 * Its number, from 1, within this run of Strata.
 */
id: number, 
/**
 * What it is.
 */
kind: JobKind, 
/**
 * What it works on: a short reference.
 */
title: string, 
/**
 * When it began.
 */
startedAt: string, 
/**
 * The image, once known.
 */
plan: PullPlan | null, 
/**
 * Its steps, oldest layer first.
 */
steps: Array<JobStep>, 
/**
 * How fast bytes arrive.
 */
bytesPerSecond: number, 
/**
 * How long it will take at this speed.
 */
secondsLeft: number | null, 
/**
 * How it ended, once it has.
 */
outcome: Outcome | null, };

export type JobStep = { 
/**
 * The layer's digest, or `commit`.
 */
id: string, 
/**
 * Where it is.
 */
state: StepState, 
/**
 * Bytes done.
 */
done: number, 
/**
 * Bytes in all, where known.
 */
total: number | null, };

export type JobStop = { 
/**
 * Its number.
 */
id: number, };

export type Language = "system" | "en" | "ko";

export type Nothing = Record<symbol, never>;

export type OpenBase = "closed" | "open";

export type Outcome = { "type": "done", 
/**
 * The full reference.
 */
reference: string, 
/**
 * The manifest's digest.
 */
manifest: string, 
/**
 * What the reference points to.
 */
digest: string, } | { "type": "stopped" } | { "type": "failed", 
/**
 * Why.
 */
error: UserError, };

export type PlatformOffer = { 
/**
 * `os/architecture[/variant]`.
 */
platform: string, 
/**
 * Whether this machine can run it without emulation.
 */
runsHere: boolean, 
/**
 * The digest of its manifest.
 */
manifest: string, };

export type PracticeImage = { 
/**
 * Its full reference.
 */
reference: string, 
/**
 * Its short reference.
 */
familiar: string, 
/**
 * Key of its description in the catalogue, under `registries.samples`.
 */
title: string, 
/**
 * Compressed bytes.
 */
downloadBytes: number, 
/**
 * Layers.
 */
layerCount: number, };

export type PracticeState = "off" | "starting" | "running" | "failed";

export type PracticeStatus = { 
/**
 * Whether it serves.
 */
state: PracticeState, 
/**
 * `localhost:port`, while it serves.
 */
address: string | null, 
/**
 * What it holds.
 */
images: Array<PracticeImage>, 
/**
 * Why it does not serve.
 */
error: UserError | null, };

export type PracticeSwitch = { 
/**
 * Serve, or not.
 */
on: boolean, };

export type PullPlan = { 
/**
 * The full reference.
 */
reference: string, 
/**
 * The short form.
 */
familiar: string, 
/**
 * What the reference points to.
 */
target: string, 
/**
 * The manifest's digest.
 */
manifest: string, 
/**
 * The image's platform.
 */
platform: string, 
/**
 * Its strata, oldest first.
 */
strata: Array<Stratum>, 
/**
 * Compressed bytes of all layers.
 */
totalBytes: number, 
/**
 * Of these, bytes that the store has.
 */
alreadyHereBytes: number, };

export type PullStart = { 
/**
 * What was typed.
 */
reference: string, 
/**
 * The platform; none for this machine's.
 */
platform: string | null, };

export type ReferenceExplain = { 
/**
 * What was typed.
 */
text: string, };

export type ReferenceParts = { 
/**
 * The registry's host.
 */
registry: string, 
/**
 * The repository on it.
 */
repository: string, 
/**
 * The tag that is used; `latest` where none was typed.
 */
tag: string | null, 
/**
 * The digest, if typed.
 */
digest: string | null, 
/**
 * All of it.
 */
full: string, 
/**
 * The short form.
 */
familiar: string, };

export type Scope = "layer" | "upTo";

export type Settings = { 
/**
 * The language.
 */
language: Language, 
/**
 * The colours.
 */
theme: Theme, 
/**
 * Whether the practice registry starts with the window.
 */
practiceRegistry: boolean, };

export type SettingsWrite = { 
/**
 * All of them.
 */
settings: Settings, };

export type SignIn = { 
/**
 * The registry's host, with its port if it has one.
 */
registry: string, 
/**
 * The user.
 */
username: string, 
/**
 * The password or token.
 */
password: string, };

export type SortBy = "name" | "size";

export type StepState = "waiting" | "downloading" | "verifying" | "done" | "alreadyHere" | "retrying" | "failed";

export type StoreTotals = { 
/**
 * Images.
 */
imageCount: number, 
/**
 * Bytes of all blobs on disk.
 */
storedBytes: number, 
/**
 * Bytes as if no image shared a layer.
 */
imageBytes: number, 
/**
 * What sharing saves.
 */
savedBytes: number, };

export type Stratum = { 
/**
 * The layer's number, 1 is the oldest; none for settings only.
 */
layer: number | null, 
/**
 * What made it.
 */
kind: StratumKind, 
/**
 * The instruction, from the history.
 */
instruction: string, 
/**
 * When it was made.
 */
created: string | null, 
/**
 * What the builder noted.
 */
comment: string | null, 
/**
 * The layer's digest.
 */
digest: string | null, 
/**
 * The digest of its plain tar.
 */
diffId: string | null, 
/**
 * The layer's media type.
 */
mediaType: string | null, 
/**
 * Compressed bytes.
 */
downloadBytes: number, 
/**
 * Bytes of its plain tar; 0 while unknown.
 */
sizeBytes: number, 
/**
 * What it did; none before it is pulled.
 */
counts: ChangeCounts | null, 
/**
 * How many other images of the store have it.
 */
sharedWith: number, };

export type StratumKind = "base" | "run" | "copy" | "other" | "settings";

export type TagEntry = { 
/**
 * The tag.
 */
name: string, 
/**
 * It begins with a number: `1.27.3-alpine`, `v2`.
 */
isVersion: boolean, 
/**
 * The store has an image under this name, which may be an older one.
 */
isHere: boolean, };

export type TagList = { 
/**
 * The repository, in its short form.
 */
repository: string, 
/**
 * Versions first, the newest first; then the other names.
 */
tags: Array<TagEntry>, 
/**
 * All of them; not only as many as are ever listed.
 */
isComplete: boolean, };

export type TagTarget = { 
/**
 * The digest that it points to now.
 */
digest: string, 
/**
 * The digest that the store's image of this name was pulled as.
 */
here: string | null, };

export type TagsRead = { 
/**
 * A reference of the repository.
 */
reference: string, };

export type Theme = "system" | "light" | "dark";

export type Topic = "images" | "jobs" | "practice" | "settings";

export type UserError = { 
/**
 * What went wrong.
 */
code: ErrorCode, 
/**
 * To what it happened: a reference, a host, a path.
 */
subject: string | null, 
/**
 * What the sentence needs besides.
 */
params: { [key in string]: string }, 
/**
 * What can be done about it.
 */
actions: Array<Action>, 
/**
 * The technical chain, outermost first, for the details view.
 */
causes: Array<string>, 
/**
 * Whether the same may work later.
 */
retryable: boolean, };

/** Every command: what it is told, what it answers. */
export interface Commands {
  app_info: [Nothing, AppInfo];
  settings_read: [Nothing, Settings];
  settings_write: [SettingsWrite, Settings];
  images_list: [Nothing, ImageList];
  image_read: [ImageRead, ImageDetail];
  file_rows: [FileRowsRead, FileRows];
  file_preview: [FilePreviewRead, FilePreview];
  reference_explain: [ReferenceExplain, ReferenceParts];
  image_look: [ImageLookRead, ImageLook];
  tags_list: [TagsRead, TagList];
  tag_target: [TagsRead, TagTarget];
  pull_start: [PullStart, number];
  jobs_list: [Nothing, Array<JobSnapshot>];
  job_stop: [JobStop, null];
  practice_status: [Nothing, PracticeStatus];
  practice_switch: [PracticeSwitch, PracticeStatus];
  sign_in: [SignIn, null];
}
