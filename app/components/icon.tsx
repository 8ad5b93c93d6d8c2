/** Line icons on a 16-unit grid. Decoration only: what they mean is always also said in text. */
const PATHS = {
  overview: "M2.5 8.5h4v5h-4zM9.5 2.5h4v11h-4zM2.5 2.5h4v3h-4z",
  exceptions: "M8 2.2 14.3 13.3H1.7ZM8 6.3v3.4M8 11.6v.1",
  pushes: "M8 13.5v-10M4 7l4-4 4 4",
  sync: "M13.2 6.2A5.5 5.5 0 0 0 3 5.4M2.8 9.8A5.5 5.5 0 0 0 13 10.6M13.4 2.6v3.6H9.8M2.6 13.4V9.8h3.6",
  runs: "M2.5 4h11M2.5 8h11M2.5 12h7",
  rules:
    "M2.5 3.500l1.200 1.200L6 2.500M2.500 8.200l1.200 1.200L6 7.200M2.500 12.500l1.200 1.200L6 11.500M8.500 4h5M8.500 8.500h5M8.500 13h5",
  check: "M3 8.5 6.5 12 13 4.5",
  cross: "M4 4l8 8M12 4l-8 8",
  alert: "M8 4.5v4.2M8 11.2v.1M8 1.8a6.2 6.2 0 1 1 0 12.4A6.2 6.2 0 0 1 8 1.8Z",
  clock: "M8 4.5V8l2.4 1.6M8 1.8a6.2 6.2 0 1 1 0 12.4A6.2 6.2 0 0 1 8 1.8Z",
  key: "M9.2 6.8a3 3 0 1 0-2-2M7.4 6.6 2.5 11.5v2h2v-1.5H6V10.5l1.6-1.6",
  blocked: "M3.6 3.6l8.8 8.8M8 1.8a6.2 6.2 0 1 1 0 12.4A6.2 6.2 0 0 1 8 1.8Z",
  search: "M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9ZM10.4 10.4l3.1 3.1",
  download: "M8 2.5v8M4.5 7.5 8 11l3.5-3.5M3 13.5h10",
  person: "M8 2.5a2.6 2.6 0 1 1 0 5.2 2.6 2.6 0 0 1 0-5.2ZM3 13.5c.4-2.6 2.4-4 5-4s4.600 1.400 5 4",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, className = "" }: { name: IconName; className?: string }) {
  return (
    <svg className={`icon ${className}`} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
