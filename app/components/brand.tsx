import { Link } from "@remix-run/react";

/** The name with its mark: a weight on a line. */
export function Brand() {
  return (
    <Link to="/" className="brand">
      <svg viewBox="0 0 24 24" aria-hidden="true" focusable="false">
        <path d="M4 3h16M12 3v8" stroke="currentColor" strokeWidth="2.4" strokeLinecap="round" />
        <path d="M12 22l-4.600-7.200L12 10.500l4.600 4.300z" fill="currentColor" />
      </svg>
      Plumbline
    </Link>
  );
}
