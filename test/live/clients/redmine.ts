/**
 * A small client of Redmine's REST API, for the tests' own hands. It shares nothing with the connector, so that the two cannot be
 * wrong together.
 */

export class RedmineRefused extends Error {
  constructor(
    readonly status: number,
    readonly errors: readonly string[],
    what: string,
  ) {
    super(`${what}: HTTP ${status} ${errors.join("; ")}`);
  }
}

export interface RedmineClient {
  readonly url: string;
  get<T>(path: string): Promise<T>;
  /** The created record, from under its own name: `post("/issues.json", { issue: {…} })` gives the issue. */
  post<T>(path: string, body: object): Promise<T>;
  /** PUT without looking back: Redmine answers 204 even for what it ignored. */
  put(path: string, body?: object): Promise<void>;
  delete(path: string): Promise<void>;
  /** Every record of a list, page by page. */
  all<T>(path: string, name: string): Promise<T[]>;
  /** The same server as somebody else; the key must be an administrator's. */
  as(login: string): RedmineClient;
}

/** A client that signs in with an API key, or with a login and password (`Basic`), as `authorization` says. */
export function openRedmine(url: string, auth: { apiKey: string } | { basic: string }): RedmineClient {
  return client(
    url,
    "apiKey" in auth
      ? { "x-redmine-api-key": auth.apiKey }
      : { authorization: `Basic ${Buffer.from(auth.basic).toString("base64")}` },
  );
}

function client(url: string, headers: Record<string, string>): RedmineClient {
  async function send(method: string, path: string, body?: object): Promise<unknown> {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { ...headers, ...(body ? { "content-type": "application/json" } : {}) },
      signal: AbortSignal.timeout(60_000),
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await response.text();
    const json: unknown =
      /json/.test(response.headers.get("content-type") ?? "") && text ? parsed(text) : null;
    if (response.ok) return json;
    const errors = (json as { errors?: string[] } | null)?.errors ?? [];
    throw new RedmineRefused(response.status, errors, `${method} ${path}`);
  }
  return {
    url,
    get: <T>(path: string) => send("GET", path) as Promise<T>,
    async post<T>(path: string, body: object) {
      const answer = (await send("POST", path, body)) as Record<string, T>;
      return Object.values(answer)[0] as T;
    },
    async put(path, body) {
      await send("PUT", path, body);
    },
    async delete(path) {
      await send("DELETE", path);
    },
    async all<T>(path: string, name: string) {
      const found: T[] = [];
      for (;;) {
        const page = (await send(
          "GET",
          `${path}${path.includes("?") ? "&" : "?"}limit=100&offset=${found.length}`,
        )) as { total_count?: number } & Record<string, T[]>;
        const rows = page[name] ?? [];
        found.push(...rows);
        // Short lists (trackers, statuses) come whole and without a count.
        if (rows.length === 0 || found.length >= (page.total_count ?? 0)) return found;
      }
    },
    as: (login) => client(url, { ...headers, "x-redmine-switch-user": login }),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
