import { RULE_STATE_WORDS } from "../words.ts";
import { Tag, type Tone } from "./tag.tsx";

const TONES: Record<string, Tone> = {
  draft: "warn",
  simulated: "warn",
  shadow: "accent",
  active: "good",
  retired: "quiet",
  replaced: "quiet",
};

/** What has become of a version of a rule. */
export function RuleState({ state }: { state: string }) {
  return <Tag tone={TONES[state] ?? "quiet"}>{RULE_STATE_WORDS[state] ?? state}</Tag>;
}
