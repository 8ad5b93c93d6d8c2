/** Sets the colour theme and goes back to the page it was asked from. Open to anyone: it changes only their own cookie. */
import { type ActionFunctionArgs, redirect } from "@remix-run/node";
import { localPath, Theme, themeCookie } from "../theme.server.ts";

export async function action({ request }: ActionFunctionArgs) {
  const form = await request.formData();
  const theme = Theme.catch("auto").parse(form.get("theme"));
  return redirect(localPath(form.get("back")), { headers: { "Set-Cookie": await themeCookie(theme) } });
}

export function loader() {
  return redirect("/");
}
