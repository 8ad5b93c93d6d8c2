/** Response headers that keep a page to itself. */
import { randomBytes } from "node:crypto";
import type { RequestHandler } from "express";

/** A nonce per response and a policy that names it; nothing inline runs or styles without it. */
export function securityHeaders(options: { development: boolean }): RequestHandler {
  return (req, res, next) => {
    const nonce = randomBytes(16).toString("base64");
    res.locals.nonce = nonce;
    // In development vite speaks to the page over a web socket and brings its styles in <style> elements.
    const connect = options.development ? "'self' ws:" : "'self'";
    const style = options.development ? "'self' 'unsafe-inline'" : "'self'";
    res.setHeader(
      "Content-Security-Policy",
      [
        "default-src 'self'",
        `script-src 'self' 'nonce-${nonce}'`,
        `style-src ${style}`,
        "img-src 'self' data:",
        `connect-src ${connect}`,
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "form-action 'self'",
      ].join("; "),
    );
    res.setHeader("X-Content-Type-Options", "nosniff");
    res.setHeader("Referrer-Policy", "same-origin");
    res.setHeader("X-Frame-Options", "DENY");
    res.setHeader("Cross-Origin-Opener-Policy", "same-origin");
    res.setHeader("Cross-Origin-Resource-Policy", "same-origin");
    res.setHeader("Permissions-Policy", "camera=(), geolocation=(), microphone=()");
    if (req.secure) res.setHeader("Strict-Transport-Security", "max-age=31536000");
    // Pages hold a firm's money; no shared cache may keep them. Static files say otherwise for themselves.
    res.setHeader("Cache-Control", "no-store");
    next();
  };
}
