// Made from crates/app/src/api by `cargo xtask types`. Do not edit.

export type Action = { "type": "retry" } | { "type": "signIn", 
/**
 * The registry's host, with its port if it has one.
 */
registry: string, } | { "type": "approveRealm", 
/**
 * The registry.
 */
registry: string, 
/**
 * The token service's host, with its port if that is not 443.
 */
host: string, } | { "type": "addCertificate", 
/**
 * The registry.
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
locale: string, 
/**
 * Where a person's downloads go.
 */
downloads: string, };

export type ArchivedFile = { 
/**
 * Its path, as it can be shown.
 */
path: string, 
/**
 * Its bytes, unpacked.
 */
sizeBytes: number, 
/**
 * Whether it is a folder.
 */
isFolder: boolean, };

export type BaseHow = "local" | "annotation" | "history";

export type BaseImage = { 
/**
 * How many of the lowest layers are its own; 0 if that is not known.
 */
layers: number, 
/**
 * How many of the lowest strata, settings included.
 */
strata: number, 
/**
 * Its name, short where it is in the store; none if nobody knows it.
 */
name: string | null, 
/**
 * Further names of images with the same layers.
 */
otherNames: Array<string>, 
/**
 * Its full reference, if it is in the store.
 */
reference: string | null, 
/**
 * Its manifest's digest, if it is in the store.
 */
manifest: string | null, 
/**
 * How it is known.
 */
how: BaseHow, };

export type BuildArgument = { 
/**
 * Its name.
 */
name: string, 
/**
 * Its value.
 */
value: string, };

export type BuildExample = { 
/**
 * Its code; its title stands under `build.example`.
 */
code: string, 
/**
 * The folder it is in.
 */
path: string, };

export type BuildFailure = { 
/**
 * Its place among the lines; none if the build failed before or after them.
 */
index: number | null, 
/**
 * What went wrong.
 */
error: UserError, 
/**
 * The likeliest causes, the likeliest first.
 */
causes: Array<LikelyCause>, 
/**
 * Whether the files as they were then can be looked at.
 */
hasFiles: boolean, };

export type BuildHistoryRead = { 
/**
 * The Dockerfile; none for all.
 */
file: string | null, 
/**
 * At most so many, the newest first.
 */
limit: number, };

export type BuildLayer = { 
/**
 * Its digest.
 */
digest: string, 
/**
 * Its packed bytes.
 */
bytes: number, 
/**
 * Its plain bytes.
 */
tarBytes: number, 
/**
 * Whether the build before this one has the same layer.
 */
isSame: boolean, };

export type BuildLine = { 
/**
 * Its place among the lines, from 0: what other commands name it by.
 */
index: number, 
/**
 * The first line of the file that it takes, from 1.
 */
line: number, 
/**
 * The last one.
 */
endLine: number, 
/**
 * The stage that it is part of, from 0; none for an `ARG` before the first.
 */
stage: number | null, 
/**
 * Its name in capitals, such as `RUN`.
 */
keyword: string, 
/**
 * Its text, as written.
 */
text: string, 
/**
 * Where it is.
 */
state: BuildLineState, 
/**
 * How long it took, or takes so far: milliseconds.
 */
milliseconds: number, 
/**
 * How long it took when it was made, if it is taken from an earlier build: milliseconds.
 */
savedMilliseconds: number | null, 
/**
 * The layer it made.
 */
layer: BuildLayer | null, 
/**
 * Why it was made anew.
 */
why: WhyAnew | null, 
/**
 * How many lines of output it wrote.
 */
outputLines: number, 
/**
 * What is to be known of its layer.
 */
warnings: Array<BuildWarning>, };

export type BuildLineState = "waiting" | "running" | "cached" | "done" | "failed" | "notNeeded" | "skipped";

export type BuildLookRead = { 
/**
 * A Dockerfile, a folder with one, or an archive.
 */
path: string, 
/**
 * The Dockerfile in it, if it has another name.
 */
file: string | null, };

export type BuildOutput = { 
/**
 * The number of the first line here.
 */
from: number, 
/**
 * The lines.
 */
lines: Array<OutputLine>, 
/**
 * How many there are.
 */
total: number, 
/**
 * How many of the oldest are not kept any more.
 */
dropped: number, };

export type BuildOutputRead = { 
/**
 * The job.
 */
job: number, 
/**
 * The line's place.
 */
index: number, 
/**
 * The first line wanted, from 0.
 */
from: number, 
/**
 * At most so many.
 */
limit: number, };

export type BuildSheet = { 
/**
 * The Dockerfile.
 */
file: string, 
/**
 * Its text.
 */
text: string, 
/**
 * Whether it can be saved in place.
 */
canSave: boolean, 
/**
 * The context; none if there is nothing but the Dockerfile.
 */
context: ContextLook | null, 
/**
 * The stages.
 */
stages: Array<BuildStage>, 
/**
 * The arguments it declares.
 */
arguments: Array<DeclaredArgument>, 
/**
 * The lines as they would be built: cached, or waiting with the reason.
 */
lines: Array<BuildLine>, 
/**
 * A name for the image: what it had last, or one made of the folder's.
 */
suggestedTag: string, 
/**
 * What is wrong with the Dockerfile, if it cannot be built.
 */
problem: UserError | null, 
/**
 * Whether this machine can carry out `RUN`, if the Dockerfile has one.
 */
canRun: boolean, 
/**
 * The last build of it.
 */
before: PastBuild | null, };

export type BuildStage = { 
/**
 * Its place, from 0.
 */
index: number, 
/**
 * Its name, if it has one.
 */
name: string | null, 
/**
 * What it stands on, as written: an image, a stage or `scratch`.
 */
base: string, 
/**
 * The stages whose files or layers it takes.
 */
needs: Array<number>, 
/**
 * Its first line.
 */
line: number, 
/**
 * Whether the target needs it.
 */
isNeeded: boolean, };

export type BuildStart = { 
/**
 * A Dockerfile, a folder with one, or an archive.
 */
path: string, 
/**
 * The Dockerfile in the folder or archive, if it has another name.
 */
file: string | null, 
/**
 * The text that stands for the file's, if it was changed and not saved.
 */
text: string | null, 
/**
 * The names that the image gets.
 */
tags: Array<string>, 
/**
 * The stage to build; none for the last.
 */
target: string | null, 
/**
 * Build arguments.
 */
arguments: Array<BuildArgument>, 
/**
 * The platform; none for this machine's.
 */
platform: string | null, 
/**
 * Whether nothing is taken from earlier builds.
 */
noCache: boolean, 
/**
 * Whether bases are asked for at their registries, although they are here.
 */
pull: boolean, 
/**
 * `host` or `none`; none for what the settings say.
 */
network: string | null, 
/**
 * Whether commands trust the certificates that this machine trusts.
 */
trustsMachine: boolean, };

export type BuildView = { 
/**
 * The Dockerfile.
 */
file: string, 
/**
 * The folder or archive whose files it copies; none for nothing.
 */
context: string | null, 
/**
 * The names that the image gets, in short form.
 */
tags: Array<string>, 
/**
 * Its number among the builds of this Dockerfile, from 1.
 */
number: number, 
/**
 * Its stages.
 */
stages: Array<BuildStage>, 
/**
 * Its lines in the order of the file.
 */
lines: Array<BuildLine>, 
/**
 * Files of the context.
 */
contextFiles: number, 
/**
 * Their bytes.
 */
contextBytes: number, 
/**
 * Files that the ignore file keeps out.
 */
keptOut: number, 
/**
 * How long it took, or takes so far: milliseconds.
 */
milliseconds: number, 
/**
 * What failed.
 */
failure: BuildFailure | null, 
/**
 * The manifest of the image, once it is there.
 */
manifest: string | null, 
/**
 * The build of this Dockerfile and target before this one.
 */
before: PastBuild | null, };

