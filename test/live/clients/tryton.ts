/**
 * A small client of Tryton's JSON-RPC, for the tests' own hands: it sets systems up, changes them as the firm's people would, and
 * looks at what a push really did. It shares nothing with the connector, so that the two cannot be wrong together.
 */

/** What the server refused, in its own words. `kind` is its class: UserError, UserWarning, ConcurrencyException. */
export class TrytonRefused extends Error {
  constructor(
    readonly kind: string,
    message: string,
    readonly method: string,
  ) {
    super(`${method}: ${kind}: ${message}`);
  }
}

export interface TrytonClient {
  /** The user's preferences, sent with every call: company, language. */
  readonly context: Record<string, unknown>;
  readonly uid: number;
  /** One call with the context as its last parameter; `over` is added to that context. */
  call<T>(model: string, method: string, args: readonly unknown[], over?: object): Promise<T>;
  create(model: string, ...values: object[]): Promise<number[]>;
  write(model: string, ids: readonly number[], values: object): Promise<void>;
  delete(model: string, ids: readonly number[]): Promise<void>;
  read<T = Row>(model: string, ids: readonly number[], fields: readonly string[]): Promise<T[]>;
  /** All matching records by id; a domain as Tryton takes it. */
  find<T = Row>(model: string, domain: readonly unknown[], fields: readonly string[]): Promise<T[]>;
  /** The only record that matches; throws when there are none or several. */
  one<T = Row>(model: string, domain: readonly unknown[], fields: readonly string[]): Promise<T>;
  /** Run a wizard through its states: [["account", {}], ["create_account", {account: {…}}]]. */
  wizard(name: string, states: readonly (readonly [string, object])[]): Promise<void>;
  /** Read the preferences again, after the user's company or employee changed. */
  refresh(): Promise<void>;
}

export type Row = Record<string, unknown> & { id: number };

export interface TrytonLogin {
  url: string;
  database: string;
  username: string;
  password: string;
}

/** Sign in. Throws Error with the HTTP status where the login is refused. */
export async function openTryton(login: TrytonLogin): Promise<TrytonClient> {
  const address = `${login.url}/${login.database}/`;
  let authorization: string | null = null;
  let sent = 0;
  async function rpc<T>(method: string, params: readonly unknown[]): Promise<T> {
    const response = await fetch(address, {
      method: "POST",
      headers: { "content-type": "application/json", ...(authorization ? { authorization } : {}) },
      body: JSON.stringify({ id: ++sent, method, params }),
      signal: AbortSignal.timeout(120_000),
    });
    const text = await response.text();
    if (response.status !== 200) throw new Error(`${method}: HTTP ${response.status} ${text.slice(0, 300)}`);
    const answer = JSON.parse(text) as { result?: T; error?: unknown[] };
    if (answer.error === undefined) return answer.result as T;
    const [kind, detail] = answer.error;
    throw new TrytonRefused(String(kind), Array.isArray(detail) ? String(detail[0]) : String(detail), method);
  }

  const [uid, key] = await rpc<[number, string]>("common.db.login", [
    login.username,
    { password: login.password },
  ]);
  authorization = `Session ${Buffer.from(`${login.username}:${uid}:${key}`).toString("base64")}`;
  const context: Record<string, unknown> = {};
  const call = <T>(model: string, method: string, args: readonly unknown[], over: object = {}) =>
    rpc<T>(`model.${model}.${method}`, [...args, { ...context, ...over }]);

  const client: TrytonClient = {
    context,
    uid,
    call,
    create: (model, ...values) => call(model, "create", [values]),
    write: (model, ids, values) => call(model, "write", [ids, values]),
    delete: (model, ids) => call(model, "delete", [ids]),
    read: (model, ids, fields) => call(model, "read", [ids, fields]),
    find: (model, domain, fields) => call(model, "search_read", [domain, 0, null, [["id", "ASC"]], fields]),
    async one<T>(model: string, domain: readonly unknown[], fields: readonly string[]) {
      const found = await client.find<T>(model, domain, fields);
      if (found.length !== 1 || found[0] === undefined)
        throw new Error(`${found.length} records of ${model} match ${JSON.stringify(domain)}, not one`);
      return found[0];
    },
    async wizard(name, states) {
      const [session] = await rpc<[number]>(`wizard.${name}.create`, [context]);
      for (const [state, data] of states)
        await rpc(`wizard.${name}.execute`, [session, data, state, context]);
      await rpc(`wizard.${name}.delete`, [session, context]);
    },
    async refresh() {
      Object.assign(context, await rpc<object>("model.res.user.get_preferences", [true, {}]));
    },
  };
  await client.refresh();
  return client;
}

/** Exact decimal text as Tryton takes it. */
export const decimal = (text: string) => ({ __class__: "Decimal", decimal: text });

/** `YYYY-MM-DD` as Tryton takes it. */
export function date(text: string) {
  const [year, month, day] = text.split("-").map(Number);
  return { __class__: "date", year, month, day };
}

export const duration = (seconds: number) => ({ __class__: "timedelta", seconds });
