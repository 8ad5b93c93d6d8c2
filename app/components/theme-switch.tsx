import { Form, useLocation } from "@remix-run/react";
import { useTheme } from "./form-token.tsx";

const THEMES = [
  ["light", "Light"],
  ["dark", "Dark"],
  ["auto", "Auto"],
] as const;

/** Light, dark, or as the system says; kept in a cookie, so the page comes in the right colours at once. */
export function ThemeSwitch() {
  const theme = useTheme();
  const { pathname, search } = useLocation();
  return (
    <Form method="post" action="/theme" className="themes" aria-label="Colours" replace preventScrollReset>
      <input type="hidden" name="back" value={`${pathname}${search}`} />
      {THEMES.map(([value, label]) => (
        <button key={value} type="submit" name="theme" value={value} aria-pressed={theme === value}>
          {label}
        </button>
      ))}
    </Form>
  );
}
