import { Link } from "@remix-run/react";
import type { ReactNode } from "react";

export interface TileProps {
  name: string;
  figure: ReactNode;
  note?: ReactNode;
  /** Where the rows behind the figure are. */
  to: string;
  current?: boolean;
}

/** A figure that opens the rows behind it. */
export function Tile({ name, figure, note, to, current = false }: TileProps) {
  return (
    <Link className="tile" to={to} {...(current ? { "aria-current": "true" as const } : {})}>
      <span className="tile-name">{name}</span>
      <span className="tile-figure">{figure}</span>
      {note && <span className="tile-note">{note}</span>}
    </Link>
  );
}
