import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { beforeEach, expect, it, vi } from "vitest";
import { fakeFiles } from "../api/fake-content";
import type { FileQuery } from "../api/generated/types";
import { setLanguage } from "../i18n";
import { FileList } from "./file-list.svelte";
import FileToolbar from "./FileToolbar.svelte";

beforeEach(() => setLanguage("en"));

function show(): { asked: FileQuery[]; list: FileList; onBoth: (both: boolean) => void; onScope: () => void } {
  const asked: FileQuery[] = [];
  const list = new FileList(async (query) => {
    asked.push(query);
    return fakeFiles(query);
  });
  list.show({ manifest: "sha256:1", layer: 2, scope: "layer" });
  const [onBoth, onScope] = [vi.fn(), vi.fn()];
  render(FileToolbar, { list, onScope, onBoth });
  return { asked, list, onBoth, onScope };
}

it("asks for another order", async () => {
  const { asked } = show();
  await fireEvent.change(screen.getByRole("combobox", { name: "Order" }), { target: { value: "owner" } });
  expect(asked.at(-1)?.sort).toBe("owner");
});

it("makes a kind of change one condition more beside what is typed", async () => {
  const { asked } = show();
  await fireEvent.change(screen.getByRole("combobox", { name: "Kind of change" }), { target: { value: "deleted" } });
  expect(asked.at(-1)?.filter).toBe("change:deleted");
  await fireEvent.input(screen.getByRole("searchbox", { name: "Filter by name" }), { target: { value: " *.py owner:root " } });
  await waitFor(() => expect(asked.at(-1)?.filter).toBe("*.py owner:root change:deleted"));
  await fireEvent.change(screen.getByRole("combobox", { name: "Kind of change" }), { target: { value: "" } });
  expect(asked.at(-1)?.filter).toBe("*.py owner:root");
});

it("forgets the kind of change where the whole system is shown", async () => {
  const { asked, list } = show();
  await fireEvent.change(screen.getByRole("combobox", { name: "Kind of change" }), { target: { value: "added" } });
  list.show({ manifest: "sha256:1", layer: 2, scope: "upTo" });
  await waitFor(() => expect(screen.queryByRole("combobox", { name: "Kind of change" })).toBeNull());
  await waitFor(() => expect(asked.at(-1)).toMatchObject({ scope: "upTo", filter: "" }));
});

it("offers both beside each other", async () => {
  const { onBoth, onScope } = show();
  await fireEvent.click(screen.getByRole("button", { name: "Both" }));
  expect(onBoth).toHaveBeenLastCalledWith(true);
  await fireEvent.click(screen.getByRole("button", { name: "This layer" }));
  expect(onBoth).toHaveBeenLastCalledWith(false);
  expect(onScope).toHaveBeenCalledWith("layer");
});
