/**
 * The session cookie: signed, unreadable to scripts, holding a name, the account's epoch and a form token, nothing else. What the
 * person may do is read from the store on every request, so a withdrawn role is gone at once; raising the epoch ends every session.
 */
import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createCookieSessionStorage, type Session, type SessionStorage } from "@remix-run/node";

export interface SessionData {
  name: string;
  epoch: number;
  csrf: string;
}
export type PersonSession = Session<SessionData>;
export type Sessions = SessionStorage<SessionData>;

const WORKING_DAY_S = 12 * 3600;

export function openSessions(secret: string): Sessions {
  return createCookieSessionStorage<SessionData>({
    cookie: {
      name: "plumbline_session",
      httpOnly: true,
      sameSite: "lax",
      path: "/",
      maxAge: WORKING_DAY_S,
      secrets: [secret],
    },
  });
}

/** The secret that signs cookies: the one configured, or one made once and kept in the data folder, readable by its owner. */
export function sessionSecret(configured: string | undefined, dataDir: string): string {
  if (configured) return configured;
  const path = join(dataDir, "session.key");
  mkdirSync(dataDir, { recursive: true });
  try {
    // Exclusive, so that of two processes starting at once the second reads what the first wrote.
    writeFileSync(path, randomBytes(32).toString("base64url"), { mode: 0o600, flag: "wx" });
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
  return readFileSync(path, "utf8");
}

/** The session's form token, made on first use. */
export function csrfToken(session: PersonSession): string {
  const known = session.get("csrf");
  if (known) return known;
  const fresh = randomBytes(18).toString("base64url");
  session.set("csrf", fresh);
  return fresh;
}
