/**
 * What this server has: which models and fields, found out once and remembered. A field of a module that is not active is left out; a
 * model that is not there at all is a mistake in the settings, and so is a name they give that does not exist.
 */
import { ConfigError } from "#core/errors";
import type { FieldInfo, Server } from "./client.ts";

export interface Models {
  server: Server;
  /**
   * Fields that come with an optional module, by model: left out where the server has none. Every other field must exist.
   */
  optional: Readonly<Record<string, readonly string[]>>;
  /** Of dotted paths from a model, those the server has; the first step that is missing, for each of the others. */
  split(
    model: string,
    paths: readonly string[],
    signal?: AbortSignal,
  ): Promise<{ there: string[]; missing: Missing[] }>;
}

export interface Missing {
  path: string;
  /** The model that lacks it. */
  model: string;
  field: string;
  /** It comes with a module that a firm may do without. */
  isOptional: boolean;
  /** It is there, and the user is not shown it: mostly because the user may not read what it points at. */
  isHidden: boolean;
  /** What the model has instead. */
  has: readonly string[];
}

/** Fields of modules that a firm may do without. */
const OPTIONAL: Readonly<Record<string, readonly string[]>> = {
  "party.party": ["sale_price_list"],
  "project.work": [
    "product",
    "list_price",
    "project_invoice_method",
    "constraint_start_date",
    "constraint_finish_date",
  ],
  "timesheet.line": ["invoice_line", "approval_state", "uuid"],
  "sale.opportunity": ["sales"],
};

export function modelsOf(server: Server): Models {
  return {
    server,
    optional: OPTIONAL,
    async split(model, paths, signal) {
      const there: string[] = [];
      const missing: Missing[] = [];
      for (const path of paths) {
        let at: string | null = model;
        let gap: Missing | null = null;
        for (const step of path.split(".")) {
          if (at === null) break;
          const here: string = at;
          const fields: ReadonlyMap<string, FieldInfo> | null = await server.fields(here, signal);
          // A model the user cannot see described is left to the read itself to refuse.
          if (fields === null) break;
          const info = fields.get(step);
          if (info === undefined) {
            gap = {
              path,
              model: here,
              field: step,
              isOptional: OPTIONAL[here]?.includes(step) ?? false,
              isHidden: await server.holds(here, step, signal),
              has: [...fields.keys()],
            };
            break;
          }
          at = info.relation;
        }
        if (gap === null) there.push(path);
        else missing.push(gap);
      }
      return { there, missing };
    },
  };
}

/** What of a stream's fields is to be asked for. Throws ConfigError when its model is not there, or a field that must be. */
export async function needed(
  models: Models,
  stream: { name: string; model: string; setting: string | null },
  paths: readonly string[],
  signal?: AbortSignal,
): Promise<string[]> {
  const { server } = models;
  if ((await server.fields(stream.model, signal)) === null)
    throw new ConfigError("tryton.no-model", `${server.name}: no model ${stream.model}`, {
      userMessage: `${server.name} has no ${stream.model}: the module it comes with is not activated there.${stream.setting === null ? " Activate it." : ` Activate it, or set ${stream.setting}: false for this source.`}`,
    });
  const { there, missing } = await models.split(stream.model, paths, signal);
  // A field that is only hidden must not be taken for one that is not there: time would seem never to be invoiced.
  const gap = missing.find((m) => m.isHidden || !m.isOptional);
  if (gap !== undefined)
    throw new ConfigError("tryton.no-field", `${server.name}: ${gap.model} has no ${gap.field}`, {
      userMessage: sayGap(server.name, stream.name, gap),
    });
  return there;
}

/** Which name is missing, where, and what there is instead. */
export function sayGap(server: string, what: string, gap: Missing): string {
  if (gap.isHidden)
    return `${server}: ${what} needs ${gap.path}, and the integration's user is not shown ${gap.field} of ${gap.model}, mostly because it may not read what that points at. Give the user the groups listed in docs/connect/tryton.md.`;
  return `${server}: ${what} needs ${gap.path}, and ${gap.model} has no field "${gap.field}". It has ${closest(gap.field, gap.has)}. Correct the name in the settings, or activate the module it comes with.`;
}

const MOST_SAID = 12;

/** Some of the names there are, those most like the one that was looked for first. */
export function closest(name: string, names: readonly string[]): string {
  const nearest = names
    .map((n) => ({ n, far: distance(name, n) }))
    .sort((a, b) => a.far - b.far || (a.n < b.n ? -1 : 1))
    .slice(0, MOST_SAID)
    .map(({ n }) => n);
  return nearest.join(", ") + (names.length > nearest.length ? " and others" : "");
}

/** How many letters have to be added, taken away or replaced to get from one name to the other. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, n) => n);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(
        Math.min(
          (row[j] ?? 0) + 1,
          (next[j - 1] ?? 0) + 1,
          (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1),
        ),
      );
    row = next;
  }
  return row[b.length] ?? 0;
}
