/**
 * Renders a page, and hands the web server what it must share with the pages: the server imports this bundle and nothing else of
 * ours, so that there is one copy of every module in the process.
 */
import { PassThrough } from "node:stream";
import { createReadableStreamFromReadable, type EntryContext } from "@remix-run/node";
import { RemixServer } from "@remix-run/react";
import type { AppLoadContext } from "@remix-run/server-runtime";
import { isbot } from "isbot";
import { renderToPipeableStream } from "react-dom/server";
import { log } from "#core/log";
import { NonceContext } from "./components/nonce.ts";

export { startJobs } from "./jobs.server.ts";
export { openServices } from "./services.server.ts";

const GIVE_UP_AFTER_MS = 15_000;

export default function handleRequest(
  request: Request,
  status: number,
  headers: Headers,
  remix: EntryContext,
  context: AppLoadContext,
): Promise<Response> {
  // A robot, and a browser without scripts, gets the page in one piece.
  const whole = isbot(request.headers.get("user-agent") ?? "");
  return new Promise((resolve, reject) => {
    let sent = false;
    const { pipe, abort } = renderToPipeableStream(
      <NonceContext.Provider value={context.nonce}>
        <RemixServer context={remix} url={request.url} nonce={context.nonce} abortDelay={GIVE_UP_AFTER_MS} />
      </NonceContext.Provider>,
      {
        nonce: context.nonce,
        [whole ? "onAllReady" : "onShellReady"]() {
          sent = true;
          const body = new PassThrough();
          headers.set("Content-Type", "text/html; charset=utf-8");
          resolve(new Response(createReadableStreamFromReadable(body), { headers, status }));
          pipe(body);
        },
        onShellError: reject,
        onError(error: unknown) {
          if (sent) log.error({ err: error }, "page broke while it was being sent");
        },
      },
    );
    setTimeout(abort, GIVE_UP_AFTER_MS + 1000).unref();
  });
}

/** Errors the routes did not foresee end up here, once; what a visitor reads is in the error page. */
export function handleError(error: unknown, { request }: { request: Request }): void {
  if (!request.signal.aborted)
    log.error({ err: error, path: new URL(request.url).pathname }, "request failed");
}
