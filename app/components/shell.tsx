import { Form, NavLink } from "@remix-run/react";
import type { ReactNode } from "react";
import type { ShellData } from "../data/shell.server.ts";
import { plural } from "../format.ts";
import { Brand } from "./brand.tsx";
import { FormToken } from "./form-token.tsx";
import { Icon, type IconName } from "./icon.tsx";
import { ThemeSwitch } from "./theme-switch.tsx";

const PLACES: readonly { to: string; name: string; icon: IconName }[] = [
  { to: "/", name: "Overview", icon: "overview" },
  { to: "/exceptions", name: "Exceptions", icon: "exceptions" },
  { to: "/pushes", name: "Pushes", icon: "pushes" },
  { to: "/sync", name: "Sync health", icon: "sync" },
  { to: "/runs", name: "Runs", icon: "runs" },
  { to: "/rules", name: "Rules", icon: "rules" },
];

/** The frame around every page. */
export function Shell({ shell, children }: { shell: ShellData; children: ReactNode }) {
  return (
    <div className="shell">
      <a href="#main" className="skip">
        Skip to the page
      </a>
      <header className="side">
        <Brand />
        <nav aria-label="Pages" className="nav-wrap">
          <ul className="nav">
            {PLACES.map((place) => (
              <li key={place.to}>
                <NavLink to={place.to} end={place.to === "/"}>
                  <Icon name={place.icon} />
                  {place.name}
                  {place.to === "/pushes" && shell.awaitingMe > 0 && (
                    <span className="count">
                      {shell.awaitingMe}
                      <span className="hidden-text">
                        {" "}
                        {plural(shell.awaitingMe, "push", "pushes")} for you to approve
                      </span>
                    </span>
                  )}
                </NavLink>
              </li>
            ))}
          </ul>
        </nav>
        <div className="side-end">
          <p className="who">
            <span>{shell.user.displayName}</span>
            <span className="muted small">{shell.user.roles.join(", ")}</span>
          </p>
          <ThemeSwitch />
          <Form method="post" action="/logout">
            <FormToken />
            <button type="submit" className="button button-small">
              Sign out
            </button>
          </Form>
        </div>
      </header>
      <main id="main" className="main" tabIndex={-1}>
        {children}
      </main>
    </div>
  );
}
