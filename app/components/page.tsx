import type { ReactNode } from "react";
import { FreshnessStamp, StaleBanner } from "./freshness.tsx";

/** A page's heading with its freshness, and the banner when a source is too old. */
export function Page({ title, lead, children }: { title: ReactNode; lead?: ReactNode; children: ReactNode }) {
  return (
    <div className="page">
      <div className="page-head">
        <div>
          <h1>{title}</h1>
          {lead && <p>{lead}</p>}
        </div>
        <FreshnessStamp />
      </div>
      <StaleBanner />
      {children}
    </div>
  );
}
