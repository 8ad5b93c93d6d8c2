/** Failures as the vendor words them: an HTTP status and a list of error elements. */
import type { HttpReply } from "#sandbox/http-server";

export interface ErrorElement {
  message: string;
  errorCode: string;
  fields?: readonly string[];
}

/** Thrown anywhere below the server, which answers it as it is. */
export class VendorError extends Error {
  readonly status: number;
  readonly elements: readonly ErrorElement[];

  constructor(status: number, ...elements: readonly ErrorElement[]) {
    super(elements.map((e) => `${e.errorCode}: ${e.message}`).join("; "));
    this.name = "VendorError";
    this.status = status;
    this.elements = elements;
  }

  reply(): HttpReply {
    return { status: this.status, body: this.elements };
  }
}

export const badRequest = (errorCode: string, message: string, fields?: readonly string[]) =>
  new VendorError(400, fields === undefined ? { message, errorCode } : { message, errorCode, fields });

export const notFound = (message = "The requested resource does not exist") =>
  new VendorError(404, { errorCode: "NOT_FOUND", message });

export const deleted = () =>
  new VendorError(404, { errorCode: "ENTITY_IS_DELETED", message: "entity is deleted" });

export const invalidSession = () =>
  new VendorError(401, { message: "Session expired or invalid", errorCode: "INVALID_SESSION_ID" });

export const limitExceeded = () =>
  new VendorError(403, { message: "TotalRequests Limit exceeded.", errorCode: "REQUEST_LIMIT_EXCEEDED" });

export const serverError = (status: number) =>
  status === 503
    ? new VendorError(503, {
        message: "The server is temporarily unavailable.",
        errorCode: "SERVER_UNAVAILABLE",
      })
    : new VendorError(status, {
        message:
          "An unexpected error occurred. Please include this ErrorId if you contact support: 1946240128-11",
        errorCode: "UNKNOWN_EXCEPTION",
      });
