import type { ReactNode } from "react";
import { Icon, type IconName } from "./icon.tsx";

export type Tone = "bad" | "warn" | "good" | "accent" | "quiet";

/** A state in a word or two. Its colour repeats what the words and the icon say. */
export function Tag({
  tone = "quiet",
  icon,
  children,
}: {
  tone?: Tone;
  icon?: IconName;
  children: ReactNode;
}) {
  return (
    <span className={`tag tag-${tone}`}>
      {icon && <Icon name={icon} />}
      {children}
    </span>
  );
}
