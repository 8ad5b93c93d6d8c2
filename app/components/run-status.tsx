import { RUN_WORDS } from "../words.ts";
import type { IconName } from "./icon.tsx";
import { Tag, type Tone } from "./tag.tsx";

const LOOKS: Record<string, [Tone, IconName]> = {
  clean: ["good", "check"],
  exceptions: ["accent", "exceptions"],
  inconclusive: ["warn", "clock"],
  failed: ["bad", "cross"],
  not_applicable: ["quiet", "blocked"],
};

export function RunStatus({ status }: { status: string }) {
  const [tone, icon] = LOOKS[status] ?? ["quiet", "clock"];
  return (
    <Tag tone={tone} icon={icon}>
      {RUN_WORDS[status] ?? status}
    </Tag>
  );
}
