import { render, screen } from "@testing-library/svelte";
import { afterEach, expect, it } from "vitest";
import { fake } from "../../api/fake";
import { answering, registryEntry, registryList } from "../../../tests/answers";
import { begin } from "../../../tests/window";
import Sidebar from "./Sidebar.svelte";

let end: () => void = () => undefined;
afterEach(() => end());

it("says how many registries there are, the practice registry being one of them", async () => {
  const backend = fake();
  answering(backend, { registries_list: () => registryList([registryEntry("ghcr.io"), registryEntry("quay.io")]) });
  end = begin(backend);
  render(Sidebar);
  expect(await screen.findByRole("button", { name: "Registries 4" })).toBeTruthy();
});
