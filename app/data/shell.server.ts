/** What the frame around every page shows: who is signed in, how fresh the sources are, what waits for a decision. */
import { pushList } from "#reconcile/push/state";
import type { Visit } from "../auth/guard.server.ts";
import { may } from "../auth/permissions.ts";
import { csrfToken } from "../auth/session.server.ts";
import { freshness, nowOf } from "./freshness.server.ts";

export async function shellData({ user, session, services }: Visit) {
  const [sources, waiting] = await Promise.all([
    freshness(services),
    pushList(services.store, { statuses: ["requested"] }),
  ]);
  const mine = may(user.roles, "approvePush") ? waiting.filter((p) => p.requestedBy !== user.name) : [];
  return {
    user: { name: user.name, displayName: user.displayName, roles: user.roles },
    token: csrfToken(session),
    sources,
    awaitingMe: mine.length,
    now: nowOf(services.clock),
  };
}
export type ShellData = Awaited<ReturnType<typeof shellData>>;
