/** Refusals in the shape NetSuite gives them: what REST and SuiteQL send, and what a RESTlet sends. */

/** Points at the part of the request that is wrong; the vendor names the member by where the fault lies. */
export type ErrorPlace =
  | { "o:errorPath": string }
  | { "o:errorUrl": string }
  | { "o:errorHeader": string }
  | { "o:errorQueryParam": string };

/** A refusal the vendor would give. Thrown by handlers, turned into a response by the server. */
export class VendorRefusal extends Error {
  readonly status: number;
  readonly code: string;
  readonly place: ErrorPlace | null;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    code: string,
    detail: string,
    place: ErrorPlace | null = null,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(detail);
    this.status = status;
    this.code = code;
    this.place = place;
    this.headers = headers;
  }
}

export const ERROR_TYPE = "application/vnd.oracle.resource+json; type=error";

const TITLES: Readonly<Record<number, readonly [section: string, title: string]>> = {
  400: ["15.5.1", "Bad Request"],
  401: ["15.5.2", "Unauthorized"],
  403: ["15.5.4", "Forbidden"],
  404: ["15.5.5", "Not Found"],
  405: ["15.5.6", "Method Not Allowed"],
  415: ["15.5.16", "Unsupported Media Type"],
  500: ["15.6.1", "Internal Server Error"],
};

/** The body of a REST or SuiteQL refusal. */
export function errorBody(refusal: VendorRefusal): Record<string, unknown> {
  const details = [{ detail: refusal.message, ...refusal.place, "o:errorCode": refusal.code }];
  if (refusal.status === 429) {
    // The vendor titles this one "Bad Request" and adds a code at the top; clients that look at the title go wrong.
    return {
      type: "https://www.rfc-editor.org/rfc/rfc6585.html#section-4",
      title: "Bad Request",
      status: 429,
      "o:errorCode": "USER_ERROR",
      "o:errorDetails": details,
    };
  }
  const [section, title] = TITLES[refusal.status] ?? TITLES[500] ?? ["15.6.1", "Internal Server Error"];
  return {
    type: `https://www.rfc-editor.org/rfc/rfc9110.html#section-${section}`,
    title,
    status: refusal.status,
    "o:errorDetails": details,
  };
}

/** The body of a RESTlet refusal. */
export function restletErrorBody(code: string, message: string): Record<string, unknown> {
  return { error: { code, message } };
}

export const tooManyRequests = (): VendorRefusal =>
  new VendorRefusal(429, "CONCURRENCY_LIMIT_EXCEEDED", "Concurrent request limit exceeded. Request blocked.");

export const noSuchRecord = (): VendorRefusal =>
  new VendorRefusal(
    404,
    "NONEXISTENT_ID",
    "The record instance does not exist. Provide a valid record instance ID.",
  );

export const invalidContent = (detail: string, path: string): VendorRefusal =>
  new VendorRefusal(400, "INVALID_CONTENT", detail, { "o:errorPath": path });

export const userError = (detail: string, code = "USER_ERROR"): VendorRefusal =>
  new VendorRefusal(400, code, detail);
