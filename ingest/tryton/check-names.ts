/** The parts of the connection check that look at names in the settings, agreed keys, change logs and rights. */
import { sayError } from "#core/errors";
import type { Role } from "#core/roles";
import type { CheckResult, Stream } from "../connector.ts";
import { isObject } from "../payload.ts";
import type { Attempt } from "./check.ts";
import type { Row, Server } from "./client.ts";
import { keepsHistory } from "./history-kept.ts";
import { linkOf } from "./link.ts";
import { reads } from "./model-stream.ts";
import { closest, type Models, sayGap } from "./models.ts";

type Found = Omit<CheckResult, "what">;

/** What the add-on calls its approval field; nothing is amiss without it. */
const ADD_ON_FIELD = "approval_state";

/** Whether each name the settings give exists. */
export async function checkSettings(
  server: Server,
  models: Models,
  role: Role,
  attempt: Attempt,
): Promise<void> {
  const s = server.settings;
  await attempt("Setting roleName", async (): Promise<Found> => {
    const { missing } = await models.split("product.product", [s.roleName]);
    const gap = missing[0];
    return gap === undefined
      ? { ok: true, message: `A product's role is its ${s.roleName}.` }
      : { ok: false, message: sayGap(server.name, "the setting roleName", gap) };
  });
  if (role !== "erp") return;
  await attempt("Setting approvalField", async (): Promise<Found> => {
    const name = s.approvalField ?? ADD_ON_FIELD;
    const fields = await server.fields("timesheet.line");
    const field = fields?.get(name);
    if (field === undefined)
      return s.approvalField === null
        ? { ok: true, message: "Time lines hold no approval there: every line counts as approved." }
        : {
            ok: false,
            message: `timesheet.line has no field "${name}". It has ${closest(name, [...(fields?.keys() ?? [])])}. Correct the setting approvalField, or leave it out.`,
          };
    const named = [...s.rejectedTimeStatuses, ...(s.postedTimeStatus === null ? [] : [s.postedTimeStatus])];
    const unknown = named.filter((v) => !field.selection.includes(v));
    return field.selection.length === 0 || unknown.length === 0
      ? { ok: true, message: `Time lines hold their approval in ${name}.` }
      : {
          ok: false,
          message: `${name} of timesheet.line has no value ${unknown.join(", ")}. It has ${field.selection.filter(Boolean).join(", ")}. Correct rejectedTimeStatuses and postedTimeStatus.`,
        };
  });
  await attempt("Setting closedProjectStatuses", async (): Promise<Found> => {
    const rows = await find(server, "project.work.status", [], ["name"]);
    const names = rows.map((r) => String(r.name));
    const closed = names.filter((n) => s.closedProjectStatuses.includes(n));
    return closed.length > 0
      ? { ok: true, message: `A project is over when its status is ${closed.join(" or ")}.` }
      : {
          ok: false,
          message: `None of ${s.closedProjectStatuses.join(", ")} is a status of projects there, so none would ever count as closed. There are ${names.join(", ")}. Correct closedProjectStatuses; names are read in the language "${s.language}".`,
        };
  });
}

/** How many projects, tasks and time lines carry the key all systems agree on. */
export async function checkAgreed(server: Server, attempt: Attempt): Promise<void> {
  const s = server.settings;
  const link = linkOf(s);
  await attempt("Links of projects and tasks", async () => {
    const company = await server.company();
    const rows = await find(server, "project.work", [["company", "=", company]], ["type", s.link.field]);
    const tell = (type: string) => {
      const all = rows.filter((r) => r.type === type);
      const keyed = all.filter((r) => link.keyOf(String(r[s.link.field] ?? "")) !== null);
      return { all: all.length, keyed: keyed.length, text: `${keyed.length} of ${all.length} ${type}s` };
    };
    const [projects, tasks] = [tell("project"), tell("task")];
    const ok = projects.all === 0 || projects.keyed > 0;
    const found = `${projects.text} and ${tasks.text} carry an agreed key in their ${s.link.field}.`;
    return {
      ok,
      message: ok
        ? found
        : `${found} Without it no project can be found in the other systems: write it as ${s.link.write.replace("{key}", "key").replace("{name}", "Name")}, or correct the setting link.`,
    };
  });
  await attempt("Links of time", async () => {
    const company = ["company", "=", await server.company()];
    const count = (domain: readonly unknown[]) =>
      server.call<number>("timesheet.line", "search_count", [domain], reads(undefined, s.language));
    const all = await count([company]);
    const linked = await count([company, ["uuid", "like", `${escaped(s.timeUuidPrefix)}%`]]);
    return {
      ok: true,
      message: `${linked} of ${all} time lines carry the PSA's id, as ${s.timeUuidPrefix}… in their UUID.`,
    };
  });
}

/** Which changes can be seen, and of which only the result. */
export async function checkLogs(server: Server, streams: readonly Stream[], attempt: Attempt): Promise<void> {
  await attempt("Change logs", async () => {
    const seen: string[] = [];
    const unseen: string[] = [];
    const refused: string[] = [];
    for (const { name, yields } of streams) {
      if (yields !== "change") continue;
      const model = name.replace(/\.history$/, "");
      try {
        const kept = await keepsHistory(server, model);
        if (kept === "none") unseen.push(model);
        else seen.push(`${model} (${kept === "add-on" ? "the add-on's log" : "its row history"})`);
      } catch (error) {
        refused.push(`${model}: ${sayError(error)}`);
      }
    }
    const parts = [
      seen.length === 0 ? "" : `Who changed what is known for ${seen.join(", ")}.`,
      unseen.length === 0
        ? ""
        : `Row history is off for ${unseen.join(", ")}: when these were changed, or approved, and by whom cannot be seen, and times derived from it are upper bounds.`,
    ];
    return { ok: refused.length === 0, message: [...parts, ...refused].filter(Boolean).join(" ") };
  });
}

const CORRECTIONS: Readonly<Record<string, readonly ("write" | "create" | "delete")[]>> = {
  "project.work": ["write", "create", "delete"],
  "timesheet.line": ["write", "create", "delete"],
  "project.allocation": ["write"],
  "product.price_list.line": ["write"],
  "account.invoice.line": ["write"],
};

/** Whether the user may make the corrections that can be pushed. */
export async function checkRights(server: Server, attempt: Attempt): Promise<void> {
  await attempt("Corrections", async () => {
    const there = await server.models(Object.keys(CORRECTIONS));
    const rights = await server.call<Row>("ir.model.access", "get_access", [[...there]], {
      purpose: "read",
      retry: "read",
    });
    const denied = Object.entries(CORRECTIONS).flatMap(([model, actions]) => {
      const held = rights[model];
      return there.has(model) && isObject(held)
        ? actions.filter((a) => !held[a]).map((a) => `${a} ${model}`)
        : [];
    });
    return denied.length === 0
      ? { ok: true, message: "The integration's user may make every correction." }
      : {
          ok: false,
          message: `The integration's user may not ${denied.join(", ")}, so corrections that need it will be refused. Add the groups listed in docs/connect/tryton.md, or set readOnly: true for this source.`,
        };
  });
}

function find(server: Server, model: string, domain: readonly unknown[], fields: readonly string[]) {
  return server.call<Row[]>(
    model,
    "search_read",
    [domain, 0, null, [["id", "ASC"]], [...fields]],
    reads(undefined, server.settings.language),
  );
}

/** A prefix as it stands in a pattern of the vendor's. */
const escaped = (text: string) => text.replace(/[\\%_]/g, "\\$&");
