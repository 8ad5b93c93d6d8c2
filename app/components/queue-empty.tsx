import { Link } from "@remix-run/react";
import type { QueuePage } from "../data/queue.server.ts";
import { isNarrowed } from "../filter-link.ts";
import { plural, sayAgo, sayCount } from "../format.ts";
import { Empty } from "./empty.tsx";

/** No rows, and which of the three reasons it is: nothing known, nothing matching, or nothing wrong. */
export function QueueEmpty({ it, now }: { it: QueuePage; now: string }) {
  if (isNarrowed(it.filter) || it.filter.status !== "due" || !it.isFirst)
    return (
      <Empty icon="search" title="Nothing matches this filter">
        <p>
          Drop one of the conditions above, or <Link to="/exceptions">show everything to do</Link>.
        </p>
      </Empty>
    );
  if (it.tiles.comparisons === 0 || it.tiles.cannotEvaluate > 0)
    return (
      <Empty icon="clock" title="It cannot be said whether anything is wrong">
        <p>
          {it.tiles.comparisons === 0
            ? "Nothing has been compared yet. The first comparison runs once every system has been read."
            : `${sayCount(it.tiles.cannotEvaluate)} of ${plural(it.tiles.comparisons, "comparison")} could not be judged.`}{" "}
          <Link to="/runs">Runs</Link> say why.
        </p>
      </Empty>
    );
  return (
    <Empty icon="check" title="Nothing is wrong">
      <p>
        {plural(it.evaluated.keys, "record")} were looked at by {plural(it.tiles.comparisons, "comparison")},
        the oldest {sayAgo(it.evaluated.at, now)}.
      </p>
    </Empty>
  );
}