export type BuildWarning = { 
/**
 * Its code, such as `singleId`.
 */
code: string, 
/**
 * What its sentence names.
 */
subject: string, };

export type Burial = "overwritten" | "deleted";

export type BuriedPath = { 
/**
 * From the root, without leading slash, as it can be shown.
 */
path: string, 
/**
 * Whether it is a folder.
 */
isFolder: boolean, 
/**
 * How it is hidden.
 */
how: Burial, 
/**
 * Bytes of it.
 */
bytes: number, 
/**
 * Files and links of it; 1 for a file.
 */
files: number, };

export type CertificateWrite = { 
/**
 * The registry.
 */
registry: string, 
/**
 * Certificates in PEM form; empty to trust none any more.
 */
pem: string, };

export type Chain = { 
/**
 * Index (where there is one), manifest, config.
 */
documents: Array<ChainDocument>, 
/**
 * The layers, the oldest first.
 */
layers: Array<ChainLayer>, };

export type ChainDocument = { 
/**
 * What it is.
 */
role: ChainRole, 
/**
 * Its digest.
 */
digest: string, 
/**
 * Its media type, as it or what points to it says.
 */
mediaType: string, 
/**
 * Its bytes.
 */
sizeBytes: number, 
/**
 * Its exact text.
 */
text: string, };

export type ChainLayer = { 
/**
 * Its number, 1 is the oldest.
 */
layer: number, 
/**
 * Its digest, from the manifest.
 */
digest: string, 
/**
 * The digest of its plain tar, from the config.
 */
diffId: string, 
/**
 * Its media type.
 */
mediaType: string, 
/**
 * Compressed bytes.
 */
sizeBytes: number, };

export type ChainRead = { 
/**
 * The image's manifest digest.
 */
manifest: string, 
/**
 * The reference it is shown under.
 */
reference: string | null, };

export type ChainRole = "index" | "manifest" | "config";

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

export type CompareRead = { 
/**
 * The manifest's digest of the left one.
 */
left: string, 
/**
 * And of the right one.
 */
right: string, };

