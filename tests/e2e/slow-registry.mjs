// A registry that is slow: it passes requests on and lets bodies through at a chosen pace.

import http from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

/** Stands before `upstream` (`host:port`); layers come at `bytesPerSecond`, all else at once. */
export class SlowRegistry {
  static async before(upstream, bytesPerSecond) {
    const registry = new SlowRegistry();
    const [host, port] = upstream.split(":");
    registry.server = http.createServer((request, response) => {
      const headers = { ...request.headers, host: upstream };
      const asked = http.request({ host, port, method: request.method, path: request.url, headers });
      asked.on("response", (answer) => {
        response.writeHead(answer.statusCode, answer.headers);
        response.flushHeaders();
        pour(answer, response, request.url.includes("/blobs/") ? bytesPerSecond : Infinity);
      });
      asked.on("error", () => response.destroy());
      response.on("close", () => asked.destroy());
      request.pipe(asked);
    });
    await new Promise((resolve) => registry.server.listen(0, "127.0.0.1", resolve));
    registry.address = `localhost:${registry.server.address().port}`;
    return registry;
  }

  end() {
    this.server.closeAllConnections();
    this.server.close();
  }
}

async function pour(from, to, bytesPerSecond) {
  try {
    for await (const chunk of from) {
      for (let at = 0; at < chunk.length; at += 4096) {
        const piece = chunk.subarray(at, at + 4096);
        to.write(piece);
        if (bytesPerSecond !== Infinity) await sleep((piece.length * 1000) / bytesPerSecond);
      }
    }
    to.end();
  } catch {
    to.destroy();
  }
}
