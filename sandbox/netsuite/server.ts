/**
 * A NetSuite account over HTTP: one server for what the vendor spreads over three hosts, namely tokens, REST records with
 * SuiteQL, and RESTlets. Every path but the token's goes through sign-in and the account's limit on concurrent requests.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { HttpFaults } from "../http-faults.ts";
import { type HttpReply, type HttpRequest, startVendorServer, type VendorServer } from "../http-server.ts";
import type { Account } from "./account.ts";
import { createTokens, invalidLogin, TOKEN_PATH } from "./auth.ts";
import { RECORD_PATH } from "./record-read.ts";
import { createRecords } from "./records.ts";
import { createRestlet, RESTLET_PATH, restletBusy, restletRefusal } from "./restlet.ts";
import { createSuiteQl, SUITEQL_PATH } from "./suiteql.ts";
import { ERROR_TYPE, errorBody, tooManyRequests, VendorRefusal } from "./vendor-error.ts";

const LIMITS_PATH = "/services/rest/system/v1/governanceLimits";

export interface NetSuiteServerOptions {
  /** 0 (default) takes a free port. */
  port?: number;
  faults?: HttpFaults;
  /** What each request does while it holds one of the account's slots. Default: a millisecond of work. */
  work?: (request: HttpRequest) => Promise<void>;
}

/** Starts the account on loopback. `url` serves as the base address and as the RESTlet host. */
export async function startNetSuite(
  account: Account,
  options: NetSuiteServerOptions = {},
): Promise<VendorServer> {
  const tokens = createTokens(account);
  const suiteql = createSuiteQl(account);
  const records = createRecords(account);
  const restlet = createRestlet(account);
  const work = options.work ?? (() => delay(1));
  let baseUrl = "";
  let inFlight = 0;
  let errors = 0;

  function answer(request: HttpRequest): HttpReply {
    const { path } = request;
    if (path === RESTLET_PATH) {
      tokens.require(request, "restlets");
      return restlet(request);
    }
    tokens.require(request, "rest_webservices");
    if (path === SUITEQL_PATH) return suiteql(request, baseUrl);
    if (path === RECORD_PATH || path.startsWith(`${RECORD_PATH}/`)) return records(request, baseUrl);
    if (path === LIMITS_PATH && request.method === "GET") {
      return {
        status: 200,
        body: {
          accountConcurrencyLimit: account.concurrency,
          accountUnallocatedConcurrencyLimit: account.concurrency,
          integrationLimitType: "accountLimit",
        },
      };
    }
    throw new VendorRefusal(404, "NOT_FOUND", `The requested resource was not found: ${path}.`, {
      "o:errorUrl": path,
    });
  }

  async function handle(request: HttpRequest): Promise<HttpReply> {
    if (request.path === TOKEN_PATH) {
      return tokens.grant(request, [baseUrl, baseUrl.replace("127.0.0.1", "localhost")]);
    }
    const isRestlet = request.path === RESTLET_PATH;
    if (inFlight >= account.concurrency) return isRestlet ? restletBusy() : refused(tooManyRequests());
    inFlight += 1;
    try {
      await work(request);
      return answer(request);
    } catch (error) {
      if (!(error instanceof VendorRefusal)) throw error;
      return isRestlet ? restletRefusal(error) : refused(error);
    } finally {
      inFlight -= 1;
    }
  }

  const server = await startVendorServer({
    clock: account.clock,
    rowsField: "items",
    ...(options.port === undefined ? {} : { port: options.port }),
    ...(options.faults === undefined ? {} : { faults: options.faults }),
    words: {
      unauthorized: () => refused(invalidLogin(account.accountId)),
      tooManyRequests: () => refused(tooManyRequests()),
      serverError: (status) =>
        refused(
          new VendorRefusal(
            status,
            "UNEXPECTED_ERROR",
            `An unexpected error occurred. Error ID: sandbox-${++errors}`,
          ),
        ),
    },
    handle,
  });
  baseUrl = server.url;
  return server;
}

function refused(error: VendorRefusal): HttpReply {
  return {
    status: error.status,
    headers: { ...error.headers, "content-type": ERROR_TYPE },
    body: errorBody(error),
  };
}
