/** What stands before the pages: headers, forms from other sites, health and figures, over real HTTP. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { securityHeaders } from "../../app/server/headers.ts";
import { alive, metrics, ready } from "../../app/server/health.ts";
import { sameOriginForms } from "../../app/server/same-origin.ts";

let server: Server;
let base: string;
let storeAnswers = true;
const watched = {
  ping: async () => {
    if (!storeAnswers) throw new Error("gone");
  },
  gauges: async () => [
    { name: "plumbline_test", help: "a figure", samples: [{ labels: { source: 'a"b' }, value: 3 }] },
  ],
};

beforeAll(async () => {
  const app = express();
  app.set("trust proxy", "loopback");
  app.get("/healthz", alive);
  app.get("/readyz", ready(watched));
  app.get("/metrics", metrics(watched, undefined).serve);
  app.get("/metrics-token", metrics(watched, "a-long-enough-token").serve);
  app.use(securityHeaders({ development: false }));
  app.use(sameOriginForms);
  app.all("*", (_req, res) => void res.send("page"));
  server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const post = (headers: Record<string, string>, body = "a=1") =>
  fetch(`${base}/x`, { method: "POST", headers, body });

describe("every page", () => {
  it("allows no inline script or style, no frame, and nothing from elsewhere", async () => {
    const one = (await fetch(base)).headers.get("content-security-policy") ?? "";
    const two = (await fetch(base)).headers.get("content-security-policy") ?? "";
    expect(one).not.toContain("unsafe");
    for (const rule of [
      "default-src 'self'",
      "style-src 'self'",
      "object-src 'none'",
      "frame-ancestors 'none'",
      "form-action 'self'",
    ])
      expect(one).toContain(rule);
    expect(one).toMatch(/script-src 'self' 'nonce-[^']{20,}'/);
    expect(one).not.toBe(two);
  });

  it("is kept by no cache", async () => {
    expect((await fetch(base)).headers.get("cache-control")).toBe("no-store");
  });
});

describe("a form", () => {
  it("from this site passes", async () => {
    expect((await post({ origin: base, "sec-fetch-site": "same-origin" })).status).toBe(200);
    expect((await post({ origin: base })).status).toBe(200);
    expect((await post({})).status).toBe(200);
  });

  it.each([
    { "sec-fetch-site": "cross-site" },
    { "sec-fetch-site": "same-site" },
    { origin: "https://evil.example" },
    { origin: "null" },
  ])("from another site is refused: %o", async (headers) => {
    const answer = await post(headers);
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain("another site");
  });

  it("that came through a proxy is held against the name the visitor used", async () => {
    const forwarded = { "x-forwarded-host": "plumbline.example", origin: "https://plumbline.example" };
    expect((await post(forwarded)).status).toBe(200);
    expect((await post({ ...forwarded, origin: "https://evil.example" })).status).toBe(403);
  });

  it("may not be a megabyte long", async () => {
    expect((await post({}, "x".repeat(1_000_001))).status).toBe(413);
  });
});

describe("whoever watches", () => {
  it("learns that the process is alive even when the database does not answer", async () => {
    storeAnswers = false;
    expect((await fetch(`${base}/healthz`)).status).toBe(200);
    expect((await fetch(`${base}/readyz`)).status).toBe(503);
    storeAnswers = true;
    expect((await fetch(`${base}/readyz`)).status).toBe(200);
  });

  it("reads figures from this machine, or with the token", async () => {
    const text = await (await fetch(`${base}/metrics`)).text();
    expect(text).toContain('plumbline_test{source="a_b"} 3');
    expect((await fetch(`${base}/metrics`, { headers: { "x-forwarded-for": "203.0.113.5" } })).status).toBe(
      403,
    );
    expect((await fetch(`${base}/metrics-token`)).status).toBe(403);
    const headers = { authorization: "Bearer a-long-enough-token" };
    expect((await fetch(`${base}/metrics-token`, { headers })).status).toBe(200);
  });
});
