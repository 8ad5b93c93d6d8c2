/**
 * The doors: every loader goes through `signedIn`, every action through `submitted`. A parent route's check protects nothing,
 * since loaders run separately; test/app/doors.test.ts walks over all routes to see that none was forgotten.
 */
import { timingSafeEqual } from "node:crypto";
import { redirect } from "@remix-run/node";
import type { AppLoadContext } from "@remix-run/server-runtime";
import type { z } from "zod";
import { ForbiddenError, RequestError } from "#core/errors";
import type { Services } from "../services.server.ts";
import { findPerson, type Person } from "./accounts.server.ts";
import { may, PERMISSION_WORDS, type Permission } from "./permissions.ts";
import type { PersonSession } from "./session.server.ts";

export interface Visit {
  user: Person;
  session: PersonSession;
  services: Services;
}

interface Args {
  request: Request;
  context: AppLoadContext;
}

/** Who is asking, with the roles they hold now. Throws a redirect to the sign-in page for anybody else. */
export async function signedIn({ request, context }: Args): Promise<Visit> {
  const { services } = context;
  const session = await services.sessions.getSession(request.headers.get("Cookie"));
  const name = session.get("name");
  const user = name ? await findPerson(services.store, name) : null;
  if (!user || user.epoch !== session.get("epoch")) throw toSignIn(request);
  return { user, session, services };
}

function toSignIn(request: Request): Response {
  const url = new URL(request.url);
  // After a form the way back is the page it was on; a form is never sent again by itself.
  const here = url.pathname === "/" ? "" : `${url.pathname}${request.method === "GET" ? url.search : ""}`;
  return redirect(
    here === "" ? "/login" : `/login?${new URLSearchParams({ next: here.replace(/\.data$/, "") })}`,
  );
}

/** Throws ForbiddenError in words when the person may not do this. */
export function requirePermission(user: Person, permission: Permission): void {
  if (!may(user.roles, permission))
    throw new ForbiddenError(`app.forbidden-${permission}`, `${user.name} lacks "${permission}"`, {
      userMessage: PERMISSION_WORDS[permission],
    });
}

/** A submitted form's fields once its token has been checked; repeated fields become arrays. */
export async function formFields(
  request: Request,
  session: PersonSession,
): Promise<Record<string, string | string[]>> {
  const form = await request.formData();
  const given = form.get("csrf");
  const expected = session.get("csrf");
  if (typeof given !== "string" || !expected || !sameText(given, expected))
    throw new ForbiddenError("app.bad-form-token", "Form token missing or wrong", {
      userMessage:
        "This form was not sent from your current session, so nothing was changed. Open the page again and repeat.",
    });
  const fields: Record<string, string | string[]> = {};
  for (const name of new Set(form.keys())) {
    const values = form.getAll(name).filter((v): v is string => typeof v === "string");
    fields[name] = values.length === 1 ? (values[0] ?? "") : values;
  }
  return fields;
}

/** A signed-in person's form, read with its schema. Throws RequestError naming what is wrong with it. */
export async function submitted<S extends z.ZodType>(
  args: Args,
  schema: S,
): Promise<Visit & { form: z.infer<S> }> {
  const visit = await signedIn(args);
  const fields = await formFields(args.request, visit.session);
  const parsed = schema.safeParse(fields);
  if (!parsed.success)
    throw new RequestError("app.bad-form", parsed.error.message, {
      userMessage: parsed.error.issues.map((i) => i.message).join(" "),
    });
  return { ...visit, form: parsed.data };
}

function sameText(a: string, b: string): boolean {
  const [x, y] = [Buffer.from(a), Buffer.from(b)];
  return x.length === y.length && timingSafeEqual(x, y);
}
