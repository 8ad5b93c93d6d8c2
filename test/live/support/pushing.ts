/** A correction from its preview to its proof, by two people, through the same functions the console and the command use. */
import { expect } from "vitest";
import { proofDeps } from "#app/data/proof.server";
import { systemClock } from "#core/time";
import { pushExecute } from "#reconcile/push/execute";
import { pushPreview } from "#reconcile/push/preview";
import { type Actor, type DecideDeps, pushApprove, pushRequest } from "#reconcile/push/request";
import type { Push } from "#reconcile/push/state";
import { type Proof, pushVerify } from "#reconcile/push/verify";
import { statusOf } from "./standing.ts";
import type { World } from "./world.ts";

export const finance: Actor = { name: "finance", roles: ["finance"] };
export const approver: Actor = { name: "approver", roles: ["approver"] };

/** @param systemOfRecord what the configuration names as right, besides what it names already */
export function pushDeps(
  world: World,
  systemOfRecord: Record<string, "crm" | "psa" | "erp"> = {},
): DecideDeps {
  const { store, config, sources } = world;
  return {
    store,
    sources,
    clock: systemClock,
    config: { ...config, systemOfRecord: { ...config.systemOfRecord, ...systemOfRecord } },
  };
}

/** Requested by one person and approved by another; nothing is written yet. */
export async function approved(deps: DecideDeps, exceptionId: string): Promise<string> {
  const { id } = await pushRequest(deps, finance, exceptionId);
  await pushApprove(deps, approver, id);
  return id;
}

export async function execute(deps: DecideDeps, exceptionId: string): Promise<Push> {
  return pushExecute(deps, await approved(deps, exceptionId));
}

/** Proof as the worker gives it, judged a day later, when everything has settled. */
export function prove(world: World, deps: DecideDeps, id: string): Promise<Proof> {
  return pushVerify(
    {
      ...proofDeps(deps),
      async reconcile(rules) {
        await world.compareLater({ rules });
      },
    },
    id,
  );
}

/** The whole way; expects it written once, verified, and the exception resolved. */
export async function pushThrough(world: World, deps: DecideDeps, exceptionId: string): Promise<Push> {
  const preview = await pushPreview(deps, exceptionId);
  expect(preview.kind === "ready" ? preview.guards.filter((g) => !g.ok) : preview).toEqual([]);
  const push = await execute(deps, exceptionId);
  expect(push.status, JSON.stringify(push.last)).toBe("applied");
  const proof = await prove(world, deps, push.id);
  expect(proof.verified, proof.verified ? "" : proof.why).toBe(true);
  expect(await statusOf(world, exceptionId)).toBe("resolved");
  return proof.push;
}
