/** Stopping without dropping anybody: no new visits, the ones under way finish, then jobs and store are closed. */
import type { Server } from "node:http";
import { log } from "#core/log";

const PATIENCE_MS = 15_000;

export function stopOnSignal(server: Server | null, close: () => Promise<void>): void {
  let stopping = false;
  const stop = async (signal: string) => {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, "stopping");
    // What still runs after this long is cut off; a push is written ahead and taken up again at the next start.
    setTimeout(() => process.exit(1), PATIENCE_MS).unref();
    if (server)
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      });
    await close();
    log.info("stopped");
    process.exit(0);
  };
  process.on("SIGTERM", () => void stop("SIGTERM"));
  process.on("SIGINT", () => void stop("SIGINT"));
}
