import type { PushSummary } from "../data/push-list.server.ts";
import type { IconName } from "./icon.tsx";
import { Tag, type Tone } from "./tag.tsx";

const LOOKS: Record<PushSummary["status"], [Tone, IconName]> = {
  requested: ["warn", "clock"],
  approved: ["accent", "clock"],
  started: ["accent", "sync"],
  applied: ["accent", "sync"],
  already_right: ["accent", "sync"],
  verified: ["good", "check"],
  conflict: ["bad", "cross"],
  rejected: ["bad", "cross"],
  unknown: ["bad", "alert"],
  unconfirmed: ["bad", "alert"],
  refused: ["quiet", "cross"],
  withdrawn: ["quiet", "cross"],
};

/** Where a push stands, as the server knows it; never ahead of it. */
export function PushStatus({ push }: { push: Pick<PushSummary, "status" | "statusWords"> }) {
  const [tone, icon] = LOOKS[push.status];
  return (
    <Tag tone={tone} icon={icon}>
      {push.statusWords}
    </Tag>
  );
}
