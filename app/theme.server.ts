/** The colour theme's cookie. It holds no secret, so it is neither signed nor tied to a session. */
import { createCookie } from "@remix-run/node";
import { z } from "zod";

export const Theme = z.enum(["light", "dark", "auto"]);
export type Theme = z.infer<typeof Theme>;

const cookie = createCookie("plumbline_theme", {
  path: "/",
  sameSite: "lax",
  maxAge: 365 * 86_400,
  httpOnly: true,
});

export async function themeOf(request: Request): Promise<Theme> {
  return Theme.catch("auto").parse(await cookie.parse(request.headers.get("Cookie")));
}

export function themeCookie(theme: Theme): Promise<string> {
  return cookie.serialize(theme);
}

/** Where to go back to: only ever a path on this site. */
export function localPath(path: unknown): string {
  return typeof path === "string" && /^\/(?![/\\])/.test(path) ? path : "/";
}
