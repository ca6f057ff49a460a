// A part of the map in words: its name, and all that is known of it.
import { formatBytes, formatNumber, formatPercent, t } from "../../../i18n";
import type { SpacePart } from "../../../api/generated/types";
import { visibleText } from "../../../files/visible-text";
import type { LayerPaint } from "./layer-paint";

/** What it is called. */
export function partName(part: SpacePart): string {
  if (part.count > 1) return t("image.map.more", { count: part.count, number: formatNumber(part.count) });
  const name = part.id === null && part.by === null ? t("image.map.more", { count: 1, number: formatNumber(1) }) : part.name;
  return part.kind === "directory" ? `${name}/` : name;
}

/** Path, size, share and layer, a line each. */
export function partTitle(part: SpacePart, paints: ReadonlyMap<number, LayerPaint>): string {
  const path = part.id === null && part.by === null ? partName(part) : `/${part.path}`;
  const instruction = visibleText(paints.get(part.layer)?.instruction ?? "").trim();
  const layer = t(part.oneLayer ? "image.map.fromLayer" : "image.map.mostlyFrom", { layer: part.layer });
  return [
    path,
    `${formatBytes(part.bytes)}, ${formatPercent(part.share)}`,
    part.kind === "directory" ? t("files.files", { count: part.files, number: formatNumber(part.files) }) : "",
    part.by === null ? "" : t("image.map.buriedBy", { layer: part.by }),
    instruction === "" ? layer : `${layer}: ${instruction}`,
  ]
    .filter((line) => line !== "")
    .join("\n");
}
