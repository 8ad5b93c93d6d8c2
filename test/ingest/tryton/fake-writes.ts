/**
 * A Tryton server as a writer meets it, over real HTTP: sessions, stamps that a write must match, and the rules of the modules
 * whose records Plumbline writes. Its words are those of release 6.0. Reading is as much of search_read as the writer asks for.
 */
import type { Clock } from "#core/time";
import { type HttpReply, startVendorServer, type VendorServer } from "#sandbox/http-server";

import { type FieldSpec, queriesOver, type Row, UnknownName } from "./fake-domain.ts";
import { blank, checkRules, describe, isCommands, notAllowed, Refused, SCHEMA } from "./fake-writes-rules.ts";

export interface FakeTryton {
  server: VendorServer;
  /** Puts a record as it is, past all rules. */
  put(model: string, values: Row): number;
  row(model: string, id: number): Row;
  rows(model: string): Row[];
  /** Changes a record as another person would: its stamp moves. */
  touch(model: string, id: number, values: Row): void;
  remove(model: string, id: number): void;
  /** Every session ends. */
  expire(): void;
  /** Values written to this field are taken and dropped. */
  forget(field: string): void;
  /** Leaves a model or field out, as when its module is not active. */
  without(model: string, field?: string): void;
  /** Runs before the next write is carried out, as when two come at once. */
  beforeNextWrite(act: () => void): void;
  /** The next write is carried out, and answered with this error all the same. */
  beforeNextAnswer(error: unknown[]): void;
  /** Methods called, `timesheet.line.create`. */
  calls: string[];
}

export const PASSWORD = "right-pass";

type Json = unknown;
interface Context {
  _timestamp?: Record<string, string>;
}

