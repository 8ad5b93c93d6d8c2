/** Who may do what, in one table: pages use it to decide what to offer, actions to refuse. */
import type { PersonRole } from "#core/config";

export const PERMISSIONS = {
  /** Acknowledge, assign, comment, snooze. */
  work: ["finance", "approver", "pmo", "integration", "admin"],
  /** Accept a difference for a while. */
  waive: ["finance", "approver", "admin"],
  requestPush: ["finance", "pmo", "integration", "approver", "admin"],
  approvePush: ["approver", "admin"],
  /** Start a comparison now. */
  run: ["finance", "pmo", "integration", "admin"],
  /** Try rejected records again. */
  replay: ["integration", "admin"],
} as const satisfies Record<string, readonly PersonRole[]>;

export type Permission = keyof typeof PERMISSIONS;

export function may(roles: readonly PersonRole[], permission: Permission): boolean {
  const holders: readonly PersonRole[] = PERMISSIONS[permission];
  return roles.some((r) => holders.includes(r));
}

/** A refusal in words: "Only Finance, an approver or an administrator may …". */
export const PERMISSION_WORDS: Record<Permission, string> = {
  work: "Your role lets you read exceptions, not change them. Ask Finance, the PMO or the integration owner.",
  waive: "Only Finance, an approver or an administrator may waive an exception.",
  requestPush: "Your role lets you look at pushes, not request them. Ask Finance or the PMO.",
  approvePush: "Only an approver may approve or refuse a push.",
  run: "Only Finance, the PMO, the integration owner or an administrator may start a run.",
  replay: "Only the integration owner or an administrator may replay rejected records.",
};
