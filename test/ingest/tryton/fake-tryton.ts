/**
 * A Tryton server as a reader meets it, over real HTTP: sessions, the context every call ends with, searches, and what it says when
 * it will not. What it holds is what a real one held, recorded in fixtures/tables.json.
 */
import { readFileSync } from "node:fs";
import type { Clock, Instant } from "#core/time";
import { datetimeForm, microInstantOf } from "#ingest/tryton/values";
import { type HttpReply, type HttpRequest, startVendorServer, type VendorServer } from "#sandbox/http-server";
import { type FieldSpec, queriesOver, type Row, UnknownName } from "./fake-domain.ts";

export const PASSWORD = "a-right-password";
export const DATABASE = "erp";

interface Past {
  at: unknown;
  id: number;
  user: string;
  columns: Row;
}
interface Table {
  fields: Record<string, FieldSpec>;
  rows: Row[];
  /** Row history, oldest first; a model without it keeps none. */
  history?: Past[];
}

export interface FakeTryton {
  server: VendorServer;
  rows(model: string): Row[];
  /** Makes or changes a record at a time; returns its id. */
  put(model: string, values: Row, at: Instant): number;
  /** Deletes without a trace. */
  remove(model: string, id: number): void;
  /** Adds a model, as an add-on does. */
  add(model: string, fields: Record<string, FieldSpec>): void;
  /** Takes a model or a field away, as when its module is not active. */
  without(model: string, field?: string): void;
  /** Refuses a model; what points at it is not shown either. */
  forbid(model: string): void;
  /** Every session ends. */
  expire(): void;
  /** How often a method was called: `common.db.login`, `timesheet.line.search_read`. */
  called(method: string): number;
}

/** An answer of status 200 with an error. */
class Refused extends Error {
  readonly answer: readonly unknown[];
  constructor(answer: readonly unknown[]) {
    super(JSON.stringify(answer));
    this.answer = answer;
  }
}
class AtTheDoor extends Error {
  readonly status: number;
  constructor(status: number) {
    super(String(status));
    this.status = status;
  }
}

const page = (status: number): HttpReply => ({
  status,
  headers: { "content-type": "text/html; charset=utf-8" },
  body: `<!doctype html>\n<html lang=en>\n<title>${status}</title>\n`,
});
const forbidden = (model: string) =>
  new Refused(["UserError", [`You are not allowed to access "${model}".`, "", null]]);

