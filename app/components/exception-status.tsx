import { isNever, sayDate } from "../format.ts";
import { STATUS_WORDS } from "../words.ts";
import type { IconName } from "./icon.tsx";
import { Tag, type Tone } from "./tag.tsx";

const LOOKS: Record<string, [Tone, IconName | undefined]> = {
  open: ["quiet", undefined],
  acknowledged: ["accent", undefined],
  snoozed: ["quiet", "clock"],
  waived: ["warn", "clock"],
  shadow: ["quiet", undefined],
  absorbed: ["quiet", undefined],
  resolved: ["good", "check"],
  suspected: ["quiet", undefined],
  cleared: ["quiet", "check"],
};

/** Where an exception stands, with the date its rest ends. */
export function ExceptionStatus({ status, until = "" }: { status: string; until?: string }) {
  const [tone, icon] = LOOKS[status] ?? ["quiet", undefined];
  return (
    <Tag tone={tone} {...(icon ? { icon } : {})}>
      {STATUS_WORDS[status] ?? status}
      {!isNever(until) && ` until ${sayDate(until.slice(0, 10))}`}
    </Tag>
  );
}
