import { Link } from "@remix-run/react";
import type { RulePage } from "../data/rules.server.ts";
import { plural, sayInstant, sayMoney } from "../format.ts";
import { BLOCKING_WORDS, blockingNow } from "../words.ts";
import { Panel } from "./panel.tsx";
import { RuleState } from "./rule-state.tsx";
import { Severity } from "./severity.tsx";
import { TableWrap } from "./table-wrap.tsx";
import { Tag } from "./tag.tsx";

/** One rule in full: what it demands, what to do, who is right, and how it came to be as it is. */
export function RuleView({ rule, currency }: RulePage) {
  const blocks = blockingNow(rule.state, rule.blocks);
  return (
    <>
      <div className="row">
        <RuleState state={rule.state} />
        <Severity severity={rule.severity} />
        <Tag tone={blocks === "hard" ? "bad" : blocks === "soft" ? "warn" : "quiet"}>
          {BLOCKING_WORDS[blocks]}
        </Tag>
        <span className="muted">
          {rule.id}, version {rule.version} · answered for by {rule.owner}
        </span>
        {rule.waiting && (
          <span>
            Version {rule.waiting.version} waits to come into force: {rule.waiting.state}.
          </span>
        )}
      </div>
      <Panel title="What it demands">
        <div className="stack-small">
          <p>{rule.sentence}</p>
          <dl className="facts">
            <dt>Standing</dt>
            <dd>
              <Link
                to={`/exceptions?rule=${rule.id}&status=${rule.state === "shadow" ? "shadow" : "standing"}`}
              >
                {plural(rule.open + rule.shadow, "exception")}
              </Link>
            </dd>
            {rule.hasMoney && (
              <>
                <dt>They claim</dt>
                <dd>{sayMoney(rule.money_claimed, currency)}</dd>
              </>
            )}
            <dt>Money at stake</dt>
            <dd>{rule.money || "none"}</dd>
            {rule.parents.length > 0 && (
              <>
                <dt>Follows from</dt>
                <dd>{rule.parents.join(", ")}: not opened on its own while that explains it</dd>
              </>
            )}
            {rule.keys.length > 0 && (
              <>
                <dt>Key</dt>
                {rule.keys.map((key) => (
                  <dd key={key}>{key}</dd>
                ))}
              </>
            )}
            <dt>A block is lifted by</dt>
            <dd>
              {rule.runbook.hold === "commercial"
                ? "whoever decided to hold; correcting records does not"
                : "correcting the records"}
            </dd>
          </dl>
        </div>
      </Panel>
      <Panel title="What to do">
        <div className="stack-small">
          <ol className="numbered">
            {rule.runbook.steps.map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ol>
          <p className="muted">Put right by: {rule.remedy ?? "a person, in the system itself"}</p>
        </div>
      </Panel>
      {rule.sides.length > 0 && (
        <Panel title="What is compared" flush>
          <RuleSides rule={rule} />
        </Panel>
      )}
      <Panel title="Versions" flush>
        <RuleVersions rule={rule} />
      </Panel>
      <Panel title="What became of it" flush>
        <RuleEvents rule={rule} />
      </Panel>
    </>
  );
}

function RuleSides({ rule }: Pick<RulePage, "rule">) {
  return (
    <TableWrap label="What is compared">
      <table className="rows">
        <thead>
          <tr>
            <th scope="col">Comparison</th>
            <th scope="col">Sides</th>
            <th scope="col">Fields, and what still agrees</th>
            <th scope="col">Settles</th>
            <th scope="col">Who is right</th>
          </tr>
        </thead>
        <tbody>
          {rule.sides.map((side) => (
            <tr key={side.id}>
              <td>{side.title}</td>
              <td>
                {side.left}
                <span className="under">{side.right}</span>
              </td>
              <td>
                {side.fields.length === 0 ? "whether it is there" : null}
                {side.fields.map((f) => (
                  <span key={f.name}>
                    {f.words}
                    <span className="under">{f.empty}</span>
                  </span>
                ))}
              </td>
              <td className="nowrap">{side.settle}</td>
              <td>
                {rule.records
                  .filter((r) => r.comparison === side.id)
                  .map((r) => (
                    <span key={r.words} className="under">
                      {r.words}
                    </span>
                  ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableWrap>
  );
}

function RuleVersions({ rule }: Pick<RulePage, "rule">) {
  return (
    <TableWrap label="Versions">
      <table className="rows">
        <thead>
          <tr>
            <th scope="col">Version</th>
            <th scope="col">State</th>
            <th scope="col">Brought by</th>
            <th scope="col">Changed</th>
            <th scope="col">Since</th>
          </tr>
        </thead>
        <tbody>
          {rule.versions.map((v) => (
            <tr key={v.version}>
              <td>{v.version}</td>
              <td>
                <RuleState state={v.state} />
              </td>
              <td>{v.origin === "release" ? "the release" : "the configuration"}</td>
              <td>{v.change}</td>
              <td className="nowrap">{sayInstant(v.at)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableWrap>
  );
}

function RuleEvents({ rule }: Pick<RulePage, "rule">) {
  return (
    <TableWrap label="What became of it">
      <table className="rows">
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">Version</th>
            <th scope="col">State</th>
            <th scope="col">By</th>
            <th scope="col">Note</th>
          </tr>
        </thead>
        <tbody>
          {rule.events.map((e) => (
            <tr key={`${e.at} ${e.version} ${e.state}`}>
              <td className="nowrap">{sayInstant(e.at)}</td>
              <td>{e.version}</td>
              <td>
                <RuleState state={e.state} />
              </td>
              <td>{e.actor}</td>
              <td>{e.note}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableWrap>
  );
}