export type CompareRowsRead = { 
/**
 * The manifest's digest of the left image.
 */
left: string, 
/**
 * And of the right one.
 */
right: string, 
/**
 * Whether what is the same is listed too.
 */
all: boolean, 
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

export type ComparedImage = { 
/**
 * Its short name.
 */
familiar: string, 
/**
 * Its manifest's digest.
 */
manifest: string, 
/**
 * `os/architecture[/variant]`.
 */
platform: string, 
/**
 * When it was made, as it says.
 */
created: string | null, 
/**
 * How many layers.
 */
layerCount: number, 
/**
 * Compressed bytes of all layers.
 */
downloadBytes: number, 
/**
 * Bytes of all layers unpacked to tars; none while it is not here.
 */
sizeBytes: number | null, 
/**
 * Whether it is in the store.
 */
isHere: boolean, };

export type ComparedLayer = { 
/**
 * Its number in its image, 1 is the oldest.
 */
layer: number, 
/**
 * What made it.
 */
kind: StratumKind, 
/**
 * The instruction.
 */
instruction: string, 
/**
 * The layer's digest.
 */
digest: string, 
/**
 * Compressed bytes.
 */
downloadBytes: number, };

export type Comparison = { 
/**
 * The left one.
 */
left: ComparedImage, 
/**
 * The right one.
 */
right: ComparedImage, 
/**
 * Layers, the oldest first.
 */
layers: Array<LayerPair>, 
/**
 * Settings.
 */
settings: Array<SettingPair>, 
/**
 * Files; none while a layer of either is not in the store.
 */
files: FileCounts | null, 
/**
 * Compressed bytes of the layers that both have.
 */
sharedBytes: number, 
/**
 * Compressed bytes of the right image that the store has not.
 */
missingBytes: number, };

export type CompletionItem = { 
/**
 * What it is.
 */
kind: CompletionKind, 
/**
 * What is shown, and what comes in the place of what was typed.
 */
text: string, 
/**
 * What was typed of it.
 */
span: TextSpan, };

export type CompletionKind = "instruction" | "flag" | "value" | "stage" | "variable";

export type ContentKind = "empty" | "text" | "json" | "image" | "elf" | "archive" | "bytes";

export type ContextFile = { 
/**
 * Where it is.
 */
path: string, 
/**
 * Its bytes.
 */
bytes: number, };

export type ContextLook = { 
/**
 * The folder or archive.
 */
path: string, 
/**
 * Files that can be copied.
 */
files: number, 
/**
 * Their bytes.
 */
bytes: number, 
/**
 * The ignore file, if there is one.
 */
ignoreFile: string | null, 
/**
 * Files that are kept out.
 */
keptOutFiles: number, 
/**
 * Their bytes.
 */
keptOutBytes: number, 
/**
 * Which rule keeps out how much, the most first.
 */
keptOut: Array<KeptOut>, 
/**
 * The largest that can be copied, the largest first; at most 20.
 */
largest: Array<ContextFile>, 
/**
 * What rarely belongs there.
 */
warnings: Array<ContextWarning>, };

export type ContextWarning = { 
/**
 * Its code: `git`, `nodeModules`, `env`, `keys`, `large`.
 */
code: string, 
/**
 * Where it is.
 */
path: string, 
/**
 * How many files it has.
 */
files: number, 
/**
 * Their bytes.
 */
bytes: number, };

export type DeclaredArgument = { 
/**
 * Its name.
 */
name: string, 
/**
 * Its default, as written.
 */
default: string | null, 
/**
 * The line that declares it first.
 */
line: number, };

export type DiffHunk = { 
/**
 * They, in order.
 */
lines: Array<DiffLine>, };

export type DiffLine = { 
/**
 * What happened to it.
 */
change: LineChange, 
/**
 * Its number in the older version, from 1.
 */
old: number | null, 
/**
 * Its number in the newer version, from 1.
 */
new: number | null, 
/**
 * The line, without its end.
 */
text: string, };

export type DigestCheck = { 
/**
 * What it should be.
 */
expected: string, 
/**
 * What it is.
 */
found: string, 
/**
 * Bytes that were read for it.
 */
bytes: number, };

export type DigestCheckRead = { "type": "blob", 
/**
 * The digest that it should have.
 */
digest: string, } | { "type": "diffId", 
/**
 * The image's manifest digest.
 */
manifest: string, 
/**
 * The layer, 1 is the oldest.
 */
layer: number, };

export type DockerfileComplete = { 
/**
 * The Dockerfile.
 */
text: string, 
/**
 * The place.
 */
at: number, };

export type DockerfileExplain = { 
/**
 * Its text.
 */
text: string, };

export type DockerfileLint = { 
/**
 * Its text.
 */
text: string, 
/**
 * Where it is: its ignore file lies beside it.
 */
file: string | null, };

export type DockerfileLinted = { 
/**
 * What is wrong, in the order of the text.
 */
diagnostics: Array<DockerfileProblem>, 
/**
 * What could be better, in the order of the text.
 */
hints: Array<LintHint>, 
/**
 * `error=true` is set and one of BuildKit's rules found something: a build with Docker would fail.
 */
fails: boolean, 
/**
 * The ignore file beside it.
 */
ignoreFile: IgnoreFile | null, };

export type DockerfileProblem = { 
/**
 * What is wrong.
 */
code: string, 
/**
 * What fills the gaps of the sentence.
 */
params: { [key in string]: string }, 
/**
 * The name that was probably meant.
 */
suggestion: string | null, 
/**
 * Where.
 */
span: TextSpan, };

export type DockerfileRead = { 
/**
 * The image's manifest digest.
 */
manifest: string, };

export type DockerfileSave = { 
/**
 * The file.
 */
path: string, 
/**
 * Its text.
 */
text: string, 
/**
 * The text it had when it was read: if it has another one now, nothing is saved.
 */
readText: string, };

export type Doctor = { 
/**
 * How a `RUN` would be carried out: `root`, `subIds`, `singleId`, or none where it cannot.
 */
runMode: string | null, 
/**
 * What was tried.
 */
probes: Array<Probe>, };

export type ElfFacts = { 
/**
 * The processor, as platforms name it.
 */
machine: string, 
/**
 * 32 or 64.
 */
bits: number, 
/**
 * Whether this machine has such a processor.
 */
runsHere: boolean, 
/**
 * How it is linked.
 */
linking: ElfLinking, 
/**
 * The program that loads it.
 */
interpreter: string | null, 
/**
 * The name that others link to.
 */
soname: string | null, 
/**
 * Libraries that it needs.
 */
needed: Array<string>, 
/**
 * Where it looks for them first.
 */
runPath: string | null, 
/**
 * The build's ID.
 */
buildId: string | null, 
/**
 * Whether names for debugging were removed.
 */
isStripped: boolean, 
/**
 * Whether Go made it.
 */
isGo: boolean, };

export type ElfLinking = "dynamic" | "static" | "library" | "other";

export type ErrorCode = "referenceInvalid" | "hostUnknown" | "unreachable" | "tlsFailed" | "signInNeeded" | "passwordWrong" | "loginRefused" | "denied" | "repositoryUnknown" | "tagUnknown" | "digestUnknown" | "blobUnknown" | "platformMissing" | "indexEmpty" | "rateLimited" | "registryFailed" | "registriesFile" | "notARegistry" | "contentMismatch" | "documentInvalid" | "layerInvalid" | "tooLarge" | "interrupted" | "tooSlow" | "pullLimit" | "diskFull" | "storeUnwritable" | "storeNewer" | "storeDamaged" | "imageUnknown" | "imageAmbiguous" | "layerUnknown" | "pathUnknown" | "pathAbsent" | "pathDeleted" | "pathNotInLayer" | "exportFailed" | "exportTaken" | "notAFile" | "filterInvalid" | "artifact" | "stopped" | "realmUnknown" | "registryBlocked" | "catalogMissing" | "keychainMissing" | "noTerminal" | "helperFailed" | "certificateInvalid" | "searchFailed" | "practiceFailed" | "dockerfileMissing" | "dockerfileChanged" | "dockerfileInvalid" | "buildTargetUnknown" | "buildContextUnreadable" | "buildFileMissing" | "buildFileIgnored" | "buildDestination" | "buildUserUnknown" | "buildSecretMissing" | "buildNotAllowed" | "buildFetchFailed" | "buildStepFailed" | "buildStepKilled" | "runUnavailable" | "optionInvalid" | "fileUnread" | "ruleUnknown" | "internal";

export type ExplainedLine = { 
/**
 * Where it is.
 */
span: TextSpan, 
/**
 * The instruction in capitals; none for a directive, and for what is no instruction.
 */
instruction: string | null, 
/**
 * What it does.
 */
says: Array<Saying>, 
/**
 * What it leaves.
 */
layer: LayerEffect, 
/**
 * What must be as it was for the result of an earlier build to be taken.
 */
depends: Array<Saying>, };

export type FileAt = { 
/**
 * The image's manifest digest.
 */
manifest: string, 
/**
 * The layer of the list, 1 is the oldest.
 */
layer: number, 
/**
 * Its changes, or the system up to it.
 */
scope: Scope, 
/**
 * The row.
 */
id: number, };

export type FileCounts = { 
/**
 * Paths in both, with another content, kind, or mode and owner.
 */
changed: number, 
/**
 * Paths that only the left image has.
 */
left: number, 
/**
 * Paths that only the right image has.
 */
right: number, };

export type FileDetails = { "type": "image", 
/**
 * `data:image/png;base64,…`
 */
address: string, } | { "type": "elf", 
/**
 * What it says of itself.
 */
facts: ElfFacts, } | { "type": "archive", 
/**
 * The first of them.
 */
files: Array<ArchivedFile>, 
/**
 * Whether there are more.
 */
truncated: boolean, } | { "type": "nothing" };

export type FileDiff = { 
/**
 * Whether both are text; if not, there are no hunks.
 */
isText: boolean, 
/**
 * Whether both have the same bytes.
 */
isSame: boolean, 
/**
 * Whether only the beginning of either was compared.
 */
isCut: boolean, 
/**
 * Bytes of the older version.
 */
oldBytes: number, 
/**
 * Bytes of the newer version.
 */
newBytes: number, 
/**
 * Lines that only the newer one has.
 */
added: number, 
/**
 * Lines that only the older one has.
 */
removed: number, 
/**
 * The differences.
 */
hunks: Array<DiffHunk>, };

export type FileDiffRead = { "type": "compared", 
/**
 * The manifest's digest of the left image.
 */
left: string, 
/**
 * And of the right one.
 */
right: string, 
/**
 * The row.
 */
id: number, } | { "type": "layers", 
/**
 * The image's manifest digest.
 */
manifest: string, 
/**
 * The layer of the list, 1 is the oldest.
 */
layer: number, 
/**
 * Its changes, or the system up to it.
 */
scope: Scope, 
/**
 * The row.
 */
id: number, 
/**
 * The layer of the older version.
 */
with: number, };

export type FileHexRead = { 
/**
 * The file.
 */
at: FileAt, 
/**
 * The first byte, from 0.
 */
offset: number, 
/**
 * How many bytes, at most 64 KiB.
 */
count: number, };

export type FileKind = "file" | "directory" | "symlink" | "hardlink" | "charDevice" | "blockDevice" | "fifo";

export type FilePreview = { 
/**
 * What it is.
 */
kind: ContentKind, 
/**
 * Its media type, as its first bytes tell.
 */
mediaType: string, 
/**
 * The text, if it is text.
 */
text: string | null, 
/**
 * What the text is encoded in.
 */
encoding: string | null, 
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
 * A glob, or a part of a name; empty for all. Words such as `owner:1000`, `mode:setuid`, `size:>1M` and
 * `change:deleted` are conditions.
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
 * The deletion of what was not there: what it was, whose and when, is not known, and the fields for that say
 * nothing.
 */
ofNothing: boolean, 
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
 * Major and minor number of a device.
 */
device: [number, number] | null, 
/**
 * What a program may do without root, as `setcap` has it: `cap_net_raw+ep`.
 */
capabilities: string | null, 
/**
 * The names of its extended attributes.
 */
xattrs: Array<string>, 
/**
 * What the layer did to it.
 */
change: Change, 
/**
 * Something in this folder changed, where nothing happened to the folder itself.
 */
changedBelow: boolean, 
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

export type FileSave = { 
/**
 * The file or folder.
 */
at: FileAt, 
/**
 * The folder of this machine that it is put into.
 */
folder: string, };

export type FileSaved = { 
/**
 * Where it is now.
 */
path: string, 
/**
 * Files.
 */
files: number, 
/**
 * Bytes of them.
 */
bytes: number, 
/**
 * Devices, pipes and names that could not be written.
 */
skipped: number, };

export type FilesSearch = { 
/**
 * The image's manifest digest.
 */
manifest: string, 
/**
 * A part of a name, a glob, or the end of a path.
 */
text: string, 
/**
 * How many finds are told, at most 200.
 */
limit: number, };

export type Findings = { 
/**
 * The distribution, as it calls itself.
 */
distribution: string | null, 
/**
 * Packages, by ecosystem, name, version.
 */
packages: Array<FoundPackage>, 
/**
 * Package databases that are there but could not be read.
 */
unread: Array<string>, 
/**
 * Secrets, the surest first.
 */
secrets: Array<FoundSecret>, 
/**
 * Files that were too large or damaged, and not looked into.
 */
skipped: number, };

export type FindingsRead = { 
/**
 * The image's manifest digest.
 */
manifest: string, };

export type FoundFile = { 
/**
 * From the root, without leading slash, as it can be shown.
 */
path: string, 
/**
 * The layer, 1 is the oldest.
 */
layer: number, 
/**
 * What it is; of a deletion a file.
 */
kind: FileKind, 
/**
 * Bytes of a file, or of all below a folder in this layer.
 */
sizeBytes: number, 
/**
 * The layer deletes the path.
 */
isDeletion: boolean, 
/**
 * The next later layer that has or deletes the path; none if this is what the image shows.
 */
hiddenBy: number | null, };

export type FoundFiles = { 
/**
 * The best of them.
 */
found: Array<FoundFile>, 
/**
 * How many there are in all.
 */
total: number, };

export type FoundPackage = { 
/**
 * Who packs it: `deb`, `apk`, `rpm`, `python`, `npm`, `gem`, `go`, `cargo`, `maven`.
 */
ecosystem: string, 
/**
 * Its name.
 */
name: string, 
/**
 * Its version.
 */
version: string, 
/**
 * The processor it is for.
 */
architecture: string | null, 
/**
 * Its license, in its own words.
 */
license: string | null, 
/**
 * The layer that brought it, 1 is the oldest.
 */
layer: number, 
/**
 * The file that says so, as it can be shown.
 */
path: string, 
/**
 * Bytes that it takes, where it says so.
 */
installedBytes: number | null, 
/**
 * Its package URL.
 */
purl: string, };

export type FoundSecret = { 
/**
 * What it is, by the rule that found it.
 */
rule: string, 
/**
 * How sure that is.
 */
severity: SecretSeverity, 
/**
 * Where it is.
 */
place: SecretPlace, 
/**
 * Its line, from 1.
 */
line: number | null, 
/**
 * The text with its middle replaced.
 */
masked: string, };

export type HealthCheck = { 
/**
 * What is run; empty if a check of the base image is switched off.
 */
command: Array<string>, 
/**
 * Whether that is one line for a shell (`CMD-SHELL`).
 */
inShell: boolean, 
/**
 * Seconds between two checks; none for 30.
 */
intervalSeconds: number | null, 
/**
 * Seconds that a check may take; none for 30.
 */
timeoutSeconds: number | null, 
/**
 * Seconds at the beginning in which failures do not count; none for 0.
 */
startPeriodSeconds: number | null, 
/**
 * Seconds between two checks in that time; none for 5.
 */
startIntervalSeconds: number | null, 
/**
 * Failures in a row after which it counts as unwell; none for 3.
 */
retries: number | null, };

export type HexPage = { 
/**
 * The first byte shown.
 */
offset: number, 
/**
 * A line for every sixteen bytes: where, which, and what of them is ASCII.
 */
text: string, 
/**
 * The size of the whole file.
 */
sizeBytes: number, };

export type HubRepository = { 
/**
 * Its short name: `nginx`, `bitnami/nginx`.
 */
name: string, 
/**
 * What it says of itself.
 */
description: string, 
/**
 * How many people like it.
 */
stars: number, 
/**
 * How often it was pulled.
 */
pulls: number, 
/**
 * Docker looks after it.
 */
isOfficial: boolean, };

export type HubSearch = { 
/**
 * A few words.
 */
query: string, };

export type IgnoreFile = { 
/**
 * Where it is.
 */
path: string, 
/**
 * The line that cannot be read, from 1; the file is then left out of account.
 */
wrongLine: number | null, };

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
author: string | null, 
/**
 * What it was made from, as far as that is known.
 */
base: BaseImage | null, };

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
stopSignal: string | null, 
/**
 * HEALTHCHECK.
 */
healthCheck: HealthCheck | null, 
/**
 * SHELL.
 */
shell: Array<string>, 
/**
 * ONBUILD: what is done first in an image that is made from this one.
 */
onBuild: Array<string>, };

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
secondsLeft: number | null, 
/**
 * How bytes come.
 */
