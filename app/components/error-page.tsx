import { isRouteErrorResponse, Link, useRouteError } from "@remix-run/react";
import { Icon } from "./icon.tsx";

interface Words {
  title: string;
  message: string;
}

const BY_STATUS: Record<number, Words> = {
  400: {
    title: "That could not be done",
    message: "The request did not make sense to us, so nothing was changed. Go back and try once more.",
  },
  403: {
    title: "Not allowed",
    message: "Your role does not cover this. Ask an administrator if you think it should.",
  },
  404: {
    title: "There is nothing at this address",
    message:
      "The link may be old or mistyped. What you were looking for is probably in the exceptions queue.",
  },
  405: { title: "There is nothing to do here", message: "This address cannot be used that way." },
  503: {
    title: "The database does not answer right now",
    message: "Nothing is lost. It is usually back within seconds; reload the page.",
  },
};

const UNEXPECTED: Words = {
  title: "Something went wrong on our side",
  message:
    "The page could not be shown. Nothing was changed by looking at it. Reload the page; if it happens again, tell your administrator the time it happened.",
};

/** Whatever a route threw, in words: what happened, what it means, what to do. */
export function ErrorPage() {
  const { title, message } = wordsFor(useRouteError());
  return (
    <div className="panel lone-wide">
      <div className="empty">
        <Icon name="alert" />
        <h1>{title}</h1>
        <p>{message}</p>
        <p className="row">
          <Link className="button" to="/exceptions">
            Exceptions
          </Link>
          <Link className="button" to="/">
            Overview
          </Link>
        </p>
      </div>
    </div>
  );
}

function wordsFor(error: unknown): Words {
  if (!isRouteErrorResponse(error)) return UNEXPECTED;
  const known = BY_STATUS[error.status] ?? UNEXPECTED;
  const own: unknown = error.data;
  const message =
    typeof own === "object" && own !== null && "message" in own && typeof own.message === "string"
      ? own.message
      : known.message;
  return { title: known.title, message };
}
