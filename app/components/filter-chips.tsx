import { Link } from "@remix-run/react";
import type { QueuePage } from "../data/queue.server.ts";
import { queueLink } from "../filter-link.ts";
import type { ExceptionFilter } from "../filters.ts";
import { BLOCKING_WORDS, SEVERITY_WORDS } from "../words.ts";
import { Icon } from "./icon.tsx";

/** What narrows the queue, each with a way to drop it. */
export function FilterChips({ it }: { it: QueuePage }) {
  const { filter: f, choices } = it;
  const chips: [string, Partial<ExceptionFilter>][] = [
    ...f.rule.map((id): [string, Partial<ExceptionFilter>] => [
      choices.rules.find((r) => r.value === id)?.label ?? id,
      { rule: f.rule.filter((r) => r !== id) },
    ]),
    ...f.severity.map((s): [string, Partial<ExceptionFilter>] => [
      SEVERITY_WORDS[s] ?? s,
      { severity: f.severity.filter((other) => other !== s) },
    ]),
  ];
  if (f.blocking) chips.push([BLOCKING_WORDS[f.blocking] ?? f.blocking, { blocking: "" }]);
  if (f.client)
    chips.push([
      `Client: ${choices.clients.find((c) => c.value === f.client)?.label || f.client}`,
      { client: "" },
    ]);
  if (f.project)
    chips.push([
      `Project: ${it.rows.find((r) => r.project_key === f.project)?.project_name || f.project}`,
      { project: "" },
    ]);
  if (f.entity) chips.push([`Entity: ${f.entity}`, { entity: "" }]);
  if (f.owner) chips.push([f.owner === "none" ? "Owned by nobody" : `Owner: ${f.owner}`, { owner: "" }]);
  if (f.text) chips.push([`“${f.text}”`, { text: "" }]);
  if (f.min) chips.push([`At least ${f.min}`, { min: "" }]);
  if (f.ends) chips.push([`Ends within ${f.ends} days`, { ends: "" }]);
  if (chips.length === 0) return null;
  return (
    <ul className="chips" aria-label="Narrowed by">
      {chips.map(([words, without]) => (
        <li key={words}>
          <Link className="chip" to={queueLink(f, without)}>
            {words}
            <Icon name="cross" className="chip-cross" />
            <span className="hidden-text">, remove</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
