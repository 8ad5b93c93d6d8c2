import { Link } from "@remix-run/react";
import type { QueuePage } from "../data/queue.server.ts";
import { queueLink } from "../filter-link.ts";

export function QueuePager({ it }: { it: QueuePage }) {
  if (it.isFirst && it.next === null) return null;
  return (
    <nav className="pager panel-body" aria-label="Pages of the queue">
      <span>{!it.isFirst && <Link to={queueLink(it.filter)}>First page</Link>}</span>
      {it.next && (
        <Link to={queueLink(it.filter, {}, it.next)} rel="next">
          Next page
        </Link>
      )}
    </nav>
  );
}
