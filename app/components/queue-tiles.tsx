import type { QueuePage } from "../data/queue.server.ts";
import { queueLink } from "../filter-link.ts";
import type { ExceptionFilter } from "../filters.ts";
import { sayCount } from "../format.ts";
import { Tile } from "./tile.tsx";

const NONE: ExceptionFilter = {
  rule: [],
  severity: [],
  status: "due",
  blocking: "",
  client: "",
  project: "",
  entity: "",
  owner: "",
  text: "",
  min: "",
  ends: "",
};

/** Figures over everything that stands, each a filter. */
export function QueueTiles({ it }: { it: QueuePage }) {
  const { tiles: t } = it;
  const here = queueLink(it.filter);
  const filterTile = (name: string, figure: number, change: Partial<ExceptionFilter>) => {
    const to = queueLink(NONE, change);
    return <Tile name={name} figure={sayCount(figure)} to={to} current={to === here} />;
  };
  return (
    <div className="tiles tiles-small">
      {filterTile("Blocking an invoice", t.blocked, { blocking: "hard", status: "standing" })}
      {filterTile("Unassigned", t.unassigned, { owner: "none" })}
      {filterTile("Mine", t.mine, { owner: "me" })}
      <Tile name="Awaiting approval" figure={sayCount(t.awaitingApproval)} to="/pushes" />
      <Tile name="Pushed, awaiting proof" figure={sayCount(t.awaitingProof)} to="/pushes" />
      {filterTile("Waivers ending in 7 days", t.waivers_ending, { status: "waived", ends: "7" })}
      <Tile
        name="Cannot be judged"
        figure={`${t.cannotEvaluate} of ${t.comparisons}`}
        note="comparisons, newest run"
        to="/runs"
      />
    </div>
  );
}
