/** How a project or task carries its agreed key: text at the beginning of its name, `[contoso-dp] Contoso data platform`. */
import type { TrytonSettings } from "./settings.ts";

export interface Link {
  /** The agreed key in a name or comment; null when it carries none. */
  keyOf(text: string): string | null;
  /** The text without what carries the key. */
  plain(text: string): string;
  /** What a record of this name with this key is called. */
  write(key: string, name: string): string;
}

export function linkOf({ link }: Pick<TrytonSettings, "link">): Link {
  const pattern = new RegExp(link.pattern);
  return {
    keyOf: (text) => pattern.exec(text)?.[1]?.trim() || null,
    plain: (text) => text.replace(pattern, "").trim(),
    // By a function, so that a `$` in a name stays one.
    write: (key, name) => link.write.replace(/\{(key|name)\}/g, (_, part) => (part === "key" ? key : name)),
  };
}
