import type { ReactNode } from "react";
import { Icon, type IconName } from "./icon.tsx";

/** Nothing to show, and why: nothing wrong, nothing matching, or nothing known are three different things. */
export function Empty({ icon, title, children }: { icon: IconName; title: string; children?: ReactNode }) {
  return (
    <div className="empty">
      <Icon name={icon} />
      <h3>{title}</h3>
      {children}
    </div>
  );
}
