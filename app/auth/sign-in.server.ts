/** Signing in: form token, limit on guessing, password, then a fresh session that keeps nothing of the anonymous one. */
import { data, redirect } from "@remix-run/node";
import type { AppLoadContext } from "@remix-run/server-runtime";
import { z } from "zod";
import { localPath } from "../theme.server.ts";
import { checkPassword } from "./accounts.server.ts";
import { formFields } from "./guard.server.ts";
import { csrfToken } from "./session.server.ts";

const SignIn = z.object({
  name: z.string().trim().toLowerCase().max(100).catch(""),
  password: z.string().max(1000).catch(""),
  next: z.string().catch("/"),
});

export async function signIn({ request, context }: { request: Request; context: AppLoadContext }) {
  const { services, address } = context;
  const session = await services.sessions.getSession(request.headers.get("Cookie"));
  const form = SignIn.parse(await formFields(request, session));
  const wait = services.loginLimit.waitMs(form.name, address);
  if (wait > 0)
    return data(
      {
        problem: `Too many wrong passwords. Sign-in for this name opens again in ${Math.ceil(wait / 60_000)} min.`,
      },
      { status: 429, headers: { "Retry-After": String(Math.ceil(wait / 1000)) } },
    );
  const person = await checkPassword(services.store, form.name, form.password);
  if (!person) {
    services.loginLimit.failed(form.name, address);
    return data({ problem: "The name or the password is not right." }, { status: 401 });
  }
  services.loginLimit.succeeded(form.name);
  const fresh = await services.sessions.getSession();
  fresh.set("name", person.name);
  fresh.set("epoch", person.epoch);
  csrfToken(fresh);
  throw redirect(localPath(form.next), {
    headers: { "Set-Cookie": await services.sessions.commitSession(fresh, { secure: context.secure }) },
  });
}
