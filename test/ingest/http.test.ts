import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ConfigError, TransientError } from "#core/errors";
import { manualClock } from "#core/time";
import { guardLoop, type HttpOptions, type HttpRequest, openHttp, withToken } from "#ingest/http";
import { rateBudget, type Timer } from "#ingest/rate-budget";

type Answer = (req: IncomingMessage, res: ServerResponse, body: string) => void;

const clock = manualClock("2026-11-20T12:00:00.000Z");
let answers: Answer[] = [];
let received: { method: string; body: string; auth: string }[] = [];
let base = "";
let stop: () => void;

beforeEach(async () => {
  answers = [];
  received = [];
  const server = createServer((req, res) => {
    let body = "";
    req.on("data", (chunk: Buffer) => {
      body += chunk.toString();
    });
    req.on("end", () => {
      received.push({ method: req.method ?? "", body, auth: req.headers.authorization ?? "" });
      (answers.shift() ?? json({ ok: true }))(req, res, body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  stop = () => {
    server.closeAllConnections();
    server.close();
  };
});
afterEach(() => stop());

const json =
  (value: unknown, status = 200, headers: Record<string, string> = {}): Answer =>
  (_req, res) => {
    res.writeHead(status, { "content-type": "application/json", ...headers });
    res.end(JSON.stringify(value));
  };
const cut: Answer = (_req, res) => {
  res.writeHead(200, { "content-type": "application/json", "content-length": "100" });
  res.write('{"half":');
  res.socket?.destroy();
};
const silent: Answer = () => {};

/** A timer that only notes how long it was asked to wait. */
function notedTimer(): Timer & { waits: number[] } {
  const waits: number[] = [];
  let now = 0;
  return {
    waits,
    now: () => now,
    async sleep(ms) {
      waits.push(ms);
      now += ms;
    },
  };
}

const open = (options: Partial<HttpOptions> = {}) =>
  openHttp({
    source: "Books",
    hosts: [new URL(base).host],
    requestsPerMinute: 60_000,
    clock,
    tries: 4,
    timer: notedTimer(),
    ...options,
  });
const read = (rest: Partial<HttpRequest> = {}): HttpRequest => ({
  method: "GET",
  url: `${base}/things?secret=1`,
  retry: "read",
  purpose: "read",
  ...rest,
});
const write = (rest: Partial<HttpRequest> = {}): HttpRequest => ({
  method: "POST",
  url: `${base}/things`,
  body: '{"hours":"8"}',
  retry: "never",
  purpose: "push",
  ...rest,
});

describe("a read", () => {
  it("is asked again when the system is overloaded, the line is cut or the body breaks off", async () => {
    answers = [
      json({}, 503),
      cut,
      (_q, res) => res.writeHead(200, { "content-type": "application/json" }).end('{"a": [1'),
    ];
    const http = open();
    const response = await http.request(read());
    expect(response.json()).toEqual({ ok: true });
    expect(http.counts()).toEqual({ requests: 4, retries: 3 });
  });

  it("waits at least as long as Retry-After asks, in seconds or until a date", async () => {
    answers = [
      json({}, 429, { "retry-after": "7" }),
      json({}, 429, { "retry-after": "Fri, 20 Nov 2026 12:00:30 GMT" }),
    ];
    const timer = notedTimer();
    await open({ timer, backoffMs: 100 }).request(read());
    expect(timer.waits).toHaveLength(2);
    const [first = 0, second = 0] = timer.waits;
    expect(first).toBeGreaterThanOrEqual(7_000);
    expect(first).toBeLessThan(7_100);
    expect(second).toBeGreaterThanOrEqual(30_000);
    expect(second).toBeLessThan(30_200);
  });

  it("gives up at once when asked to wait longer than its turn", async () => {
    answers = [json({}, 429, { "retry-after": "3600" })];
    const http = open();
    await expect(http.request(read())).rejects.toMatchObject({
      code: "http.rate-limited",
      userMessage: expect.stringContaining("requestsPerMinute"),
    });
    expect(http.counts().requests).toBe(1);
  });

  it("ends in words that say what happened, without the query's secrets", async () => {
    answers = [1, 2, 3, 4].map(() => json({ error: "maintenance until noon" }, 503));
    const failed = await open()
      .request(read())
      .catch((e: unknown) => e);
    expect(failed).toBeInstanceOf(TransientError);
    expect((failed as TransientError).userMessage).toContain("maintenance until noon");
    answers = [1, 2, 3, 4].map(() => cut);
    const broken = await open()
      .request(read())
      .catch((e: unknown) => e);
    expect(JSON.stringify((broken as TransientError).context)).not.toContain("secret");
  });

  it("times out, and stops at once when its caller does", async () => {
    answers = [silent];
    await expect(open({ tries: 1 }).request(read({ timeoutMs: 50 }))).rejects.toMatchObject({
      code: "http.timeout",
    });
    answers = [silent];
    const caller = new AbortController();
    const pending = open().request(read({ signal: caller.signal }));
    caller.abort(new Error("stopped"));
    await expect(pending).rejects.toThrow("stopped");
  });

  it("hands over what a vendor means by its own codes when the connector says so", async () => {
    answers = [json({ code: "BUSY" }, 400)];
    const judge: HttpRequest["judge"] = (r) =>
      r.status === 400 && r.text().includes("BUSY") ? "retry" : null;
    const http = open();
    await http.request(read({ judge }));
    expect(http.counts().retries).toBe(1);
    answers = [json({ gone: true }, 404)];
    expect((await http.request(read())).status).toBe(404);
  });
});

describe("a write", () => {
  it("is sent once, whatever comes back", async () => {
    answers = [json({}, 503)];
    expect((await open().request(write())).status).toBe(503);
    answers = [cut];
    await expect(open().request(write())).rejects.toMatchObject({ context: { reached: true } });
    expect(received.map((r) => r.body)).toEqual(['{"hours":"8"}', '{"hours":"8"}']);
  });

  it("that never left says so", async () => {
    stop();
    await expect(open().request(write())).rejects.toMatchObject({
      code: "http.unreachable",
      context: { reached: false },
    });
  });
});

describe("where requests may go", () => {
  it("is only to hosts the configuration names", async () => {
    const elsewhere = open({ hosts: ["books.example.com"] });
    await expect(elsewhere.request(read())).rejects.toBeInstanceOf(ConfigError);
    await expect(open().request(read({ url: "file:///etc/passwd" }))).rejects.toBeInstanceOf(ConfigError);
    expect(received).toEqual([]);
  });

  it("is never where an answer redirects to", async () => {
    answers = [json({}, 302, { location: `${base}/elsewhere` })];
    await expect(open().request(read())).rejects.toMatchObject({ code: "http.redirected" });
    expect(received).toHaveLength(1);
  });
});

describe("a token", () => {
  it("is fetched once, renewed once for all who find it refused, and tried once more", async () => {
    let issued = 0;
    const http = open();
    const holder = withToken("Books", async () => `token-${++issued}`);
    const send = (token: string) => http.request(read({ headers: { authorization: token } }));
    await Promise.all([holder.request(send), holder.request(send)]);
    expect(issued).toBe(1);
    answers = [json({}, 401), json({}, 401)];
    const both = await Promise.all([holder.request(send), holder.request(send)]);
    expect(both.map((r) => r.status)).toEqual([200, 200]);
    expect(issued).toBe(2);
    expect(received.slice(4).map((r) => r.auth)).toEqual(["token-2", "token-2"]);
  });

  it("that is refused when fresh is a matter of configuration", async () => {
    const http = open();
    const holder = withToken("Books", async () => "token");
    answers = [json({}, 401), json({ message: "user inactive" }, 401)];
    await expect(holder.request(() => http.request(read()))).rejects.toMatchObject({
      recovery: "reconfigure",
      userMessage: expect.stringContaining("user inactive"),
    });
  });

  it("is asked for again after it could not be had", async () => {
    let tries = 0;
    const holder = withToken("Books", async () => {
      if (++tries === 1) throw new TransientError("test.down", "down");
      return "token";
    });
    const http = open();
    const send = () => http.request(read());
    await expect(holder.request(send)).rejects.toThrow("down");
    expect((await holder.request(send)).status).toBe(200);
  });
});

describe("the pages of a stream", () => {
  it("may not lead back to one already read", () => {
    const guard = guardLoop("Books/time");
    guard("a");
    guard("b");
    expect(() => guard("a")).toThrow(TransientError);
  });
});

describe("the rate budget", () => {
  /** How many of these requests get through within a minute of the timer's time. */
  async function sentInAMinute(purposes: () => "read" | "push", perMinute: number): Promise<number> {
    const timer = notedTimer();
    const budget = rateBudget(perMinute, timer);
    for (let sent = 0; ; sent++) {
      await budget.take(purposes());
      if (timer.now() > 60_000) return sent;
    }
  }

  it("lets no more through in any minute than configured, and most of it", async () => {
    for (const perMinute of [60, 600, 1200]) {
      let n = 0;
      const mixed = await sentInAMinute(() => (n++ % 2 ? "read" : "push"), perMinute);
      expect(mixed).toBeLessThanOrEqual(perMinute);
      expect(mixed).toBeGreaterThan(perMinute * 0.8);
    }
  });

  it("keeps a tenth from reads", async () => {
    expect(await sentInAMinute(() => "read", 600)).toBeLessThanOrEqual(540);
  });

  it("lets a push through while reads have used all of theirs", async () => {
    const timer = notedTimer();
    const budget = rateBudget(600, timer);
    while (timer.waits.length === 0) await budget.take("read");
    const waited = timer.waits.length;
    await budget.take("push");
    expect(timer.waits.length).toBe(waited);
  });
});
