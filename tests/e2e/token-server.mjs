// A token service over TLS (distribution "Token Authentication Specification"): one user, leave for whatever is asked for.

import { createPrivateKey, sign } from "node:crypto";
import { readFile } from "node:fs/promises";
import https from "node:https";

/** Answers `GET /token` to who knows the password, and remembers who asked how. */
export class TokenServer {
  static async start({ certificate, key }, { user, password, service }) {
    const server = new TokenServer();
    /** `basic` or `none` for each request. */
    server.asked = [];
    const [cert, keyText] = await Promise.all([readFile(certificate), readFile(key)]);
    const expected = `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
    server.server = https.createServer({ cert, key: keyText }, (request, response) => {
      const given = request.headers.authorization;
      server.asked.push(given ? "basic" : "none");
      if (given !== expected) {
        response.writeHead(401, { "www-authenticate": `Basic realm="${service}"`, "content-type": "application/json" });
        response.end(JSON.stringify({ errors: [{ code: "UNAUTHORIZED", message: "wrong user or password" }] }));
        return;
      }
      const scopes = new URL(request.url, "https://localhost").searchParams.getAll("scope");
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify({ token: token(scopes, service, user, cert, keyText), expires_in: 300 }));
    });
    await new Promise((resolve) => server.server.listen(0, "127.0.0.1", resolve));
    server.port = server.server.address().port;
    return server;
  }

  end() {
    this.server.closeAllConnections();
    this.server.close();
  }
}

/** A signed leave (JSON Web Token, RFC 7519), with the certificate that signed it. */
function token(scopes, service, user, cert, key) {
  const now = Math.floor(Date.now() / 1000);
  const access = scopes.flatMap((scope) => scope.split(" ")).filter(Boolean).map((scope) => {
    const [type, ...rest] = scope.split(":");
    return { type, name: rest.slice(0, -1).join(":"), actions: rest.at(-1).split(",") };
  });
  const encode = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const body = cert.toString().replace(/-----[A-Z ]+-----|\s/g, "");
  const head = encode({ typ: "JWT", alg: "ES256", x5c: [body] });
  const claims = encode({ iss: "story", sub: user, aud: service, exp: now + 300, nbf: now - 60, iat: now, jti: `${now}-${Math.random()}`, access });
  const signature = sign("sha256", Buffer.from(`${head}.${claims}`), { key: createPrivateKey(key), dsaEncoding: "ieee-p1363" });
  return `${head}.${claims}.${signature.toString("base64url")}`;
}
