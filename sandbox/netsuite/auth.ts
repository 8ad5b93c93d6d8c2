/**
 * OAuth 2.0 for machines: a signed assertion buys an access token that lives an hour. There is no refresh token.
 * An unknown client is 401 `invalid_client`; anything wrong with the assertion itself is 400 `invalid_grant`.
 */
import { randomUUID } from "node:crypto";
import { decodeProtectedHeader, type JWTPayload, jwtVerify } from "jose";
import type { HttpReply, HttpRequest } from "../http-server.ts";
import type { Account } from "./account.ts";
import { VendorRefusal } from "./vendor-error.ts";

export const TOKEN_PATH = "/services/rest/auth/oauth2/v1/token";

const ALGORITHMS = ["PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];
const ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const SCOPES = ["restlets", "rest_webservices", "suite_analytics"];
const LIFETIME_S = 3600;
const LONGEST_ASSERTION_S = 3600;

export interface Tokens {
  /** Answers a request to the token endpoint; `origins` are the addresses this server is known by. */
  grant(request: HttpRequest, origins: readonly string[]): Promise<HttpReply>;
  /** Throws the vendor's refusal unless the request carries a live token with that scope. */
  require(request: HttpRequest, scope: "restlets" | "rest_webservices"): void;
}

const refuse = (status: number, error: string): HttpReply => ({ status, body: { error } });

export function createTokens(account: Account): Tokens {
  const live = new Map<string, { expiresAt: number; scopes: ReadonlySet<string> }>();
  const spentAssertions = new Set<string>();

  async function verified(assertion: string, audience: string[]): Promise<JWTPayload | null> {
    try {
      const { payload } = await jwtVerify(assertion, account.publicKey, {
        algorithms: ALGORITHMS,
        audience,
        currentDate: new Date(account.clock.now()),
        requiredClaims: ["iat", "exp", "iss", "aud"],
      });
      return (payload.exp ?? 0) - (payload.iat ?? 0) <= LONGEST_ASSERTION_S ? payload : null;
    } catch {
      return null;
    }
  }

  return {
    async grant(request, origins) {
      if (request.method !== "POST") return { ...refuse(405, "invalid_request"), headers: { allow: "POST" } };
      const form = new URLSearchParams(request.body);
      const assertion = form.get("client_assertion");
      if (form.get("grant_type") === null || assertion === null) return refuse(400, "invalid_request");
      if (form.get("grant_type") !== "client_credentials") return refuse(400, "unsupported_grant_type");
      if (form.get("client_assertion_type") !== ASSERTION_TYPE) return refuse(400, "invalid_request");

      const said = unverified(assertion);
      if (said === null) return refuse(400, "invalid_grant");
      if (said.iss !== account.clientId) return refuse(401, "invalid_client");
      if (said.kid !== account.kid) return refuse(400, "invalid_grant");
      const host = account.accountId.toLowerCase().replaceAll("_", "-");
      const payload = await verified(
        assertion,
        [...origins, `https://${host}.suitetalk.api.netsuite.com`].map((o) => `${o}${TOKEN_PATH}`),
      );
      if (payload === null || spentAssertions.has(assertion)) return refuse(400, "invalid_grant");
      const scopes = scopesOf(payload.scope);
      if (scopes.length === 0 || scopes.some((s) => !SCOPES.includes(s))) return refuse(400, "invalid_scope");
      // An assertion works once, so that one overheard in a log buys nothing.
      spentAssertions.add(assertion);

      const token = `ns-${randomUUID()}`;
      live.set(token, { expiresAt: account.clock.now() + LIFETIME_S * 1000, scopes: new Set(scopes) });
      return { status: 200, body: { access_token: token, expires_in: LIFETIME_S, token_type: "Bearer" } };
    },

    require(request, scope) {
      const bearer = /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? "")?.[1];
      const token = bearer === undefined ? undefined : live.get(bearer);
      if (token === undefined || token.expiresAt <= account.clock.now()) {
        if (bearer !== undefined) live.delete(bearer);
        throw invalidLogin(account.accountId);
      }
      if (!token.scopes.has(scope)) {
        throw new VendorRefusal(
          403,
          "INSUFFICIENT_PERMISSION",
          `The access token does not cover the scope ${scope}.`,
        );
      }
    },
  };
}

/** What a request with no token, a false one or an expired one is told. */
export function invalidLogin(accountId: string): VendorRefusal {
  return new VendorRefusal(
    401,
    "INVALID_LOGIN",
    "Invalid login attempt. For more details, see the Login Audit Trail in the NetSuite UI at Setup > Users/Roles > User Management > View Login Audit Trail.",
    null,
    {
      "www-authenticate": `Bearer realm="${accountId}", error="invalid_token", error_description="Invalid login attempt."`,
    },
  );
}

/** What the assertion claims about itself, before anyone has checked it; null when it is no JWT. */
function unverified(assertion: string): { kid: unknown; iss: unknown } | null {
  try {
    const payload: unknown = JSON.parse(
      Buffer.from(assertion.split(".")[1] ?? "", "base64url").toString("utf8"),
    );
    const iss = typeof payload === "object" && payload !== null && "iss" in payload ? payload.iss : undefined;
    return { kid: decodeProtectedHeader(assertion).kid, iss };
  } catch {
    return null;
  }
}

function scopesOf(scope: unknown): string[] {
  if (Array.isArray(scope)) return scope.map(String);
  return typeof scope === "string" ? scope.split(/[\s,]+/).filter(Boolean) : [];
}
