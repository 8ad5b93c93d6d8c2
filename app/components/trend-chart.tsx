import { type ComponentType, useEffect, useState } from "react";
import { plural, sayDate } from "../format.ts";
import { TableWrap } from "./table-wrap.tsx";
import type { TrendPoint } from "./trend-drawing.tsx";

interface Row {
  starts_at: string;
  opened: number;
  resolved: number;
  open: number;
}

/**
 * Open, opened and resolved over time. The sentence and the table are in the page as it comes; the drawing is loaded after it and
 * adds nothing they do not say.
 */
export function TrendChart({ spanS, rows }: { spanS: number; rows: readonly Row[] }) {
  const [Drawing, setDrawing] = useState<ComponentType<{ points: readonly TrendPoint[] }> | null>(null);
  useEffect(() => {
    let here = true;
    import("./trend-drawing.tsx").then((m) => {
      if (here) setDrawing(() => m.TrendDrawing);
    });
    return () => {
      here = false;
    };
  }, []);
  const points = rows.map((r) => ({ ...r, label: labelOf(r.starts_at, spanS) }));
  const opened = rows.reduce((n, r) => n + r.opened, 0);
  const resolved = rows.reduce((n, r) => n + r.resolved, 0);
  const last = rows.at(-1);
  if (!last) return <p className="muted">No exception has been opened yet.</p>;
  return (
    <div className="stack-small">
      <p className="muted">
        {plural(opened, "exception")} opened and {resolved} resolved since {points[0]?.label}; {last.open}{" "}
        open now.
      </p>
      {points.length > 1 && (
        <div className="chart" aria-hidden="true">
          {Drawing && <Drawing points={points} />}
        </div>
      )}
      <details>
        <summary>As a table</summary>
        <TableWrap label="Exceptions over time">
          <table>
            <thead>
              <tr>
                <th scope="col">From</th>
                <th scope="col" className="num">
                  Opened
                </th>
                <th scope="col" className="num">
                  Resolved
                </th>
                <th scope="col" className="num">
                  Open at the end
                </th>
              </tr>
            </thead>
            <tbody>
              {points.map((p) => (
                <tr key={p.starts_at}>
                  <th scope="row">{p.label}</th>
                  <td className="num">{p.opened}</td>
                  <td className="num">{p.resolved}</td>
                  <td className="num">{p.open}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableWrap>
      </details>
    </div>
  );
}

function labelOf(at: string, spanS: number): string {
  const date = sayDate(at.slice(0, 10)).replace(/ \d{4}$/, "");
  if (spanS >= 86_400) return date;
  if (spanS < 3600) return at.slice(11, 16);
  return `${date} ${at.slice(11, 16)}`;
}
