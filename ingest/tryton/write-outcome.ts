/** Sending one planned call, and what came of it. Nothing counts as applied until the record was read back. */
import { sameValue } from "#core/decimal";
import { AppError, ConfigError, sayError, TransientError } from "#core/errors";
import type { Change, Values, WriteOutcome } from "../connector.ts";
import { movedSince, sendOnce } from "../push-outcome.ts";
import type { Server } from "./client.ts";
import { actualOf, type Held, type Look, type Plan, type RecordWriter, type Step } from "./record-writer.ts";
import { type Answer, answerOf } from "./refusal.ts";

/** Plan, send once, and find out what came of it. */
export async function carryOut(server: Server, writer: RecordWriter, change: Change): Promise<WriteOutcome> {
  let plan: Plan;
  try {
    plan = await writer.plan(change);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return refusal(error.code, `Nothing was written. ${sayError(error)}`);
  }
  if ("outcome" in plan) return plan.outcome;
  const { step } = plan;
  const { model, method, args, stamps } = step;
  let answer: Answer;
  try {
    const sent = await sendOnce(
      server.name,
      () => server.send(model, method, args, { _timestamp: stamps }),
      () => false,
    );
    if (!sent.answered) return (await foundAfter(step, "the answer was lost")) ?? sent.outcome;
    answer = answerOf(server.name, server.settings.database, `model.${model}.${method}`, sent.response);
  } catch (error) {
    // Turned away before the call was carried out: no session to be had, or an address that leads elsewhere.
    if (error instanceof ConfigError) return refusal(error.code, `Nothing was written. ${error.userMessage}`);
    throw error;
  }
  return judged(server, change, step, answer);
}

async function judged(server: Server, change: Change, step: Step, answer: Answer): Promise<WriteOutcome> {
  const { name } = server;
  switch (answer.kind) {
    case "taken":
      return proven(server, step, answer.result);
    case "garbled":
      return (
        (await foundAfter(step, "the answer could not be read")) ?? {
          outcome: "unknown",
          message: `${name} sent an answer that breaks off or is not in the agreed format, so it cannot be told whether it made the change.`,
        }
      );
    case "moved": {
      const held = await tried(step.look);
      return {
        outcome: "conflict",
        actual: held.seen && held.held !== null ? actualOf(change, held.held) : {},
        message: `The record was changed in ${name} while this was being written. Nothing was written. ${name} said: ${answer.message}`,
      };
    }
    case "failed": {
      const there = await foundAfter(step, `${name} met an error of its own: ${answer.message}`);
      if (there !== null) return there;
      if (answer.busy)
        throw new TransientError("push.turned-away", `${name}: write rolled back: ${answer.message}`, {
          context: { reached: true },
          userMessage: `${name} is too busy and took the change back. Nothing was written; try again in a few minutes.`,
        });
      return refusal(answer.code, `${name} met an error of its own and wrote nothing: ${answer.message}`);
    }
    case "refused":
      return refusedFor(server, change, step, answer);
  }
}

async function refusedFor(
  server: Server,
  change: Change,
  step: Step,
  { code, message }: { code: string; message: string },
): Promise<WriteOutcome> {
  const { seen, held } = await tried(step.look);
  // Two creates at once: the second is refused, and the record is there.
  if (step.method === "create" && seen && held !== null) return thereAlready(server, step.expect ?? {}, held);
  if (step.method !== "create" && seen && held === null)
    return refusal(
      "plumbline.gone",
      `The record was deleted in ${server.name} meanwhile, or its user may no longer see it. ${server.name} said: ${message}`,
    );
  const moved = step.method === "write" && seen && held !== null ? movedSince(change, held.values) : null;
  if (moved?.outcome === "conflict")
    return { ...moved, message: `${moved.message} ${server.name} said: ${message}` };
  return refusal(code, step.hint === undefined ? message : `${message} ${step.hint}`);
}

/** The create's record is in the system without this create having made it. */
export function thereAlready(server: Server, expect: Values, held: Held): WriteOutcome {
  const lost = missing(expect, held.values);
  return lost.length === 0
    ? { outcome: "applied", nativeId: held.nativeId, receipt: "was there already; nothing was written" }
    : refusal(
        "plumbline.differs",
        `${server.name} already holds this record (id ${held.nativeId}) with other values: ${said(lost, held.values)}. Nothing was written; a person must look at it.`,
      );
}

/** The server answers an update with nothing, so only reading back tells what it did. */
async function proven(server: Server, step: Step, result: unknown): Promise<WriteOutcome> {
  const { name } = server;
  const made = Array.isArray(result) && typeof result[0] === "number" ? ` under the id ${result[0]}` : "";
  const { seen, held } = await tried(step.look);
  if (!seen)
    return {
      outcome: "unknown",
      message: `${name} took the change${made} and could not be read back, so it is not proven yet.`,
    };
  const receipt = `${step.model} ${step.method}`;
  if (step.expect === null)
    return held === null
      ? { outcome: "applied", nativeId: nativeIdOf(step), receipt }
      : refusal("plumbline.not-kept", `${name} took the deletion and still holds the record.`);
  if (held === null)
    return {
      outcome: "unknown",
      message: `${name} took the change${made} and does not show the record. It has to be looked for.`,
    };
  const lost = missing(step.expect, held.values);
  return lost.length === 0
    ? { outcome: "applied", nativeId: held.nativeId, receipt }
    : refusal(
        "plumbline.not-kept",
        `${name} took the change and holds something else now: ${said(lost, held.values)}. A person must look at record ${held.nativeId}.`,
      );
}

/** The outcome when the record is as it should be although no good answer came; null when it is not, or cannot be seen. */
async function foundAfter(step: Step, why: string): Promise<WriteOutcome | null> {
  const { seen, held } = await tried(step.look);
  const receipt = `read back after ${why}`;
  if (!seen) return null;
  if (step.expect === null)
    return held === null ? { outcome: "applied", nativeId: nativeIdOf(step), receipt } : null;
  return held !== null && missing(step.expect, held.values).length === 0
    ? { outcome: "applied", nativeId: held.nativeId, receipt }
    : null;
}

async function tried(look: Look): Promise<{ seen: boolean; held: Held | null }> {
  try {
    return { seen: true, held: await look() };
  } catch (error) {
    // Looking met trouble too; what is known stays what the answer said.
    if (error instanceof AppError) return { seen: false, held: null };
    throw error;
  }
}

function nativeIdOf(step: Step): string {
  const [ids] = step.args;
  return String(Array.isArray(ids) ? ids[0] : "");
}

/** Fields that were to be set and are not; what this system does not hold at all is not asked after. */
function missing(expect: Values, values: Values): readonly string[] {
  return Object.keys(expect).filter((f) => f in values && !sameValue(values[f] ?? null, expect[f] ?? null));
}

function said(fields: readonly string[], values: Values): string {
  return fields.map((f) => `${f} is ${values[f] || "empty"}`).join("; ");
}

function refusal(code: string, message: string): WriteOutcome {
  return { outcome: "rejected", code, message };
}