pace: Pace, } | { "type": "build", 
/**
 * All of it.
 */
build: BuildView, } | { "type": "state", 
/**
 * Where it is.
 */
state: JobState, } | { "type": "finished", 
/**
 * How.
 */
outcome: Outcome, };

export type JobKind = "pull" | "survey" | "peek" | "inspect" | "build";

export type JobMove = { 
/**
 * The job.
 */
id: number, 
/**
 * The waiting job that it is to stand before; none for the end.
 */
before: number | null, };

export type JobNamed = { 
/**
 * Its number.
 */
id: number, };

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
 * Where it is.
 */
state: JobState, 
/**
 * Its place among those that wait, from 1.
 */
position: number | null, 
/**
 * Jobs that were started together have the same number.
 */
batch: number | null, 
/**
 * What the batch is: a short repository name.
 */
batchTitle: string | null, 
/**
 * The registry that it speaks to.
 */
registry: string, 
/**
 * What it was asked for, as it can be asked again.
 */
reference: string, 
/**
 * The platform that was asked for; none for this machine's.
 */
platform: string | null, 
/**
 * Further tags that the image gets.
 */
tags: Array<string>, 
/**
 * When it was asked for.
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
 * How bytes come.
 */
pace: Pace, 
/**
 * The build, if it is one.
 */
build: BuildView | null, 
/**
 * How it ended, once it has.
 */
outcome: Outcome | null, };

export type JobState = "queued" | "running" | "paused" | "ended";

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

export type JobsPause = { 
/**
 * Pause, or go on.
 */
pause: boolean, };

export type KeptOut = { 
/**
 * The rule as written.
 */
rule: string, 
/**
 * Its line in the ignore file, from 1.
 */
line: number, 
/**
 * How many files it keeps out.
 */
files: number, 
/**
 * Their bytes.
 */
bytes: number, };

export type KnownLogin = { 
/**
 * The user, where that is known without asking for the password.
 */
username: string | null, 
/**
 * Where it is kept.
 */
place: LoginPlace, };

export type Language = "system" | "en" | "ko";

export type LayerBytes = { 
/**
 * The layer, 1 is the oldest.
 */
layer: number, 
/**
 * Bytes.
 */
bytes: number, };

export type LayerEffect = "base" | "files" | "folder" | "settings" | "nothing";