export async function startFakeTryton(clock: Clock): Promise<FakeTryton> {
  const tables = new Map<string, Map<number, Row>>(Object.keys(SCHEMA).map((m) => [m, new Map()]));
  const absent = new Set<string>();
  const forgotten = new Set<string>();
  const calls: string[] = [];
  let session = 0;
  let stamp = 1_795_000_000_000_000;
  let before: (() => void) | null = null;
  let afterwards: unknown[] | null = null;

  const table = (model: string): Map<number, Row> => {
    const found = tables.get(model);
    if (found === undefined || absent.has(model)) throw new UnknownName(model);
    return found;
  };
  const stamped = () => {
    stamp += 1000;
    const text = String(stamp);
    return `${text.slice(0, -6)}.${text.slice(-6)}`;
  };
  const put = (model: string, values: Row): number => {
    const all = table(model);
    const id = Math.max(0, ...all.keys()) + 1;
    all.set(id, { ...blank(model), ...values, id, _timestamp: stamped() });
    return id;
  };
  const row = (model: string, id: number): Row => {
    const found = table(model).get(id);
    if (found === undefined) throw new Error(`No ${model} ${id}`);
    return found;
  };
  const rows = (model: string) => [...table(model).values()];
  const world = { rows, row, put };

  const specOf = (model: string, name: string): FieldSpec | undefined =>
    name === "id" || name === "_timestamp"
      ? { type: "char" }
      : absent.has(`${model}.${name}`)
        ? undefined
        : SCHEMA[model]?.[name];
  /** A record with its lists, which are what points at it. */
  const whole = (model: string, of: Row): Row => {
    const lists = Object.entries(SCHEMA[model] ?? {}).flatMap(([name, { inverse, relation }]) =>
      inverse === undefined
        ? []
        : [
            [
              name,
              rows(relation ?? "")
                .filter((r) => r[inverse] === of.id || r[inverse] === `${model},${String(of.id)}`)
                .map((r) => r.id),
            ],
          ],
    );
    return { ...of, ...(Object.fromEntries(lists) as Row) };
  };
  const { read, matches } = queriesOver({
    fieldOf: specOf,
    row: (model, id) => {
      const found = table(model).get(id);
      return found && whole(model, found);
    },
  });
  const known = (model: string, values: Row) => {
    for (const name of Object.keys(values))
      if (specOf(model, name) === undefined) throw new UnknownName(name);
  };

  const search = (model: string, domain: Json) =>
    [...table(model).values()]
      .map((r) => whole(model, r))
      .filter((r) => matches(model, r, domain))
      .sort((a, b) => Number(a.id) - Number(b.id));
  const guard = (model: string, ids: readonly number[], context: Context) => {
    for (const id of ids) {
      const sent = context._timestamp?.[`${model},${id}`];
      const held = table(model).get(id);
      if (sent !== undefined && held !== undefined && held._timestamp !== sent)
        throw new Refused(["ConcurrencyException", "Records were modified in the meanwhile"]);
    }
  };
  const create = (model: string, values: Row): number => {
    known(model, values);
    const made = { ...blank(model), ...values };
    checkRules(world, "create", model, null, made);
    const id = put(model, kept(made));
    if (model === "project.work" && made.timesheet_available === true)
      put("timesheet.work", { origin: `project.work,${id}` });
    return id;
  };
  const write = (model: string, ids: readonly number[], values: Row, context: Context): void => {
    known(model, values);
    checkRules(world, "write", model, ids, values);
    guard(model, ids, context);
    for (const id of ids) {
      const held = table(model).get(id);
      if (held === undefined) throw new Refused(notAllowed(model, id));
      table(model).set(id, { ...held, ...kept(values), _timestamp: stamped() });
      for (const [name, commands] of Object.entries(values)) {
        const relation =
          SCHEMA[model]?.[name]?.inverse === undefined ? null : SCHEMA[model]?.[name]?.relation;
        if (relation)
          for (const [, inner, changes] of commands as ["write", number[], Row][])
            write(relation, inner, changes, context);
      }
    }
  };
  const kept = (values: Row): Row =>
    Object.fromEntries(Object.entries(values).filter(([name, v]) => !forgotten.has(name) && !isCommands(v)));

  /** One call in one transaction: what it did before it was refused is undone. */
  const carriedOut = (model: string, method: string, args: Json[], context: Context): Json => {
    if (method === "search_read") {
      const [domain, offset, limit, , fields] = args as [Json, number, number | null, Json, string[]];
      return search(model, domain)
        .slice(offset, limit === null ? undefined : offset + limit)
        .map((r) => read(model, r, fields));
    }
    if (method === "search_count") return search(model, args[0]).length;
    if (method === "fields_get") return describe(model, absent);
    if (method === "get_preferences") return { company: 1 };
    const act = before;
    before = null;
    act?.();
    const saved = new Map([...tables].map(([name, t]) => [name, new Map(t)]));
    try {
      if (method === "create") return (args[0] as Row[]).map((values) => create(model, values));
      const ids = args[0] as number[];
      if (method === "write") {
        write(model, ids, args[1] as Row, context);
        return null;
      }
      checkRules(world, "delete", model, ids, {});
      guard(model, ids, context);
      for (const id of ids) table(model).delete(id);
      return null;
    } catch (error) {
      for (const [name, t] of saved) tables.set(name, t);
      throw error;
    }
  };

  const handle = (request: { headers: { authorization?: string | undefined }; body: string }): HttpReply => {
    const { id, method, params } = JSON.parse(request.body) as { id: number; method: string; params: Json[] };
    if (method === "common.db.login") {
      const [, given] = params as [string, { password: string }];
      if (given.password !== PASSWORD) return door(401);
      session++;
      return { status: 200, body: { id, result: [1, `session-${session}`] } };
    }
    const [, sent = ""] = /^Session (.+)$/.exec(request.headers.authorization ?? "") ?? [];
    if (Buffer.from(sent, "base64").toString() !== `integration:1:session-${session}`) return door(401);
    const [, model = "", name = ""] = /^model\.(.+)\.([a-z_]+)$/.exec(method) ?? [];
    calls.push(`${model}.${name}`);
    try {
      const context = (params.at(-1) ?? {}) as Context;
      if (model === "ir.model" && name === "search_read")
        return {
          status: 200,
          body: {
            id,
            result: Object.keys(SCHEMA)
              .filter((m) => !absent.has(m))
              .map((m) => ({ model: m })),
          },
        };
      if (model === "ir.model.field" && name === "search_count") {
        const [[, , of], [, , field]] = params[0] as [Json[], Json[]];
        const there = String(field) in (SCHEMA[String(of)] ?? {}) && !absent.has(`${of}.${field}`);
        return { status: 200, body: { id, result: there ? 1 : 0 } };
      }
      const result = carriedOut(model, name, params.slice(0, -1), context);
      const error = name === "write" ? afterwards : null;
      if (error !== null) afterwards = null;
      return { status: 200, body: error === null ? { id, result } : { id, error } };
    } catch (error) {
      if (error instanceof UnknownName)
        return { status: 200, body: { id, error: [`'${error.message}'`, ""] } };
      if (error instanceof Refused) return { status: 200, body: { id, error: error.answer } };
      throw error;
    }
  };

  const server = await startVendorServer({
    clock,
    rowsField: "result",
    words: {
      unauthorized: () => door(401),
      tooManyRequests: () => door(429),
      serverError: (status) => door(status),
    },
    handle,
  });
  return {
    server,
    put,
    row,
    rows,
    calls,
    touch: (model, id, values) => {
      table(model).set(id, { ...row(model, id), ...values, _timestamp: stamped() });
    },
    remove: (model, id) => void table(model).delete(id),
    beforeNextAnswer: (error) => {
      afterwards = error;
    },
    expire: () => {
      session++;
    },
    forget: (field) => void forgotten.add(field),
    without: (model, field) => void absent.add(field === undefined ? model : `${model}.${field}`),
    beforeNextWrite: (act) => {
      before = act;
    },
  };
}

function door(status: number): HttpReply {
  return {
    status,
    headers: { "content-type": "text/html; charset=utf-8" },
    body: `<!doctype html>\n<title>${status}</title>`,
  };
}
