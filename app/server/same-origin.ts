/**
 * Refuses forms sent from other sites with a plain 403, before Remix sees them (Remix would throw, and answer 500). Browsers say
 * where a request comes from in Sec-Fetch-Site; older ones in Origin. The form token stays the second lock.
 */
import type { RequestHandler } from "express";

const MAX_FORM_BYTES = 1_000_000;

export const sameOriginForms: RequestHandler = (req, res, next) => {
  if (req.method === "GET" || req.method === "HEAD") return next();
  const site = req.get("sec-fetch-site");
  if (site !== undefined && site !== "same-origin" && site !== "none")
    return void res
      .status(403)
      .type("text/plain")
      .send("This form was sent from another site and was refused.\n");
  const origin = req.get("origin");
  // Behind a proxy on this machine, `hostname` is the name the visitor used.
  const host = (req.app.get("trust proxy") && req.get("x-forwarded-host")) || req.get("host");
  if (origin !== undefined && hostOf(origin) !== host)
    return void res
      .status(403)
      .type("text/plain")
      .send("This form was sent from another site and was refused.\n");
  const length = Number(req.get("content-length"));
  if (!Number.isInteger(length))
    return void res.status(411).type("text/plain").send("The request does not say how long it is.\n");
  if (length > MAX_FORM_BYTES)
    return void res.status(413).type("text/plain").send("The request is too large.\n");
  next();
};

function hostOf(origin: string): string | null {
  try {
    return new URL(origin).host;
  } catch {
    // `Origin: null` and anything else that is not an address.
    return null;
  }
}
