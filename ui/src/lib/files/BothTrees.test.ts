import { render, screen, waitFor } from "@testing-library/svelte";
import { beforeEach, expect, it } from "vitest";
import { setBackend } from "../api";
import { fake } from "../api/fake";
import { fakeFiles } from "../api/fake-content";
import type { FileQuery } from "../api/generated/types";
import { setLanguage } from "../i18n";
import BothTrees from "./BothTrees.svelte";
import { FileList } from "./file-list.svelte";

beforeEach(() => setLanguage("en"));

it("shows what the layer did and the system up to it, and keeps the filter but for changes", async () => {
  const asked: FileQuery[] = [];
  const backend = fake();
  setBackend({
    ...backend,
    call: (name, request) => {
      if (name === "file_rows") asked.push((request as { query: FileQuery }).query);
      return backend.call(name, request);
    },
  });
  const list = new FileList(async (query) => fakeFiles(query));
  list.show({ manifest: "sha256:1", layer: 3, scope: "layer" });
  render(BothTrees, { list, layer: 3, onPreview: () => undefined });
  expect(await screen.findByRole("tree", { name: "Files of layer 3" })).toBeTruthy();
  expect(screen.getByRole("tree", { name: "All files up to layer 3" })).toBeTruthy();
  list.filterBy("*.py change:added size:>1k");
  await waitFor(() => expect(asked.at(-1)).toMatchObject({ scope: "upTo", layer: 3, filter: "*.py size:>1k" }));
});
