import { Form, Link } from "@remix-run/react";
import type { QueuePage } from "../data/queue.server.ts";
import { isNarrowed, queueLink } from "../filter-link.ts";
import { BLOCKING_WORDS, SEVERITY_WORDS } from "../words.ts";
import { FilterChips } from "./filter-chips.tsx";

const STATUSES: readonly [string, string][] = [
  ["due", "To do"],
  ["standing", "All that stand"],
  ["open", "Open"],
  ["acknowledged", "In progress"],
  ["snoozed", "Snoozed"],
  ["waived", "Waived"],
  ["resolved", "Resolved"],
  ["suspected", "Seen once"],
  ["shadow", "In shadow"],
  ["symptoms", "Symptoms of others"],
  ["all", "Everything"],
];

/** The filter as a plain form: it fills the URL, with or without scripts. */
export function QueueFilterForm({ it }: { it: QueuePage }) {
  const { filter, choices } = it;
  return (
    <div className="panel-body stack">
      <Form method="get" action="/exceptions" className="filters" key={queueLink(filter)} role="search">
        <div className="field">
          <label htmlFor="text">Text</label>
          <input
            id="text"
            name="text"
            type="search"
            defaultValue={filter.text}
            placeholder="client, project, id…"
          />
        </div>
        <Choice id="status" label="State" value={filter.status} options={STATUSES} />
        <Choice
          id="rule"
          label="Rule"
          value={filter.rule.length === 1 ? (filter.rule[0] ?? "") : ""}
          options={[
            ["", filter.rule.length > 1 ? `${filter.rule.length} rules` : "Any"],
            ...choices.rules.map((r): [string, string] => [r.value, `${r.value} ${r.label} (${r.count})`]),
          ]}
        />
        <Choice
          id="severity"
          label="Severity"
          value={filter.severity.length === 1 ? (filter.severity[0] ?? "") : ""}
          options={[["", "Any"], ...Object.entries(SEVERITY_WORDS)]}
        />
        <Choice
          id="blocking"
          label="Blocks"
          value={filter.blocking}
          options={[["", "Any"], ...Object.entries(BLOCKING_WORDS)]}
        />
        <Choice
          id="client"
          label="Client"
          value={filter.client}
          options={[
            ["", "Any"],
            ...choices.clients.map((c): [string, string] => [c.value, `${c.label || c.value} (${c.count})`]),
          ]}
        />
        <Choice
          id="entity"
          label="Legal entity"
          value={filter.entity}
          options={[
            ["", "Any"],
            ...choices.entities.map((e): [string, string] => [e.value, `${e.value} (${e.count})`]),
          ]}
        />
        <Choice
          id="owner"
          label="Owner"
          value={filter.owner}
          options={[
            ["", "Anyone"],
            ["me", "Me"],
            ["none", "Nobody"],
            ...choices.people.map((p): [string, string] => [p.name, p.displayName]),
          ]}
        />
        <div className="field">
          <label htmlFor="min">At least, {it.currency}</label>
          <input id="min" name="min" inputMode="decimal" defaultValue={filter.min} />
        </div>
        {filter.project && <input type="hidden" name="project" value={filter.project} />}
        <div className="row">
          <button type="submit" className="button button-main">
            Filter
          </button>
          {isNarrowed(filter) && <Link to="/exceptions">Clear</Link>}
        </div>
      </Form>
      <FilterChips it={it} />
    </div>
  );
}

function Choice(props: {
  id: string;
  label: string;
  value: string;
  options: readonly (readonly [string, string])[];
}) {
  return (
    <div className="field">
      <label htmlFor={props.id}>{props.label}</label>
      <select id={props.id} name={props.id} defaultValue={props.value}>
        {props.options.map(([value, words]) => (
          <option key={value} value={value}>
            {words}
          </option>
        ))}
      </select>
    </div>
  );
}
