// What the fields of the OCI documents mean, by their path. Sources: OCI image specification 1.1, image-index.md, manifest.md,
// descriptor.md, config.md.
import type { ChainRole } from "../../../api/generated/types";
import type { MessageKey } from "../../../i18n/messages";

const DESCRIPTOR: Readonly<Record<string, MessageKey>> = {
  mediaType: "chain.field.mediaType", digest: "chain.field.digest", size: "chain.field.size", urls: "chain.field.urls",
  annotations: "chain.field.annotations", data: "chain.field.data", artifactType: "chain.field.artifactType",
};

function descriptors(path: string): Record<string, MessageKey> {
  return Object.fromEntries(Object.entries(DESCRIPTOR).map(([name, key]) => [`${path}.${name}`, key]));
}

const COMMON: Readonly<Record<string, MessageKey>> = {
  schemaVersion: "chain.field.schemaVersion", mediaType: "chain.field.ownType", annotations: "chain.field.annotations",
  artifactType: "chain.field.artifactType", subject: "chain.field.subject", ...descriptors("subject"),
};

const NOTES: Readonly<Record<ChainRole, Readonly<Record<string, MessageKey>>>> = {
  index: {
    ...COMMON, manifests: "chain.field.manifests", ...descriptors("manifests"), "manifests.platform": "chain.field.platform",
    "manifests.platform.os": "chain.field.os", "manifests.platform.architecture": "chain.field.architecture", "manifests.platform.variant": "chain.field.variant",
  },
  manifest: { ...COMMON, config: "chain.field.config", ...descriptors("config"), layers: "chain.field.layers", ...descriptors("layers") },
  config: {
    created: "chain.field.created", author: "chain.field.author", architecture: "chain.field.architecture", os: "chain.field.os", variant: "chain.field.variant",
    config: "chain.field.settings", "config.User": "chain.field.User", "config.ExposedPorts": "chain.field.ExposedPorts", "config.Env": "chain.field.Env",
    "config.Entrypoint": "chain.field.Entrypoint", "config.Cmd": "chain.field.Cmd", "config.Volumes": "chain.field.Volumes", "config.WorkingDir": "chain.field.WorkingDir",
    "config.Labels": "chain.field.Labels", "config.StopSignal": "chain.field.StopSignal", "config.Healthcheck": "chain.field.Healthcheck", "config.Shell": "chain.field.Shell",
    "config.OnBuild": "chain.field.OnBuild", rootfs: "chain.field.rootfs", "rootfs.type": "chain.field.rootfsType", "rootfs.diff_ids": "chain.field.diffIds",
    history: "chain.field.history", "history.created": "chain.field.historyCreated", "history.created_by": "chain.field.createdBy",
    "history.comment": "chain.field.comment", "history.empty_layer": "chain.field.emptyLayer", "history.author": "chain.field.author",
    container: "chain.field.container", container_config: "chain.field.container", docker_version: "chain.field.dockerVersion",
  },
};

/** What a field means, as a key of the catalogue; none for what the specification does not know. */
export function noteOf(role: ChainRole, path: string): MessageKey | null {
  return NOTES[role][path] ?? null;
}
