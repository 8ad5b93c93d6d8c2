import { type ActionFunctionArgs, data, type LoaderFunctionArgs, redirect } from "@remix-run/node";
import { Form, useActionData, useLoaderData, useNavigation } from "@remix-run/react";
import { findPerson } from "../auth/accounts.server.ts";
import { csrfToken } from "../auth/session.server.ts";
import { signIn } from "../auth/sign-in.server.ts";
import { Brand } from "../components/brand.tsx";
import { FormToken, FormTokenProvider } from "../components/form-token.tsx";
import { Icon } from "../components/icon.tsx";
import { inWords } from "../error-response.server.ts";
import { localPath } from "../theme.server.ts";

export const meta = () => [{ title: "Sign in · Plumbline" }];

export async function loader({ request, context }: LoaderFunctionArgs) {
  const { sessions } = context.services;
  const session = await sessions.getSession(request.headers.get("Cookie"));
  const next = localPath(new URL(request.url).searchParams.get("next"));
  if (session.get("name") && next === "/") {
    const person = await findPerson(context.services.store, session.get("name") ?? "");
    if (person && person.epoch === session.get("epoch")) throw redirect("/");
  }
  const token = csrfToken(session);
  return data(
    { token, next },
    { headers: { "Set-Cookie": await sessions.commitSession(session, { secure: context.secure }) } },
  );
}

export async function action(args: ActionFunctionArgs) {
  return inWords(() => signIn(args));
}

export default function Login() {
  const { token, next } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  const busy = useNavigation().state === "submitting";
  return (
    <FormTokenProvider value={token}>
      <main className="lone">
        <div className="lone-box stack">
          <div className="row">
            <Brand />
          </div>
          <section className="panel">
            <Form method="post" className="panel-body stack">
              <h1>Sign in</h1>
              {answer && (
                <p className="problem" role="alert">
                  <Icon name="alert" />
                  <span>{answer.problem}</span>
                </p>
              )}
              <FormToken />
              <input type="hidden" name="next" value={next} />
              <div className="field">
                <label htmlFor="name">Name</label>
                <input id="name" name="name" autoComplete="username" autoCapitalize="none" required />
              </div>
              <div className="field">
                <label htmlFor="password">Password</label>
                <input
                  id="password"
                  name="password"
                  type="password"
                  autoComplete="current-password"
                  required
                />
              </div>
              <button className="button button-main" type="submit" disabled={busy}>
                {busy ? "Signing in…" : "Sign in"}
              </button>
            </Form>
          </section>
          <p className="muted small">
            Accounts are kept by your administrator. Lost your password? Ask them to set a new one.
          </p>
        </div>
      </main>
    </FormTokenProvider>
  );
}
