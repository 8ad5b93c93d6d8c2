/** An org over real HTTP for these tests, on a clock that moves only when told to, with the few rows most tests need. */
import { type Clock, manualClock } from "#core/time";
import { createOrg, type Org, type OrgOptions } from "#sandbox/salesforce/org";
import { type SalesforceServer, startSalesforce } from "#sandbox/salesforce/server";
import type { Row } from "#sandbox/vendor-store";

export const NOW = "2026-11-20T10:00:00.000Z";
export const CLIENT = { id: "3MVG9plumbline", secret: "a-secret-for-tests" };
export const DATA = "/services/data/v66.0";

export interface Answer {
  status: number;
  headers: Headers;
  /** Parsed JSON; undefined when there is no body. */
  body: unknown;
}

export interface TestOrg {
  org: Org;
  server: SalesforceServer;
  clock: Clock & { advance(ms: number): void; set(at: string): void };
  /** Calls with a live token; paths start after the host. */
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  query(soql: string, resource?: "query" | "queryAll"): Promise<QueryPage>;
  login(): Promise<string>;
  /** Writes as the firm's staff would, at an instant. */
  write(type: string, id: string | null, fields: Row, at?: string, visibleAt?: string): string;
  close(): Promise<void>;
}

export interface QueryPage {
  totalSize: number;
  done: boolean;
  nextRecordsUrl?: string;
  records: (Row & { attributes: { type: string; url: string } })[];
}

/** A user id the org need not know. */
export const STAFF = "005Hs0000000000IAA";

export async function startTestOrg(options: Partial<OrgOptions> = {}): Promise<TestOrg> {
  const clock = manualClock(NOW);
  const org = createOrg({ clock, client: CLIENT, ...options });
  const server = await startSalesforce(org);
  let token = "";

  async function login(): Promise<string> {
    const answer = await send(`${server.url}/services/oauth2/token`, {
      method: "POST",
      body: new URLSearchParams({
        grant_type: "client_credentials",
        client_id: CLIENT.id,
        client_secret: CLIENT.secret,
      }),
    });
    token = (answer.body as { access_token: string }).access_token;
    return token;
  }
  await login();

  const call: TestOrg["call"] = (method, path, body, headers = {}) =>
    send(`${server.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });

  return {
    org,
    server,
    clock,
    call,
    login,
    async query(soql, resource = "query") {
      const answer = await call("GET", `${DATA}/${resource}?q=${encodeURIComponent(soql)}`);
      if (answer.status !== 200) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
      return answer.body as QueryPage;
    },
    write: (type, id, fields, at = "2026-11-01T08:00:00Z", visibleAt) =>
      org.write(type, id, fields, {
        at: Date.parse(at),
        by: STAFF,
        ...(visibleAt === undefined ? {} : { visibleAt: Date.parse(visibleAt) }),
      }),
    close: server.close,
  };
}

async function send(url: string, init: RequestInit): Promise<Answer> {
  const response = await fetch(url, init);
  const text = await response.text();
  const isJson = (response.headers.get("content-type") ?? "").includes("json");
  return {
    status: response.status,
    headers: response.headers,
    body: text === "" ? undefined : isJson ? JSON.parse(text) : text,
  };
}

export interface Staffed {
  account: string;
  project: string;
  person: string;
  schedule: string;
  assignment: string;
}

/** A client with one active billable project and one person booked on it full time for November. */
export function staff(t: TestOrg): Staffed {
  const account = t.write("Account", null, { Name: "Northwind Clinics", AccountNumber: "C-10442" });
  const project = t.write("pse__Proj__c", null, {
    Name: "EHR rollout",
    Project_Code__c: "NWC-014",
    pse__Account__c: account,
    pse__Is_Active__c: true,
    pse__Is_Billable__c: true,
    pse__Start_Date__c: "2026-10-01",
    pse__End_Date__c: "2027-03-31",
  });
  const person = t.write("Contact", null, {
    FirstName: "Dana",
    LastName: "Whitfield",
    pse__Is_Resource__c: true,
    pse__Is_Resource_Active__c: true,
    pse__ERP_Worker_Correlation_Id__c: "E-2071",
  });
  const schedule = t.write("pse__Schedule__c", null, {
    pse__Start_Date__c: "2026-11-02",
    pse__End_Date__c: "2026-11-29",
    ...Object.fromEntries(
      ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"].map((d) => [`pse__${d}_Hours__c`, "8"]),
    ),
    pse__Saturday_Hours__c: "0",
    pse__Sunday_Hours__c: "0",
  });
  const assignment = t.write("pse__Assignment__c", null, {
    Name: "Dana on EHR",
    pse__Project__c: project,
    pse__Resource__c: person,
    pse__Schedule__c: schedule,
    pse__Role__c: "Senior Consultant",
    pse__Is_Billable__c: true,
    pse__Bill_Rate__c: "225.00",
    pse__Status__c: "Scheduled",
  });
  return { account, project, person, schedule, assignment };
}

/** The error codes of a failed call, in order. */
export function codes(answer: Answer): string[] {
  return (answer.body as { errorCode: string }[]).map((e) => e.errorCode);
}