export type LayerPair = { 
/**
 * `changed` means: the same instruction made another layer.
 */
state: PairState, 
/**
 * Of the left image.
 */
left: ComparedLayer | null, 
/**
 * Of the right image.
 */
right: ComparedLayer | null, };

export type LayerPeekStart = { 
/**
 * The image's reference.
 */
reference: string, 
/**
 * The platform; none for this machine's.
 */
platform: string | null, 
/**
 * The layer's digest.
 */
layer: string, };

export type LayerSharer = { 
/**
 * Its full reference; none if no name points to it any more.
 */
reference: string | null, 
/**
 * All its names, short.
 */
names: Array<string>, 
/**
 * Its manifest's digest.
 */
manifest: string, 
/**
 * Which layer it is there, 1 is the oldest.
 */
layer: number, };

export type LayerSharersRead = { 
/**
 * The image's manifest digest: it is not among the others.
 */
manifest: string, 
/**
 * The layer's digest.
 */
layer: string, };

export type LayerWaste = { 
/**
 * The layer, 1 is the oldest.
 */
layer: number, 
/**
 * Bytes of its files.
 */
carriedBytes: number, 
/**
 * Bytes of those that a later layer hides.
 */
buriedBytes: number, };

export type LikelyCause = { 
/**
 * Its code, such as `commandNotFound`.
 */
code: string, 
/**
 * What its sentence names: a command, a file, a host.
 */
subject: string, };

export type LineChange = "same" | "removed" | "added";

export type LintHint = { 
/**
 * The rule.
 */
rule: string, 
/**
 * What hadolint calls it.
 */
numbers: Array<string>, 
/**
 * How much it weighs.
 */
severity: LintSeverity, 
/**
 * Whether BuildKit has the rule too.
 */
isBuildkit: boolean, 
/**
 * What fills the gaps of the sentence.
 */
params: { [key in string]: string }, 
/**
 * The name that was probably meant.
 */
suggestion: string | null, 
/**
 * Where.
 */
span: TextSpan, 
/**
 * What mends it, in the order of the text; none where that needs a decision.
 */
edits: Array<TextEdit>, };

export type LintRulePage = { 
/**
 * Its id.
 */
id: string, 
/**
 * What hadolint calls it.
 */
numbers: Array<string>, 
/**
 * How much it weighs.
 */
severity: LintSeverity, 
/**
 * Whether BuildKit has it too.
 */
isBuildkit: boolean, 
/**
 * A Dockerfile that it finds something in.
 */
bad: string, 
/**
 * The same as it should be.
 */
good: string, };

export type LintRuleRead = { 
/**
 * Its id, or what hadolint calls it.
 */
id: string, };

export type LintSeverity = "warning" | "advice" | "style";

export type LoginPlace = { "type": "session" } | { "type": "keychain" } | { "type": "helper", 
/**
 * Its name: `docker-credential-NAME`.
 */
name: string, } | { "type": "file", 
/**
 * The file.
 */
path: string, };

export type MirrorSetting = { 
/**
 * The registry, as references name it.
 */
registry: string, 
/**
 * The mirror: a host, with a port and a path if it has them.
 */
location: string, };

export type Nothing = Record<symbol, never>;

export type OfferSize = { 
/**
 * The digest of the image's manifest.
 */
manifest: string, 
/**
 * Compressed bytes of its layers.
 */
totalBytes: number, 
/**
 * Of these, bytes that the store has.
 */
hereBytes: number, };

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
digest: string, } | { "type": "surveyed", 
/**
 * What they come to.
 */
survey: Survey, } | { "type": "peeked", 
/**
 * Their list.
 */
layer: PeekedLayer, } | { "type": "inspected", 
/**
 * The image's manifest digest.
 */
manifest: string, } | { "type": "built", 
/**
 * Its manifest's digest.
 */
manifest: string, 
/**
 * The first of its names, if it has one.
 */
reference: string | null, } | { "type": "stopped" } | { "type": "failed", 
/**
 * Why.
 */
error: UserError, };

export type OutputLine = { 
/**
 * Its text, with what colours it on a terminal.
 */
text: string, 
/**
 * Whether it came on the error stream.
 */
isError: boolean, 
/**
 * When it came: milliseconds from the step's start.
 */
milliseconds: number, };

export type OwnerName = { 
/**
 * The number.
 */
id: number, 
/**
 * The name.
 */
name: string, };

export type Owners = { 
/**
 * From `/etc/passwd`.
 */
users: Array<OwnerName>, 
/**
 * From `/etc/group`.
 */
groups: Array<OwnerName>, };

export type OwnersRead = { 
/**
 * The image's manifest digest.
 */
manifest: string, };

export type Pace = "steady" | "slow" | "stalled";

export type PairState = "same" | "changed" | "left" | "right";

export type PastBuild = { 
/**
 * Its number among the builds of its Dockerfile, from 1.
 */
number: number, 
/**
 * The Dockerfile.
 */
file: string, 
/**
 * The target stage, if one was named.
 */
target: string | null, 
/**
 * The names that its image got.
 */
tags: Array<string>, 
/**
 * When it began.
 */
startedAt: string, 
/**
 * How long it took: milliseconds.
 */
milliseconds: number, 
/**
 * The manifest of its image; none if it failed or was stopped.
 */
manifest: string | null, 
/**
 * Packed bytes of the image's layers.
 */
bytes: number, 
/**
 * How many lines were taken from earlier builds.
 */
cached: number, 
/**
 * The lines that the target needs.
 */
lines: Array<PastLine>, };

export type PastLine = { 
/**
 * Its text.
 */
text: string, 
/**
 * Its name in capitals.
 */
keyword: string, 
/**
 * How long it took: milliseconds; 0 if it was taken from an earlier one.
 */
milliseconds: number, 
/**
 * Whether it was taken from an earlier one.
 */
isCached: boolean, 
/**
 * The layer it made.
 */
layer: BuildLayer | null, };

export type PeekRowsRead = { 
/**
 * The layer's digest, as the finished job names it.
 */
layer: string, 
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

export type PeekSource = "store" | "wholeLayer" | "tableOfContents" | "uncheckedTable";

export type PeekedLayer = { 
/**
 * The layer's digest.
 */
layer: string, 
/**
 * Where the list comes from.
 */
source: PeekSource, 
/**
 * Bytes that were downloaded for it; none of them are kept.
 */
downloadedBytes: number, 
/**
 * Bytes of the whole layer.
 */
layerBytes: number, };

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
manifest: string, 
/**
 * It is for another machine, but an emulator for it is registered here.
 */
isEmulated: boolean, };

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

export type Probe = { 
/**
 * What was tried, such as `userNamespace`.
 */
code: string, 
/**
 * How it went.
 */
state: ProbeState, 
/**
 * What the system said.
 */
detail: string | null, 
/**
 * How to mend it, such as `installUidmap`; its sentence stands under `doctor.fix`.
 */
fix: string | null, 
/**
 * The command that mends it, to be read and run by a person.
 */
command: string | null, };

export type ProbeState = "works" | "limited" | "fails" | "notNeeded";

export type ProxySetting = { "type": "system" } | { "type": "none" } | { "type": "url", 
/**
 * `http://host:port` or `https://host:port`.
 */
url: string, 
/**
 * Hosts that are asked without it.
 */
except: Array<string>, };

export type PullManyStart = { 
/**
 * A reference of the repository.
 */
reference: string, 
/**
 * The images, each with its tags.
 */
images: Array<PullOfMany>, };

