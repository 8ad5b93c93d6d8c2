/** Ends the session. */
import { type ActionFunctionArgs, redirect } from "@remix-run/node";
import { formFields } from "../auth/guard.server.ts";
import { inWords } from "../error-response.server.ts";

export async function action({ request, context }: ActionFunctionArgs) {
  const { sessions } = context.services;
  const session = await sessions.getSession(request.headers.get("Cookie"));
  return inWords(async () => {
    await formFields(request, session);
    return redirect("/login", { headers: { "Set-Cookie": await sessions.destroySession(session) } });
  });
}

export function loader() {
  return redirect("/");
}
