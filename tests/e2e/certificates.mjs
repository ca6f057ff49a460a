// An authority of certificates for one story, and servers' certificates by it. OpenSSL makes them.

import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const DAYS = ["-days", "2"];
const KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];

/** Makes an authority and a certificate of `localhost` in a folder; gives the files' paths and the authority's text. */
export async function certificates(folder) {
  const at = (name) => join(folder, name);
  await run("openssl", ["req", "-x509", ...KEY, ...DAYS, "-subj", "/CN=Story authority", "-keyout", at("ca.key"), "-out", at("ca.crt")]);
  await run("openssl", ["req", ...KEY, "-subj", "/CN=localhost", "-keyout", at("server.key"), "-out", at("server.csr")]);
  await writeFile(at("server.ext"), "subjectAltName=DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth\n");
  await run("openssl", ["x509", "-req", "-in", at("server.csr"), "-CA", at("ca.crt"), "-CAkey", at("ca.key"), "-CAcreateserial", ...DAYS, "-extfile", at("server.ext"), "-out", at("server.crt")]);
  return { authority: at("ca.crt"), certificate: at("server.crt"), key: at("server.key"), pem: await readFile(at("ca.crt"), "utf8") };
}