export type PullOfMany = { 
/**
 * The tags that it gets; at least one.
 */
tags: Array<string>, 
/**
 * Its platform; none for this machine's.
 */
platform: string | null, };

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

export type RateLimit = { 
/**
 * Requests in one window.
 */
limit: number, 
/**
 * Of these, those that are left.
 */
remaining: number, 
/**
 * The length of the window, in seconds, where it is told.
 */
windowSeconds: number | null, 
/**
 * By what they are counted: an address or an account, as the registry says.
 */
source: string | null, 
/**
 * When that was said.
 */
seenAt: string, };

export type RealmApprove = { 
/**
 * The registry.
 */
registry: string, 
/**
 * The token service's host, with its port if that is not 443.
 */
host: string, 
/**
 * Whether it may, or may no more.
 */
allow: boolean, };

export type RebuiltLine = { 
/**
 * Its text.
 */
text: string, 
/**
 * The layer that it made, 1 is the oldest; none if it made none.
 */
layer: number | null, 
/**
 * What is not known of it.
 */
unknown: Array<Unknown>, };

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

export type RegistryEntry = { 
/**
 * The name that references have: `docker.io`, `localhost:5150`.
 */
registry: string, 
/**
 * Somebody added it here, so that it can be taken away again.
 */
isAdded: boolean, 
/**
 * How many images of it are in the store.
 */
images: number, 
/**
 * The login that is used, if there is one.
 */
login: KnownLogin | null, 
/**
 * It is spoken to without TLS.
 */
isPlainHttp: boolean, 
/**
 * It is this machine itself.
 */
isLoopback: boolean, 
/**
 * Certificates of its own are trusted for it: the folders that hold them.
 */
certificateFolders: Array<string>, 
/**
 * A certificate that was added here, which can be taken away again.
 */
hasOwnCertificate: boolean, 
/**
 * Where its images are asked for first, in this order.
 */
mirrors: Array<string>, 
/**
 * A configuration forbids it.
 */
isBlocked: boolean, 
/**
 * Token services on other hosts that may see its password, as somebody allowed.
 */
trustedRealms: Array<string>, 
/**
 * How many requests it allows.
 */
rateLimit: RateLimit | null, 
/**
 * What it lately wanted people to know (`Warning` headers).
 */
warnings: Array<string>, };

export type RegistryList = { 
/**
 * The registries: Docker Hub first, then by name.
 */
registries: Array<RegistryEntry>, 
/**
 * Whether the system's keychain can be used.
 */
hasKeychain: boolean, 
/**
 * Why it cannot.
 */
keychainReason: string | null, 
/**
 * The credential helpers on this machine.
 */
helpers: Array<string>, 
/**
 * The configuration files of other tools that are followed.
 */
followedFiles: Array<string>, };

export type RegistryNamed = { 
/**
 * Its name.
 */
registry: string, };

export type RegistryTest = { 
/**
 * Why it did not work.
 */
error: UserError | null, 
/**
 * It let us in with the login that there is.
 */
isSignedIn: boolean, 
/**
 * The version of HTTP that it speaks with us: `HTTP/2.0`.
 */
httpVersion: string | null, 
/**
 * How long it took, in milliseconds.
 */
millis: number, };

export type RepositoriesRead = { 
/**
 * The registry.
 */
registry: string, 
/**
 * The page that the one before named; none for the first.
 */
next: string | null, };

export type RepositoryPage = { 
/**
 * Their names.
 */
names: Array<string>, 
/**
 * The next page.
 */
next: string | null, };

export type Saying = { 
/**
 * Which.
 */
code: string, 
/**
 * What fills its gaps.
 */
params: { [key in string]: string }, 
/**
 * What it is about.
 */
span: TextSpan, };

export type SbomFormat = "spdx" | "cyclonedx";

export type SbomSave = { 
/**
 * The image's manifest digest.
 */
manifest: string, 
/**
 * The form.
 */
format: SbomFormat, 
/**
 * The folder of this machine that it is put into.
 */
folder: string, };

export type Scope = "layer" | "upTo";

export type SecretPlace = { "type": "file", 
/**
 * Its path, as it can be shown.
 */
path: string, 
/**
 * The layer, 1 is the oldest.
 */
layer: number, 
/**
 * The row in the list of the layer's files.
 */
row: number | null, 
/**
 * The later layer that deletes or overwrites it: it is there all the same.
 */
hiddenBy: number | null, } | { "type": "environment", 
/**
 * Its name.
 */
name: string, } | { "type": "label", 
/**
 * Its name.
 */
name: string, } | { "type": "history", 
/**
 * The step, from 1.
 */
step: number, } | { "type": "setting", 
/**
 * Its name in the config.
 */
name: string, };

export type SecretSeverity = "possible" | "likely" | "certain";

export type Selection = { 
/**
 * A reference of the repository; its own tag does not matter.
 */
reference: string, 
/**
 * The tags; empty for all.
 */
tags: Array<string>, 
/**
 * The platforms; empty for this machine's.
 */
platforms: Array<string>, 
/**
 * All platforms that there are, whatever `platforms` says.
 */
allPlatforms: boolean, };

export type SettingField = "platform" | "entrypoint" | "command" | "user" | "workingDir" | "stopSignal" | "env" | "port" | "volume" | "label";

export type SettingPair = { 
/**
 * Which.
 */
field: SettingField, 
/**
 * Its name, where there may be several.
 */
name: string, 
/**
 * How they differ.
 */
state: PairState, 
/**
 * Its value in the left image.
 */
left: string | null, 
/**
 * And in the right one.
 */
right: string | null, };

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
practiceRegistry: boolean, 
/**
 * How many pulls are at work at the same time, 1 to 8.
 */
pullsAtOnce: number, 
/**
 * How many layers come from one registry at the same time, 1 to 16.
 */
layersPerRegistry: number, 
/**
 * The most bytes a second that layers arrive with; 0 for as many as there are.
 */
downloadLimit: number, 
/**
 * The least bytes a second that a layer must arrive with; 0 for any. A slower one is asked for again, then given up.
 */
leastRate: number, 
/**
 * The proxy.
 */
proxy: ProxySetting, 
/**
 * Registries that were added by hand.
 */
registries: Array<string>, 
/**
 * Registries that are spoken to without TLS, besides those on this machine.
 */
plainHttp: Array<string>, 
/**
 * Mirrors.
 */
mirrors: Array<MirrorSetting>, 
/**
 * Token services that may see a registry's password.
 */
trustedRealms: Array<TrustedRealmSetting>, };

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
password: string, 
/**
 * Where to keep it. A file is no such place.
 */
keep: LoginPlace, };

export type SignedOut = { 
/**
 * A login of another tool that will now be used.
 */
left: KnownLogin | null, };

export type SortBy = "name" | "size" | "owner" | "mode" | "change";

export type Space = { 
/**
 * The folders from the root to this one, which is the last; empty at the root.
 */
steps: Array<SpaceStep>, 
/**
 * Bytes of the folder.
 */
bytes: number, 
/**
 * Its files and links.
 */
files: number, 
/**
 * Bytes of all files that are listed.
 */
allBytes: number, 
/**
 * Bytes of it by layer, the oldest first; without layers that brought none.
 */
layers: Array<LayerBytes>, 
/**
 * What is in it, the largest first.
 */
parts: Array<SpacePart>, 
/**
 * Buried bytes below the folder; 0 if they are not wanted.
 */
buriedBytes: number, 
/**
 * What is buried there, the largest first.
 */
buried: Array<SpacePart>, };