export async function startFakeTryton(clock: Clock): Promise<FakeTryton> {
  const text = readFileSync(new URL("./fixtures/tables.json", import.meta.url), "utf8");
  const tables = new Map(Object.entries(JSON.parse(text) as Record<string, Table>));
  const refused = new Set<string>();
  const calls = new Map<string, number>();
  let session = 0;
  let wrongPasswords = 0;

  const table = (model: string): Table => {
    const found = tables.get(model);
    if (found === undefined) throw new UnknownName(model);
    if (refused.has(model)) throw forbidden(model);
    return found;
  };
  const isShown = ({ relation }: FieldSpec) => relation === undefined || !refused.has(relation);
  const { read, matches } = queriesOver({
    fieldOf: (model, name) => (name === "rec_name" ? { type: "char" } : table(model).fields[name]),
    row: (model, id) => table(model).rows.find((r) => r.id === id),
  });

  /** Rows as of the context's time where it names one and the model keeps its past. */
  const rowsAt = (model: string, context: Row): readonly Row[] => {
    const { rows, history } = table(model);
    const at = microInstantOf(context._datetime);
    if (at === null || history === undefined) return rows;
    const newest = new Map<number, Row>();
    for (const past of history) if ((microInstantOf(past.at) ?? "") <= at) newest.set(past.id, past.columns);
    return [...newest.values()];
  };
  const search = (model: string, args: readonly unknown[], context: Row): Row[] => {
    const [domain, offset = 0, limit = null, order = null] = args as [unknown, number?, number?, unknown?];
    const archived = context.active_test === false || table(model).fields.active === undefined;
    const found = rowsAt(model, context).filter(
      (r) => (archived || r.active !== false) && matches(model, r, domain),
    );
    if (order !== null && JSON.stringify(order) !== '[["id","ASC"]]')
      throw new Error("The fake orders by id");
    found.sort((a, b) => Number(a.id) - Number(b.id));
    return found.slice(offset, limit === null ? undefined : offset + limit);
  };

  const models: Record<string, (args: readonly unknown[], context: Row, model: string) => unknown> = {
    search_read(args, context, model) {
      const paths = (args[4] as string[] | undefined) ?? [];
      return search(model, args, context).map((r) => read(model, r, paths));
    },
    search: (args, context, model) => search(model, args, context).map((r) => r.id),
    search_count: (args, context, model) => search(model, [args[0]], context).length,
    fields_get(_args, _context, model) {
      const shown = Object.entries(table(model).fields).filter(([, f]) => isShown(f));
      return Object.fromEntries(
        shown.map(([name, { selection, ...f }]) => [
          name,
          { name, ...f, ...(selection ? { selection: selection.map((v) => [v, v]) } : {}) },
        ]),
      );
    },
    history_revisions([ids], _context, model) {
      const { history } = table(model);
      if (history === undefined) throw new Refused(["No history table", ""]);
      const of = history.filter((p) => (ids as number[]).includes(p.id));
      return of.map((p) => [p.at, p.id, p.user]).toReversed();
    },
  };
  const special: Record<string, (args: readonly unknown[]) => unknown> = {
    "res.user.get_preferences": () => ({ company: 1, language: "en", employee: 1 }),
    "ir.model.access.get_access": ([names]) => {
      const rights = { read: true, write: true, create: true, delete: true };
      return Object.fromEntries((names as string[]).map((m) => [m, rights]));
    },
    "ir.model.search_read": ([domain]) => {
      const wanted = (domain as [[string, string, string[]]])[0][2];
      return wanted.filter((m) => tables.has(m)).map((model, id) => ({ id, model }));
    },
    "ir.model.search": () => [1],
    "ir.model.field.search_count": ([domain]) => {
      const [[, , model], [, , field]] = domain as [[string, string, string], [string, string, string]];
      return tables.get(model)?.fields[field] === undefined ? 0 : 1;
    },
  };

  const dispatch = (method: string, params: readonly unknown[]): unknown => {
    if (!method.startsWith("model.")) throw new AtTheDoor(403);
    const name = method.slice("model.".length);
    calls.set(name, (calls.get(name) ?? 0) + 1);
    const context = params.at(-1);
    if (typeof context !== "object" || context === null || Array.isArray(context))
      throw new Refused(["Missing context argument", ""]);
    const args = params.slice(0, -1);
    const own = special[name];
    if (own !== undefined) return own(args);
    const dot = name.lastIndexOf(".");
    const model = name.slice(0, dot);
    table(model);
    const shared = models[name.slice(dot + 1)];
    if (shared === undefined) throw new AtTheDoor(403);
    return shared(args, context as Row, model);
  };

  const logIn = ([user, parameters]: readonly unknown[]): unknown => {
    calls.set("common.db.login", (calls.get("common.db.login") ?? 0) + 1);
    if (wrongPasswords >= 5) throw new AtTheDoor(429);
    if (user !== "integration" || (parameters as { password?: string }).password !== PASSWORD) {
      wrongPasswords++;
      throw new AtTheDoor(401);
    }
    return [7, `session-${session}`];
  };

  const handle = (request: HttpRequest): HttpReply => {
    const { id, method, params } = JSON.parse(request.body) as {
      id: number;
      method: string;
      params: unknown[];
    };
    try {
      if (request.path === "/") return { status: 200, body: { id, result: "6.0.29" } };
      if (request.path !== `/${DATABASE}/`) return page(404);
      if (method === "common.db.login") return { status: 200, body: { id, result: logIn(params) } };
      const given = Buffer.from(request.headers.authorization?.replace("Session ", "") ?? "", "base64");
      if (given.toString() !== `integration:7:session-${session}`) return { status: 401 };
      return { status: 200, body: { id, result: dispatch(method, params) } };
    } catch (error) {
      if (error instanceof AtTheDoor) return page(error.status);
      if (error instanceof UnknownName)
        return { status: 200, body: { id, error: [`'${error.message}'`, ""] } };
      if (error instanceof Refused) return { status: 200, body: { id, error: error.answer } };
      throw error;
    }
  };
  const server = await startVendorServer({
    clock,
    rowsField: "result",
    words: { unauthorized: () => ({ status: 401 }), tooManyRequests: () => page(429), serverError: page },
    handle,
  });

  return {
    server,
    rows: (model) => tables.get(model)?.rows ?? [],
    put(model, values, at) {
      const { rows, fields, history } = table(model);
      const keep = (row: Row) =>
        history?.push({
          at: datetimeForm(at),
          id: Number(row.id),
          user: "Administrator",
          columns: { ...row },
        });
      const there = rows.find((r) => r.id === values.id);
      if (there !== undefined) {
        Object.assign(there, values, { write_date: datetimeForm(at) });
        keep(there);
        return Number(there.id);
      }
      const id = Number(values.id ?? Math.max(0, ...rows.map((r) => Number(r.id))) + 1);
      const blank = Object.fromEntries(Object.keys(fields).map((f) => [f, null]));
      const made = { ...blank, ...values, id, create_date: datetimeForm(at), write_date: null };
      rows.push(made);
      keep(made);
      return id;
    },
    remove(model, id) {
      const t = table(model);
      t.rows = t.rows.filter((r) => r.id !== id);
    },
    add: (model, fields) => tables.set(model, { fields, rows: [] }),
    without(model, field) {
      if (field === undefined) tables.delete(model);
      else delete table(model).fields[field];
    },
    forbid: (model) => refused.add(model),
    expire() {
      session++;
    },
    called: (method) => calls.get(method) ?? 0,
  };
}
