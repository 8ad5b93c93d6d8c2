/** A small account behind real HTTP, with a client that signs in the way an integration does. */
import { generateKeyPairSync, randomUUID } from "node:crypto";
import { type JWTPayload, SignJWT } from "jose";
import { manualClock } from "#core/time";
import { createHttpFaults } from "#sandbox/http-faults";
import { type Account, type AccountOptions, createAccount } from "#sandbox/netsuite/account";
import { type NetSuiteServerOptions, startNetSuite } from "#sandbox/netsuite/server";

export const NOW = "2026-11-20T15:00:00.000Z";
export const TOKEN_PATH = "/services/rest/auth/oauth2/v1/token";

const keys = generateKeyPairSync("ec", { namedCurve: "P-256" });

export interface Answer {
  status: number;
  headers: Headers;
  body: Record<string, unknown>;
}

export type Fixture = Awaited<ReturnType<typeof startAccount>>;

export async function startAccount(
  options: Partial<AccountOptions> = {},
  serverOptions: NetSuiteServerOptions = {},
) {
  const clock = manualClock(NOW);
  const faults = createHttpFaults();
  const account = createAccount({
    clock,
    accountId: "1234567",
    timeZone: "America/New_York",
    clientId: "client-1",
    certificate: { kid: "cert-1", publicKey: keys.publicKey.export({ format: "jwk" }) },
    ...options,
  });
  const server = await startNetSuite(account, { faults, ...serverOptions });

  /** A signed assertion, right in every respect unless told otherwise. */
  async function assertion(
    change: { payload?: JWTPayload; kid?: string; alg?: string; key?: typeof keys.privateKey } = {},
  ) {
    const iat = Math.floor(clock.now() / 1000);
    return new SignJWT({
      iss: "client-1",
      aud: `${server.url}${TOKEN_PATH}`,
      scope: ["restlets", "rest_webservices"],
      iat,
      exp: iat + 55,
      jti: randomUUID(),
      ...change.payload,
    })
      .setProtectedHeader({ alg: change.alg ?? "ES256", kid: change.kid ?? "cert-1", typ: "JWT" })
      .sign(change.key ?? keys.privateKey);
  }

  async function askToken(client_assertion: string, form: Record<string, string> = {}): Promise<Answer> {
    const response = await fetch(`${server.url}${TOKEN_PATH}`, {
      method: "POST",
      body: new URLSearchParams({
        grant_type: "client_credentials",
        client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        client_assertion,
        ...form,
      }),
    });
    return answerOf(response);
  }

  let token = "";
  async function signIn(): Promise<void> {
    token = String((await askToken(await assertion())).body.access_token);
  }
  await signIn();

  async function call(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const response = await fetch(`${server.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json", ...headers },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    return answerOf(response);
  }

  return {
    account,
    clock,
    faults,
    url: server.url,
    close: server.close,
    assertion,
    askToken,
    signIn,
    call,
    query: (q: string, params: readonly unknown[] = [], page = "") =>
      call("POST", `/services/rest/query/v1/suiteql${page}`, { q, params }, { prefer: "transient" }),
  };
}

async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: text === "" ? {} : (JSON.parse(text) as Record<string, unknown>),
  };
}

export const itemsOf = (answer: Answer): Record<string, unknown>[] =>
  answer.body.items as Record<string, unknown>[];

/** The code and text of a refusal. */
export function refusalOf(answer: Answer): { status: number; code: unknown; detail: string } {
  const [first] = answer.body["o:errorDetails"] as Record<string, unknown>[];
  return { status: answer.status, code: first?.["o:errorCode"], detail: String(first?.detail) };
}

const RECORDS = "/services/rest/record/v1";
export const at = (path: string) => `${RECORDS}/${path}`;

/** One client, one project with a task, one person, an open and a closed month. Returns their internal ids. */
export function seedFirm({ account }: { account: Account }) {
  const mark = (instant: string) => ({ at: Date.parse(instant), by: "900" });
  const created = mark("2026-08-20T17:00:00Z");
  const usd = account.write(
    "currency",
    null,
    { name: "US Dollar", symbol: "USD", isBaseCurrency: true },
    created,
  );
  const subsidiary = account.write("subsidiary", null, { name: "Acme PS Inc.", currency: usd }, created);
  const billingClass = account.write("billingClass", null, { name: "Senior Consultant" }, created);
  const card = account.write(
    "billingRateCard",
    null,
    {
      name: "Northwind 2026",
      externalId: "001000000000001AAA",
      lines: [{ billingClassId: billingClass, prices: { [usd]: "200.00", "2": "180.00" } }],
    },
    created,
  );
  const customer = account.write(
    "customer",
    "645",
    {
      entityId: "C-0645 Northwind Traders",
      companyName: "Northwind Traders",
      externalId: "001000000000001AAA",
      subsidiary,
      currency: usd,
      billingRateCard: card,
    },
    created,
  );
  const job = account.write(
    "job",
    "1842",
    {
      entityId: "NW-001",
      companyName: "NW ERP rollout",
      externalId: "a0P000000000001AAA",
      parent: customer,
      subsidiary,
      entityStatus: "In Progress",
      startDate: "2026-09-01",
      projectedEndDate: "2027-01-31",
      projectExpenseType: "-2",
    },
    created,
  );
  const task = account.write(
    "projectTask",
    null,
    { title: "Data migration", project: job, status: "PROGRESS", externalId: "a0T000000000001AAA" },
    created,
  );
  const employee = account.write(
    "employee",
    "1900",
    { entityId: "Sample Person", firstName: "Sample", lastName: "Person", externalId: "E-2071", subsidiary },
    created,
  );
  for (const [name, start, end, closed] of [
    ["Sep 2026", "2026-09-01", "2026-09-30", true],
    ["Oct 2026", "2026-10-01", "2026-10-31", false],
    ["Nov 2026", "2026-11-01", "2026-11-30", false],
  ] as const) {
    account.write(
      "accountingPeriod",
      null,
      { periodName: name, startDate: start, endDate: end, closed },
      created,
    );
  }
  const time = (fields: Record<string, unknown>, instant: string) =>
    account.write(
      "timeBill",
      null,
      {
        employee,
        customer: job,
        caseTaskEvent: task,
        item: "88",
        tranDate: "2026-11-12",
        hours: "7.5",
        isBillable: true,
        approvalStatus: "3",
        timeType: "A",
        ...fields,
      },
      mark(instant),
    );
  return { usd, subsidiary, billingClass, card, customer, job, task, employee, time, mark };
}