export type SpacePart = { 
/**
 * Its row; none for several together, and for what is buried.
 */
id: number | null, 
/**
 * Its name, escaped alike; empty for several together.
 */
name: string, 
/**
 * Its path from the root, without leading slash; of several together, their folder's.
 */
path: string, 
/**
 * What it is.
 */
kind: FileKind, 
/**
 * Bytes of it, or of all below it.
 */
bytes: number, 
/**
 * Files and links of it.
 */
files: number, 
/**
 * Its share of the folder that was asked for, from 0 to 1.
 */
share: number, 
/**
 * The layer that brought the most of it, 1 is the oldest.
 */
layer: number, 
/**
 * Whether that layer brought all of it.
 */
oneLayer: boolean, 
/**
 * How many there are together; 1 for one.
 */
count: number, 
/**
 * The layer that hides it, if it is buried.
 */
by: number | null, 
/**
 * What is in it, the largest first; empty in the second level.
 */
children: Array<SpacePart>, };

export type SpaceRead = { 
/**
 * The image's manifest digest.
 */
manifest: string, 
/**
 * The layer, 1 is the oldest; none for the image as it is in the end.
 */
layer: number | null, 
/**
 * What this layer brought, or the system up to it; without a layer, the latter.
 */
scope: Scope, 
/**
 * The folder's row, as lists of files number it for the same layer and scope; none for the root.
 */
id: number | null, 
/**
 * Whether buried bytes are wanted too.
 */
buried: boolean, };

export type SpaceStep = { 
/**
 * Its row.
 */
id: number, 
/**
 * Its name, with what cannot be shown escaped.
 */
name: string, };

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
 * Bytes of its plain tar; none before it is pulled.
 */
sizeBytes: number | null, 
/**
 * How many other images of the store have it.
 */
sharedWith: number, };

export type StratumKind = "base" | "run" | "copy" | "other" | "settings";

export type Survey = { 
/**
 * The repository, in its short form.
 */
repository: string, 
/**
 * How many tags were asked for.
 */
tagCount: number, 
/**
 * The different images, each once.
 */
images: Array<SurveyedImage>, 
/**
 * Compressed bytes that would arrive, each layer counted once.
 */
downloadBytes: number, 
/**
 * Compressed bytes of layers that the store has, each counted once.
 */
hereBytes: number, 
/**
 * Tags that could not be read.
 */
failures: Array<SurveyFailure>, };

export type SurveyFailure = { 
/**
 * The tag.
 */
tag: string, 
/**
 * Why.
 */
error: UserError, };

export type SurveyedImage = { 
/**
 * What the tags point to.
 */
target: string, 
/**
 * The manifest's digest.
 */
manifest: string, 
/**
 * All chosen tags that point to it, the most telling first.
 */
tags: Array<string>, 
/**
 * Its platform.
 */
platform: string, 
/**
 * Compressed bytes of its layers.
 */
totalBytes: number, 
/**
 * Of these, bytes that the store has.
 */
hereBytes: number, };

export type TagChangesRead = { 
/**
 * The manifest's digest of the stored image.
 */
manifest: string, 
/**
 * The reference whose image in its registry is compared with it.
 */
reference: string, };

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

export type TagFacts = { 
/**
 * The tag.
 */
name: string, 
/**
 * What it points to.
 */
digest: string | null, 
/**
 * Compressed bytes of the image for this machine, or of the only one.
 */
sizeBytes: number | null, 
/**
 * When it was last pushed.
 */
updatedAt: string | null, };

export type TagFactsPage = { 
/**
 * The facts.
 */
tags: Array<TagFacts>, 
/**
 * The next page.
 */
next: string | null, };

export type TagFactsRead = { 
/**
 * A reference of the repository.
 */
reference: string, 
/**
 * The page that the one before named; none for the first.
 */
next: string | null, };

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

export type TextEdit = { 
/**
 * What goes; empty where something is only put in.
 */
span: TextSpan, 
/**
 * What comes in its place.
 */
text: string, };

export type TextSpan = { 
/**
 * Where it begins.
 */
start: number, 
/**
 * Where it ends; the same place for something that is not there.
 */
end: number, 
/**
 * The line that it begins in, from 1.
 */
line: number, 
/**
 * The letter of that line, from 1.
 */
column: number, };

export type Theme = "system" | "light" | "dark";

export type Topic = "images" | "jobs" | "practice" | "settings" | "registries";

export type Touch = { 
/**
 * The layer, 1 is the oldest.
 */
layer: number, 
/**
 * What it did.
 */
change: Change, 
/**
 * The instruction that made the layer.
 */
instruction: string, 
/**
 * Bytes of the file as it was then; of a folder 0.
 */
sizeBytes: number, };

export type TrustedRealmSetting = { 
/**
 * The registry.
 */
registry: string, 
/**
 * The token service's host, with its port if that is not 443.
 */
host: string, };

export type Unknown = "base" | "files" | "stage" | "arguments" | "mounts" | "foreign" | "settings" | "steps";

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

export type WasteArc = { 
/**
 * The layer that carries it, 1 is the oldest.
 */
layer: number, 
/**
 * The layer that hides it.
 */
by: number, 
/**
 * Bytes of all of it.
 */
bytes: number, 
/**
 * Files and links of all of it.
 */
files: number, 
/**
 * How many paths there are.
 */
pathCount: number, 
/**
 * The largest of them, the largest first.
 */
paths: Array<BuriedPath>, 
/**
 * What would help.
 */
fix: WasteFix, 
/**
 * The instruction as it would then be; none where that cannot be told.
 */
line: string | null, };

export type WasteFix = "aptLists" | "pipCache" | "nodeCache" | "sameInstruction" | "copyWithOwner" | "copyLess" | "copyOnce" | "changeWhereMade" | "base";

export type WasteRead = { 
/**
 * The image's manifest digest.
 */
manifest: string, };

export type WasteReport = { 
/**
 * Bytes of the files of all layers.
 */
carriedBytes: number, 
/**
 * Bytes of those that are hidden.
 */
buriedBytes: number, 
/**
 * As dive counts: bytes of the smallest version of each path. Its efficiency is this by `diveDiscoveredBytes`.
 */
diveMinimumBytes: number, 
/**
 * As dive counts: bytes of all versions of all paths.
 */
diveDiscoveredBytes: number, 
/**
 * As dive counts: bytes of all versions of paths with more than one.
 */
diveWastedBytes: number, 
/**
 * All layers, the oldest first.
 */
layers: Array<LayerWaste>, 
/**
 * Which layer hides how much of which, the most first.
 */
arcs: Array<WasteArc>, };

export type WhatIf = { "type": "edited", 
/**
 * Where it is.
 */
path: string, } | { "type": "moved", 
/**
 * Its place among the lines.
 */
from: number, 
/**
 * The place of the instruction that it is to stand before.
 */
before: number, } | { "type": "argument", 
/**
 * Its name.
 */
name: string, };

export type WhatIfAnswer = { 
/**
 * The places of the lines that would be made anew.
 */
anew: Array<number>, 
/**
 * The text after it, where the change is one of the Dockerfile.
 */
text: string | null, 
/**
 * How long those lines took last: milliseconds.
 */
milliseconds: number, };

export type WhatIfRead = { 
/**
 * The build as it would be started.
 */
build: BuildStart, 
/**
 * The change.
 */
change: WhatIf, };

