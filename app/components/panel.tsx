import { type ReactNode, useId } from "react";

/** A titled box. `flush` lets a table reach its edges. */
export function Panel({
  title,
  aside,
  flush = false,
  id: anchor,
  children,
}: {
  title: string;
  aside?: ReactNode;
  flush?: boolean;
  /** What a link to the panel names. */
  id?: string;
  children: ReactNode;
}) {
  const id = useId();
  return (
    <section className="panel" aria-labelledby={id} {...(anchor ? { id: anchor } : {})}>
      <div className="panel-head">
        <h2 id={id}>{title}</h2>
        {aside && <div className="muted small">{aside}</div>}
      </div>
      {flush ? children : <div className="panel-body">{children}</div>}
    </section>
  );
}
