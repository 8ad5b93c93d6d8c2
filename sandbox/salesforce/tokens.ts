/** Logging in: client credentials for a bearer token that the session policy ends some time later, without saying when. */
import { createHmac, randomBytes } from "node:crypto";
import type { HttpReply } from "#sandbox/http-server";
import type { Org } from "./org.ts";

export interface Tokens {
  /** Answers POST /services/oauth2/token. `instanceUrl` is where the token is good. */
  issue(form: URLSearchParams, instanceUrl: string): HttpReply;
  /** Answers POST /services/oauth2/revoke. */
  revoke(form: URLSearchParams): HttpReply;
  /** Whether an Authorization header carries a live token. */
  accepts(authorization: string | undefined): boolean;
  /** Ends every session, as an admin can. */
  revokeAll(): void;
}

export function createTokens(org: Org): Tokens {
  const expiry = new Map<string, number>();
  const { client } = org.settings;
  return {
    issue(form, instanceUrl) {
      if (form.get("grant_type") !== "client_credentials") {
        return refusal("unsupported_grant_type", "grant type not supported");
      }
      if (form.get("client_id") !== client.id)
        return refusal("invalid_client_id", "client identifier invalid");
      if (form.get("client_secret") !== client.secret)
        return refusal("invalid_client", "invalid client credentials");
      const now = org.clock.now();
      for (const [token, until] of expiry) if (until <= now) expiry.delete(token);
      const token = `${org.organizationId.slice(0, 15)}!${randomBytes(48).toString("base64url")}`;
      expiry.set(token, now + org.settings.tokenTtlMs);
      const id = `https://login.salesforce.com/id/${org.organizationId}/${org.apiUserId}`;
      const signature = createHmac("sha256", client.secret).update(`${id}${now}`).digest("base64");
      return {
        status: 200,
        headers: { "cache-control": "no-cache, no-store" },
        body: {
          access_token: token,
          signature,
          scope: "api",
          instance_url: instanceUrl,
          id,
          token_type: "Bearer",
          issued_at: String(now),
        },
      };
    },
    revoke(form) {
      if (!expiry.delete(form.get("token") ?? ""))
        return refusal("invalid_token", "token does not exist or is expired");
      return { status: 200 };
    },
    accepts(authorization) {
      const token = /^(?:Bearer|OAuth) (.+)$/i.exec(authorization ?? "")?.[1];
      const until = token === undefined ? undefined : expiry.get(token);
      return until !== undefined && until > org.clock.now();
    },
    revokeAll: () => expiry.clear(),
  };
}

function refusal(error: string, description: string): HttpReply {
  return { status: 400, body: { error, error_description: description } };
}
