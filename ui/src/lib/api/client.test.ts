import { emit } from "@tauri-apps/api/event";
import { clearMocks, mockIPC } from "@tauri-apps/api/mocks";
import { afterEach, describe, expect, it, vi } from "vitest";
import { client } from "./client";
import type { JobEvent } from "./generated/types";

afterEach(clearMocks);

interface Sent {
  id: number;
  channel: { onmessage: (event: JobEvent) => void };
}

describe("the shell's client", () => {
  it("sends a command's request under its name and gives the answer", async () => {
    const ipc = vi.fn(() => 7);
    mockIPC(ipc);
    await expect(client.call("pull_start", { reference: "nginx", platform: null })).resolves.toBe(7);
    expect(ipc).toHaveBeenCalledWith("pull_start", { request: { reference: "nginx", platform: null } });
  });

  it("rejects with what the work rejected with", async () => {
    const error = { code: "tagUnknown", subject: "nginx:0", params: {}, actions: [], causes: [], retryable: false };
    mockIPC(() => Promise.reject(error));
    await expect(client.call("images_list", {})).rejects.toEqual(error);
  });

  it("tells a job's events until it is told to stop", () => {
    let channel: Sent["channel"] | undefined;
    mockIPC((name, payload) => {
      expect(name).toBe("job_watch");
      const sent = payload as unknown as Sent;
      expect(sent.id).toBe(3);
      channel = sent.channel;
    });
    const seen = vi.fn();
    const stop = client.watchJob(3, seen);
    const event: JobEvent = { type: "finished", outcome: { type: "stopped" } };
    channel?.onmessage(event);
    expect(seen).toHaveBeenCalledExactlyOnceWith(event);
    stop();
    channel?.onmessage(event);
    expect(seen).toHaveBeenCalledTimes(1);
  });

  it("bears that a job to watch is gone", async () => {
    mockIPC(() => Promise.reject(new Error("gone")));
    const stop = client.watchJob(9, () => undefined);
    await Promise.resolve();
    expect(() => stop()).not.toThrow();
  });

  it("tells what is dragged over the window and dropped, with its paths", async () => {
    mockIPC(() => undefined, { shouldMockEvents: true });
    const seen = vi.fn();
    const stop = client.onDrop(seen);
    await vi.waitFor(async () => {
      await emit("tauri://drag-enter", { paths: ["/a b/Dockerfile"], position: { x: 1, y: 2 } });
      expect(seen).toHaveBeenCalledWith({ type: "over", paths: ["/a b/Dockerfile"] });
    });
    await emit("tauri://drag-leave", null);
    expect(seen).toHaveBeenLastCalledWith({ type: "leave" });
    await emit("tauri://drag-drop", { paths: ["/shop"], position: { x: 1, y: 2 } });
    expect(seen).toHaveBeenLastCalledWith({ type: "drop", paths: ["/shop"] });
    stop();
  });
});
