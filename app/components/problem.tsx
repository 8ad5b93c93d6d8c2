import { Icon } from "./icon.tsx";

/** What a form was refused for, in words; nothing when it was not. */
export function Problem({ answer }: { answer: { problem: string } | undefined }) {
  if (!answer) return null;
  return (
    <p className="problem" role="alert">
      <Icon name="alert" />
      <span>{answer.problem}</span>
    </p>
  );
}
