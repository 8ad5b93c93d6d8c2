import { useNavigate } from "@remix-run/react";
import { useEffect } from "react";

/** Typing into a field, or a dialog standing open, is not a command. */
function isElsewhere(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return true;
  const at = event.target instanceof HTMLElement ? event.target : null;
  if (document.querySelector("dialog[open]")) return true;
  return at?.matches("input:not([type=checkbox]), select, textarea") ?? false;
}

/**
 * The queue by keyboard: j and k move between rows, x selects, Enter opens (the focused link's own doing), p opens at the push,
 * / goes to the text filter. Focus itself is the place in the list, so that nothing else has to remember it.
 */
export function useQueueKeys(): void {
  const navigate = useNavigate();
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (isElsewhere(event)) return;
      const rows = [...document.querySelectorAll<HTMLElement>("[data-row]")];
      const at = rows.findIndex((r) => r.contains(document.activeElement));
      const link = (n: number) => rows[n]?.querySelector<HTMLAnchorElement>("[data-open]");
      if (event.key === "j") link(Math.min(at + 1, rows.length - 1))?.focus();
      else if (event.key === "k") link(Math.max(at - 1, 0))?.focus();
      else if (event.key === "x") rows[at]?.querySelector<HTMLInputElement>("input[type=checkbox]")?.click();
      else if (event.key === "p") {
        const open = link(at);
        if (open) navigate(`${open.pathname}#push`);
      } else if (event.key === "/") document.getElementById("text")?.focus();
      else return;
      event.preventDefault();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [navigate]);
}

/** On an exception's page: p goes to its push. */
export function usePushKey(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (isElsewhere(event) || event.key !== "p") return;
      const panel = document.getElementById("push");
      panel?.scrollIntoView();
      panel?.focus();
      event.preventDefault();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
}
