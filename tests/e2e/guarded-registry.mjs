// Debian's docker-registry over TLS, which lets only one user in: by password, or by a token service on another port.

import { execFile, spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

import { freePort } from "./app.mjs";
import { certificates } from "./certificates.mjs";
import { TokenServer } from "./token-server.mjs";

const run = promisify(execFile);

export const USER = "ada";
export const PASSWORD = "correct horse";
/** The password as `htpasswd -B` writes it. */
const HASHED = "$2y$04$qyKAku7wEPbMS5fLxxmbquqMQcSLwwScdeRUmF2iIs7AJWNgwRDGy";
const SERVICE = "story-registry";

export class GuardedRegistry {
  /** Starts one; `byToken` with a token service, else by password alone. */
  static async start({ byToken }) {
    const registry = new GuardedRegistry();
    registry.folder = await mkdtemp(join(tmpdir(), "strata-guarded-"));
    registry.files = await certificates(registry.folder);
    registry.tokens = byToken ? await TokenServer.start(registry.files, { user: USER, password: PASSWORD, service: SERVICE }) : null;
    const port = await freePort();
    registry.address = `localhost:${port}`;
    const config = join(registry.folder, "registry.json");
    await writeFile(join(registry.folder, "htpasswd"), `${USER}:${HASHED}\n`);
    await writeFile(config, JSON.stringify(registry.#configuration(port)));
    registry.server = spawn("docker-registry", ["serve", config], { stdio: "ignore" });
    await untilOpen(port);
    return registry;
  }

  #configuration(port) {
    const { certificate, key, authority } = this.files;
    const auth = this.tokens
      ? { token: { realm: `https://localhost:${this.tokens.port}/token`, service: SERVICE, issuer: "story", rootcertbundle: authority } }
      : { htpasswd: { realm: "story", path: join(this.folder, "htpasswd") } };
    return {
      version: "0.1",
      log: { level: "error", accesslog: { disabled: true } },
      storage: { filesystem: { rootdirectory: join(this.folder, "data") } },
      http: { addr: `127.0.0.1:${port}`, tls: { certificate, key } },
      auth,
    };
  }

  /** Puts a copy of an image of a registry without TLS into it. */
  async fill(from, name) {
    const trusted = join(this.folder, "trusted");
    await mkdir(trusted, { recursive: true });
    await run("cp", [this.files.authority, join(trusted, "ca.crt")]);
    const target = `docker://${this.address}/${name}`;
    await run("skopeo", ["copy", "--src-tls-verify=false", "--dest-cert-dir", trusted, "--dest-creds", `${USER}:${PASSWORD}`, `docker://${from}`, target]);
  }

  async end() {
    this.server.kill();
    this.tokens?.end();
    await rm(this.folder, { recursive: true, force: true });
  }
}

async function untilOpen(port) {
  for (let tries = 0; tries < 100; tries += 1) {
    const open = await new Promise((resolve) => {
      const socket = connect(port, "127.0.0.1", () => resolve(true));
      socket.on("error", () => resolve(false));
      socket.on("connect", () => socket.end());
    });
    if (open) return;
    await sleep(50);
  }
  throw new Error("docker-registry does not listen");
}
