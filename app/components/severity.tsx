import { SEVERITY_WORDS } from "../words.ts";
import { Tag, type Tone } from "./tag.tsx";

const TONES: Record<number, Tone> = { 1: "bad", 2: "warn", 3: "accent", 4: "quiet" };

export function Severity({ severity }: { severity: number }) {
  return (
    <Tag tone={TONES[severity] ?? "quiet"} {...(severity === 1 ? { icon: "alert" as const } : {})}>
      {SEVERITY_WORDS[severity] ?? severity}
    </Tag>
  );
}
