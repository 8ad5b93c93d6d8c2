/** Correcting an allocation's dates and share. The vendor has no precondition, so: read, compare, write, read again. */
import { sameValue } from "#core/decimal";
import type { Values } from "../connector.ts";
import { fieldsOf } from "../payload.ts";
import { movedSince, newValue } from "../push-outcome.ts";
import type { Account, Row } from "./client.ts";
import { NOTHING, outcomeOf, pick, type RecordWriter, refId, rejected } from "./record-writer.ts";

export function allocationWriter(account: Account): RecordWriter {
  const valuesOf = (row: Row): Values => {
    const f = fieldsOf(row);
    return {
      start_on: f.text("startDate") || null,
      end_on: f.text("endDate") || null,
      allocation_pct: f.decimal("percentOfTime"),
    };
  };
  const look = async (id: string) => {
    const row = await account.record("resourceAllocation", id);
    return row === null ? null : { row, values: valuesOf(row) };
  };
  return {
    actions: ["update"],
    async read(target, fields) {
      const found = target.nativeId === null ? null : await look(target.nativeId);
      if (found === null) return NOTHING;
      const stamp = found.row.lastModifiedDate;
      return {
        exists: true,
        nativeId: target.nativeId,
        values: pick(found.values, fields),
        token: typeof stamp === "string" ? stamp : null,
        locked: null,
      };
    },
    async write(change) {
      const id = change.target.nativeId;
      const before = id === null ? null : await look(id);
      if (id === null || before === null)
        return rejected("plumbline.gone", `The allocation is no longer in ${account.name}.`);
      const moved = movedSince(change, before.values);
      if (moved) return moved;
      const share = newValue(change, "allocation_pct");
      if (share !== null && refId(before.row.allocationUnit) === "H")
        return rejected(
          "plumbline.planned-in-hours",
          `This allocation is planned in hours in ${account.name}, so its share of time follows from them and cannot be set. Change the hours there.`,
        );
      const body = {
        ...field("startDate", newValue(change, "start_on")),
        ...field("endDate", newValue(change, "end_on")),
        ...(share === null
          ? {}
          : { allocationAmount: JSON.parse(share) as number, allocationUnit: { id: "P" } }),
      };
      const reread = async () => (await look(id))?.values ?? {};
      const outcome = await outcomeOf(
        account,
        `PATCH resourceAllocation/${id}`,
        id,
        () => account.write("PATCH", `resourceAllocation/${id}`, body),
        reread,
      );
      if (outcome.outcome !== "applied") return outcome;
      const after = await reread().catch(() => null);
      if (after === null)
        return {
          outcome: "unknown",
          message: `${account.name} took the change and could not be read afterwards, so it is not known whether it kept it.`,
        };
      const lost = change.changes.filter((c) => !sameValue(after[c.field] ?? null, c.to));
      return lost.length === 0
        ? outcome
        : rejected(
            "plumbline.not-kept",
            `${account.name} took the change and did not keep it: ${lost.map((c) => `${c.field} is ${after[c.field] ?? "empty"}`).join("; ")}. A person must look at the record.`,
          );
    },
  };
}

function field(name: string, value: string | null): Record<string, string> {
  return value === null ? {} : { [name]: value };
}
