import { Link } from "@remix-run/react";
import type { ExceptionPage } from "../data/exception-detail.server.ts";
import { sayInstant } from "../format.ts";
import { Panel } from "./panel.tsx";

/** Why this is in front of you: the rule as a sentence, its version, and as of when both sides were known. */
export function Why({ it }: { it: ExceptionPage }) {
  const { rule, evidence, row } = it;
  return (
    <Panel title="Why am I seeing this?">
      <div className="stack-small">
        <p>{evidence?.why.sentence || rule?.sentence}</p>
        <dl className="facts">
          <dt>Rule</dt>
          <dd>
            <Link to={`/rules/${row.rule}`}>{rule?.title ?? row.rule}</Link>{" "}
            <span className="muted">
              {row.rule}, version {row.rule_version}
            </span>
          </dd>
          {rule?.raised && (
            <>
              <dt>Severity</dt>
              <dd>{rule.raised}</dd>
            </>
          )}
          {rule?.owner && (
            <>
              <dt>Answers for it</dt>
              <dd>{rule.owner}</dd>
            </>
          )}
          {rule?.settle && (
            <>
              <dt>Waits</dt>
              <dd>{rule.settle} after the newest change on either side</dd>
            </>
          )}
          {rule?.tolerances && (
            <>
              <dt>Compares</dt>
              <dd>{rule.tolerances}</dd>
            </>
          )}
          {it.sides.map((side, n) => (
            <AsOf
              key={side.system}
              system={side.system}
              at={(n === 0 ? evidence?.why.asOf.left : evidence?.why.asOf.right) ?? ""}
            />
          ))}
          <dt>Found by</dt>
          <dd>
            <Link to={`/runs/${row.run_id}`}>this run</Link>
          </dd>
          <dt>Key</dt>
          <dd>
            <span className="mono">{row.key}</span>
            {rule?.key && <span className="muted small block">{rule.key}</span>}
          </dd>
        </dl>
      </div>
    </Panel>
  );
}

function AsOf({ system, at }: { system: string; at: string }) {
  return (
    <>
      <dt>{system} as of</dt>
      <dd>{sayInstant(at)}</dd>
    </>
  );
}
