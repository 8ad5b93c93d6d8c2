/**
 * The script the firm installed for rate cards, which no NetSuite API reaches. GET lists cards or reads one; PUT sets one
 * price if it still is what the caller saw. The comparison runs inside the script, so two callers can never both win.
 */
import { equal, parseDecimal } from "#core/decimal";
import type { HttpReply, HttpRequest } from "../http-server.ts";
import type { Row } from "../vendor-store.ts";
import type { Account, Entry, View } from "./account.ts";
import { pageOf } from "./paging.ts";
import { linesOf } from "./suiteql-value.ts";
import { restletErrorBody, VendorRefusal } from "./vendor-error.ts";

export const RESTLET_PATH = "/app/site/hosting/restlet.nl";

const SCRIPT = "customscript_recon_rates";
const DEPLOYMENT = "1";
const CARD = "billingRateCard";

/** What a caller over the concurrency limit is told: unlike REST, a RESTlet answers 400. */
export const restletBusy = (): HttpReply =>
  refusal(
    400,
    "SSS_REQUEST_LIMIT_EXCEEDED",
    "Request Limit Exceeded. The account's concurrency limit was reached.",
  );

/** A refusal of the platform in the words of a RESTlet. */
export const restletRefusal = (error: VendorRefusal): HttpReply => ({
  ...refusal(error.status, error.code, error.message),
  headers: { ...error.headers },
});

interface Change {
  rateCardId: string;
  billingClassId: string;
  currencyId: string;
  expected: string;
  value: string;
  remediationId: string;
}

/** Answers requests to the RESTlet's address. */
export function createRestlet(account: Account): (request: HttpRequest) => HttpReply {
  /** Changes made, so that a repeated request is answered as the first was and changes nothing. */
  const done = new Map<string, { request: string; answer: Record<string, unknown> }>();

  return (request) => {
    if (request.query.get("script") !== SCRIPT || request.query.get("deploy") !== DEPLOYMENT) {
      return refusal(
        400,
        "SSS_INVALID_SCRIPTLET_ID",
        "That script is invalid, disabled, or no longer exists.",
      );
    }
    if (request.method === "GET") return read(account, request);
    if (request.method !== "PUT")
      return refusal(405, "SSS_INVALID_METHOD", `The script has no ${request.method} function.`);
    const change = changeOf(request.body);
    if (change === null) {
      return refusal(
        400,
        "INVALID_REQUEST",
        "Give rateCardId, billingClassId, currencyId, expected, value and remediationId.",
      );
    }
    return set(change);
  };

  function set(change: Change): HttpReply {
    const asked = JSON.stringify(change);
    const earlier = done.get(change.remediationId);
    if (earlier !== undefined) {
      return earlier.request === asked
        ? { status: 200, body: earlier.answer }
        : refusal(
            400,
            "REMEDIATION_ID_USED",
            `Remediation ${change.remediationId} has already made another change.`,
          );
    }
    const card = account.view().entry(CARD, change.rateCardId)?.row;
    if (card === undefined)
      return refusal(400, "RCRD_DSNT_EXIST", `There is no rate card ${change.rateCardId}.`);
    const lines = linesOf(card);
    const line = lines.find((l) => l.billingClassId === change.billingClassId);
    const before = line === undefined ? undefined : pricesOf(line)[change.currencyId];
    if (before === undefined) {
      return refusal(
        400,
        "RATE_LINE_NOT_FOUND",
        "The card has no price for that billing class and currency.",
      );
    }
    if (!equal(before, change.expected))
      return { status: 200, body: { ok: false, code: "STALE", actual: before } };
    const changed = lines.map((l) =>
      l === line ? { ...l, prices: { ...pricesOf(l), [change.currencyId]: change.value } } : l,
    );
    account.write(
      CARD,
      change.rateCardId,
      { lines: changed },
      { at: account.clock.now(), by: account.integrationUser },
    );
    const answer = { ok: true, before, after: change.value };
    done.set(change.remediationId, { request: asked, answer });
    return { status: 200, body: answer };
  }
}

function read(account: Account, request: HttpRequest): HttpReply {
  const view = account.view();
  const id = request.query.get("rateCardId");
  if (id !== null) {
    const entry = view.entry(CARD, id);
    return entry === undefined
      ? refusal(400, "RCRD_DSNT_EXIST", `There is no rate card ${id}.`)
      : { status: 200, body: cardOf(entry, view) };
  }
  try {
    const { limit, offset } = pageOf(request.query, account.pageSize);
    const all = [...view.entries(CARD)].sort((a, b) => a.num - b.num);
    const items = all.slice(offset, offset + limit).map((e) => cardOf(e, view));
    return {
      status: 200,
      body: {
        items,
        count: items.length,
        offset,
        hasMore: offset + items.length < all.length,
        totalResults: all.length,
      },
    };
  } catch (error) {
    if (error instanceof VendorRefusal) return restletRefusal(error);
    throw error;
  }
}

function cardOf({ row }: Entry, view: View): Record<string, unknown> {
  return {
    id: row.id,
    name: row.name,
    isInactive: row.isInactive === true,
    externalId: row.externalId ?? null,
    currencyMode: row.currencyMode ?? "multi",
    lines: linesOf(row).map((line) => ({
      billingClassId: line.billingClassId,
      billingClass: view.titleOf(["billingClass"], String(line.billingClassId)),
      prices: pricesOf(line),
    })),
  };
}

function pricesOf(line: Row): Record<string, string> {
  return (line.prices ?? {}) as Record<string, string>;
}

function changeOf(body: string): Change | null {
  let said: unknown;
  try {
    said = JSON.parse(body);
  } catch {
    return null;
  }
  if (typeof said !== "object" || said === null) return null;
  const given = said as Record<string, unknown>;
  const text = (name: keyof Change) =>
    typeof given[name] === "string" && given[name] !== "" ? given[name] : null;
  const [expected, value] = [parseDecimal(given.expected), parseDecimal(given.value)];
  const [rateCardId, billingClassId] = [text("rateCardId"), text("billingClassId")];
  const [currencyId, remediationId] = [text("currencyId"), text("remediationId")];
  if (rateCardId === null || billingClassId === null || currencyId === null || remediationId === null)
    return null;
  if (expected === null || value === null || value.startsWith("-")) return null;
  // The price is kept as the caller wrote it, cents and all.
  return { rateCardId, billingClassId, currencyId, expected, value: String(given.value), remediationId };
}

function refusal(status: number, code: string, message: string): HttpReply {
  return { status, body: restletErrorBody(code, message) };
}
