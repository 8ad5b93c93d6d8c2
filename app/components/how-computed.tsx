import type { ReactNode } from "react";

/** How a figure comes about, for who asks; closed until then. */
export function HowComputed({ children }: { children: ReactNode }) {
  return (
    <details className="how">
      <summary>How is this computed?</summary>
      <div>{children}</div>
    </details>
  );
}
