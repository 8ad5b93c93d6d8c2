import {
  Bar,
  CartesianGrid,
  ComposedChart,
  Legend,
  Line,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from "recharts";

export interface TrendPoint {
  label: string;
  opened: number;
  resolved: number;
  open: number;
}

const TICK = { fill: "var(--muted)", fontSize: 11 };

/** Only ever loaded in the browser: recharts draws nothing on the server. */
export function TrendDrawing({ points }: { points: readonly TrendPoint[] }) {
  return (
    <ResponsiveContainer width="100%" height="100%">
      <ComposedChart
        data={[...points]}
        margin={{ top: 6, right: 4, bottom: 0, left: -22 }}
        barGap={1}
        accessibilityLayer={false}
      >
        <CartesianGrid vertical={false} stroke="var(--line)" />
        <XAxis dataKey="label" tick={TICK} tickLine={false} stroke="var(--line-strong)" minTickGap={28} />
        <YAxis tick={TICK} tickLine={false} axisLine={false} allowDecimals={false} />
        <Tooltip
          contentStyle={{
            background: "var(--surface)",
            border: "1px solid var(--line-strong)",
            borderRadius: 6,
            color: "var(--text)",
            fontSize: 12,
          }}
          itemStyle={{ color: "var(--text)" }}
          cursor={{ fill: "var(--raised)" }}
        />
        <Legend iconSize={9} wrapperStyle={{ fontSize: 12 }} />
        <Bar dataKey="opened" name="Opened" fill="var(--warn)" maxBarSize={14} isAnimationActive={false} />
        <Bar
          dataKey="resolved"
          name="Resolved"
          fill="var(--good)"
          maxBarSize={14}
          isAnimationActive={false}
        />
        <Line
          dataKey="open"
          name="Open"
          type="stepAfter"
          stroke="var(--accent)"
          strokeWidth={2}
          dot={points.length < 3}
          isAnimationActive={false}
        />
      </ComposedChart>
    </ResponsiveContainer>
  );
}
