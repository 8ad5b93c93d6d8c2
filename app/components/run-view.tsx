import { Link } from "@remix-run/react";
import type { RunPage } from "../data/run-list.server.ts";
import { plural, sayCount, sayInstant, saySpan } from "../format.ts";
import { fieldWords } from "../words.ts";
import { Bar } from "./bar.tsx";
import { Empty } from "./empty.tsx";
import { Panel } from "./panel.tsx";
import { RunStatus } from "./run-status.tsx";
import { TableWrap } from "./table-wrap.tsx";

/** One run: outcome, as-of per side, kinds that add up, and the keys that did not agree. */
export function RunView({ it }: { it: RunPage }) {
  const { run } = it;
  const isUnjudged = run.status === "inconclusive" || run.status === "not_applicable";
  return (
    <>
      <div className="cols-2">
        <Panel title="Outcome" aside={<RunStatus status={run.status} />}>
          <dl className="facts">
            {run.why && (
              <>
                <dt>Why</dt>
                <dd>{run.detail || run.why}</dd>
              </>
            )}
            <dt>{run.left} as of</dt>
            <dd>{sayInstant(run.left_as_of)}</dd>
            <dt>{run.right} as of</dt>
            <dd>{sayInstant(run.right_as_of)}</dd>
            <dt>Started</dt>
            <dd>
              {sayInstant(run.started_at)}, took{" "}
              {run.tookMs < 1000 ? `${run.tookMs} ms` : saySpan(run.tookMs)}
            </dd>
            {run.missed_by_incremental > 0 && (
              <>
                <dt>Missed before</dt>
                <dd>{plural(run.missed_by_incremental, "key")} that incremental runs should have seen</dd>
              </>
            )}
            <dt>Run</dt>
            <dd className="mono">{run.run_id}</dd>
          </dl>
        </Panel>
        <Panel
          title="How the keys came out"
          aside={
            run.sum === run.keys
              ? `${sayCount(run.sum)} in all, equal to the ${sayCount(run.keys)} looked at`
              : `${sayCount(run.sum)} of ${sayCount(run.keys)} looked at`
          }
          flush
        >
          <TableWrap label="Kinds">
            <table>
              <thead>
                <tr>
                  <th scope="col">Kind</th>
                  <th scope="col" className="num">
                    Keys
                  </th>
                  <th scope="col">
                    <span className="hidden-text">Share</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {run.kinds.map((k) => (
                  <tr key={k.kind}>
                    <th scope="row">
                      {k.count > 0 && k.kind !== "match" ? (
                        <Link to={`?kind=${k.kind}`}>{k.words}</Link>
                      ) : (
                        k.words
                      )}
                    </th>
                    <td className="num">{sayCount(k.count)}</td>
                    <td>
                      <Bar share={run.keys === 0 ? 0 : k.count / run.keys} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </TableWrap>
        </Panel>
      </div>
      <Panel
        title="Keys that did not agree"
        aside={
          it.kind ? (
            <Link to="?">Show all kinds</Link>
          ) : it.findings.length >= it.shown ? (
            `the first ${it.shown}`
          ) : undefined
        }
        flush
      >
        {it.findings.length === 0 ? (
          <Empty
            icon={run.status === "clean" ? "check" : "clock"}
            title={isUnjudged ? "Nothing was judged" : "None kept"}
          >
            {isUnjudged && <p>This run changed no exception: it opened none and resolved none.</p>}
          </Empty>
        ) : (
          <Findings rows={it.findings} />
        )}
      </Panel>
    </>
  );
}

function Findings({ rows }: { rows: RunPage["findings"] }) {
  return (
    <TableWrap label="Keys that did not agree">
      <table className="rows">
        <thead>
          <tr>
            <th scope="col">Key</th>
            <th scope="col">Kind</th>
            <th scope="col">Fields</th>
            <th scope="col" className="num">
              Newest change
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((f) => (
            <tr key={`${f.kind} ${f.key}`}>
              <th scope="row" className="mono break">
                <Link to={`/exceptions?${new URLSearchParams({ status: "all", text: f.key })}`}>{f.key}</Link>
              </th>
              <td>{f.words}</td>
              <td>
                {[...f.differing, ...f.waiting].map((name) => (
                  <span key={name} className="block">
                    {fieldWords(name)}: {f.l_values[name] || "nothing"} / {f.r_values[name] || "nothing"}
                    {f.waiting.includes(name) && <span className="muted"> (settling)</span>}
                  </span>
                ))}
              </td>
              <td className="num">{sayInstant(f.last_change_at)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableWrap>
  );
}