export type WhoRead = { 
/**
 * The image's manifest digest.
 */
manifest: string, 
/**
 * The layer of the list, 1 is the oldest.
 */
layer: number, 
/**
 * Its changes, or the system up to it.
 */
scope: Scope, 
/**
 * The row.
 */
id: number, };

export type WhyAnew = { "type": "first" } | { "type": "text", 
/**
 * What it said.
 */
before: string, 
/**
 * What it says.
 */
now: string, } | { "type": "base" } | { "type": "argument", 
/**
 * Its name.
 */
name: string, } | { "type": "environment", 
/**
 * Its name.
 */
name: string, } | { "type": "files", 
/**
 * Those with other content, mode or owner; at most 100.
 */
changed: Array<string>, 
/**
 * Those that came; at most 100.
 */
added: Array<string>, 
/**
 * Those that went; at most 100.
 */
removed: Array<string>, 
/**
 * How many there are in all.
 */
count: number, } | { "type": "setting", 
/**
 * Its name in the key, such as `workdir`.
 */
name: string, } | { "type": "follows", 
/**
 * Its line.
 */
line: number, } | { "type": "asked" } | { "type": "gone" };

export type Xray = { 
/**
 * The version that this brings a reader to.
 */
version: number, 
/**
 * How many requests there were in all; only the last 2,000 are kept.
 */
total: number, 
/**
 * The requests that are new or changed, in the order they were sent.
 */
requests: Array<XrayRequest>, };

export type XrayOutcome = "waiting" | "answered" | "part" | "challenged" | "redirected" | "notFound" | "refused" | "limited" | "serverFailed" | "broken";

export type XrayPurpose = "ping" | "token" | "manifest" | "blob" | "tags" | "catalog" | "referrers" | "hub";

export type XrayRead = { 
/**
 * Whose requests.
 */
scope: XrayScope, 
/**
 * Only what changed after this version; 0 for all.
 */
since: number, };

export type XrayRequest = { 
/**
 * Its number within the scope, from 1.
 */
id: number, 
/**
 * When it was sent, in milliseconds since the scope began.
 */
atMillis: number, 
/**
 * What it is for.
 */
purpose: XrayPurpose, 
/**
 * What came of it.
 */
outcome: XrayOutcome, 
/**
 * `GET`, `HEAD`, `POST`.
 */
method: string, 
/**
 * Where it went: scheme, host and port.
 */
origin: string, 
/**
 * What was asked for: path and what of the query is no secret.
 */
path: string, 
/**
 * The registry, as references name it.
 */
registry: string, 
/**
 * The tag or digest that it is about, where it is about one.
 */
subject: string | null, 
/**
 * How it was signed. The signature itself is never kept.
 */
signed: XraySigned, 
/**
 * The first byte that was asked for, where that is not the beginning.
 */
rangeFrom: number | null, 
/**
 * Which try it is, from 1.
 */
attempt: number, 
/**
 * The answer's status.
 */
status: number | null, 
/**
 * How long the answer's head took, in milliseconds.
 */
millis: number | null, 
/**
 * Bytes of the answer's body that came.
 */
bytes: number | null, 
/**
 * The version of HTTP.
 */
httpVersion: string | null, 
/**
 * The schemes that a challenge offers, or the host that a redirect leads to.
 */
detail: string | null, 
/**
 * A redirect that leaves the origin: the login stayed behind.
 */
loginDropped: boolean, 
/**
 * The registry's own name for this request, for its support.
 */
requestId: string | null, 
/**
 * What the registry wants people to know.
 */
warnings: Array<string>, 
/**
 * Why there is no answer.
 */
reason: string | null, };

export type XrayScope = { "type": "job", 
/**
 * Its number.
 */
id: number, } | { "type": "session" };

export type XraySigned = "no" | "basic" | "bearer";

/** Every command: what it is told, what it answers. */
export interface Commands {
  app_info: [Nothing, AppInfo];
  settings_read: [Nothing, Settings];
  settings_write: [SettingsWrite, Settings];
  images_list: [Nothing, ImageList];
  image_read: [ImageRead, ImageDetail];
  layer_sharers: [LayerSharersRead, Array<LayerSharer>];
  file_rows: [FileRowsRead, FileRows];
  file_preview: [FilePreviewRead, FilePreview];
  owners_read: [OwnersRead, Owners];
  space_read: [SpaceRead, Space];
  waste_read: [WasteRead, WasteReport];
  who_read: [WhoRead, Array<Touch>];
  compare_read: [CompareRead, Comparison];
  compare_rows: [CompareRowsRead, FileRows];
  tag_changes: [TagChangesRead, Comparison];
  file_diff: [FileDiffRead, FileDiff];
  chain_read: [ChainRead, Chain];
  digest_check: [DigestCheckRead, DigestCheck];
  dockerfile_read: [DockerfileRead, Array<RebuiltLine>];
  dockerfile_lint: [DockerfileLint, DockerfileLinted];
  dockerfile_explain: [DockerfileExplain, Array<ExplainedLine>];
  dockerfile_complete: [DockerfileComplete, Array<CompletionItem>];
  lint_rule: [LintRuleRead, LintRulePage];
  file_hex: [FileHexRead, HexPage];
  file_details: [FileAt, FileDetails];
  file_save: [FileSave, FileSaved];
  inspect_start: [FindingsRead, number];
  findings_read: [FindingsRead, Findings];
  sbom_save: [SbomSave, FileSaved];
  files_search: [FilesSearch, FoundFiles];
  build_look: [BuildLookRead, BuildSheet];
  build_start: [BuildStart, number];
  build_output: [BuildOutputRead, BuildOutput];
  build_history: [BuildHistoryRead, Array<PastBuild>];
  build_what_if: [WhatIfRead, WhatIfAnswer];
  dockerfile_save: [DockerfileSave, Nothing];
  build_examples: [Nothing, Array<BuildExample>];
  doctor: [Nothing, Doctor];
  reference_explain: [ReferenceExplain, ReferenceParts];
  image_look: [ImageLookRead, ImageLook];
  tags_list: [TagsRead, TagList];
  tag_target: [TagsRead, TagTarget];
  offer_sizes: [TagsRead, Array<OfferSize>];
  tag_facts: [TagFactsRead, TagFactsPage];
  survey_start: [Selection, number];
  layer_peek_start: [LayerPeekStart, number];
  peek_rows: [PeekRowsRead, FileRows];
  pull_many_start: [PullManyStart, Array<number>];
  pull_start: [PullStart, number];
  jobs_list: [Nothing, Array<JobSnapshot>];
  job_stop: [JobNamed, null];
  job_pause: [JobNamed, null];
  job_resume: [JobNamed, null];
  job_move: [JobMove, null];
  jobs_pause: [JobsPause, null];
  xray_read: [XrayRead, Xray];
  practice_status: [Nothing, PracticeStatus];
  practice_switch: [PracticeSwitch, PracticeStatus];
  sign_in: [SignIn, null];
  sign_out: [RegistryNamed, SignedOut];
  registries_list: [Nothing, RegistryList];
  registry_test: [RegistryNamed, RegistryTest];
  rate_limit_read: [RegistryNamed, RateLimit | null];
  repositories_list: [RepositoriesRead, RepositoryPage];
  hub_search: [HubSearch, Array<HubRepository>];
  realm_approve: [RealmApprove, null];
  certificate_write: [CertificateWrite, null];
}
