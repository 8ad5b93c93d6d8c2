/** What people do and who is booked to do it: tasks and allocations, each an issue of its own tracker. */
import type { Stream } from "../connector.ts";
import { type Fields, isObject, mapping, reject } from "../payload.ts";
import type { Instance } from "./client.ts";
import { customDecimal } from "./custom-value.ts";
import { digestOf, PROJECTS, people, projectPlaces } from "./directory.ts";
import { issueStream } from "./issue-stream.ts";
import { idIn } from "./kept.ts";
import { allOf } from "./listing.ts";

/** What fits the narrowest money column. */
export const MOST_MONEY = "99999999999999";

export function taskStream(instance: Instance): Stream {
  return issueStream(instance, {
    name: "tasks",
    yields: "task",
    tracker: "taskTracker",
    needs: [],
    mayVanish: 0.1,
    fields: ["id", "project", "subject", "status", "updated_on"],
    map: mapping((f) => {
      const id = f.required("id");
      return [
        {
          entity: "task",
          nativeId: id,
          key: id,
          data: {
            project_ref: f.required("project.id"),
            name: f.text("subject"),
            status: f.text("status.name"),
            is_open: !isClosed(f),
            is_billable: true,
          },
        },
      ];
    }),
  });
}

export function allocationStream(instance: Instance): Stream {
  const s = instance.settings;
  return issueStream(instance, {
    name: "allocations",
    yields: "assignment",
    tracker: "allocationTracker",
    needs: ["allocationField", "rateField"],
    mayVanish: 0.1,
    fields: [
      "id",
      "project",
      "status",
      "assigned_to",
      "custom_fields",
      "work_key",
      "employee_no",
      "updated_on",
    ],
    async beside(signal) {
      const persons = await people(instance, signal);
      const places = projectPlaces(instance, await allOf(instance, PROJECTS, signal));
      // A project's identifier never changes; its currency may, where it has one of its own.
      const currencies = [...places].map(([id, { currency }]) => [id, currency] as const);
      return {
        digest: digestOf([...persons, ...(s.projectCurrencyField === null ? [] : currencies)]),
        of(issue) {
          const person = persons.get(idIn(issue.assigned_to) ?? 0);
          const parent = idIn(issue.parent);
          const project = places.get(idIn(issue.project) ?? 0);
          return {
            work_key: parent === null ? (project?.identifier ?? "") : String(parent),
            employee_no: person?.employee ?? "",
            role_name: person?.role ?? "",
            currency: project?.currency ?? "",
          };
        },
      };
    },
    map: mapping((f) => {
      const [work, employee] = [f.text("work_key"), f.text("employee_no")];
      return [
        {
          entity: "assignment",
          nativeId: f.required("id"),
          key: work === "" || employee === "" ? null : `${work}|${employee}`,
          data: {
            project_ref: f.required("project.id"),
            resource_ref: f.text("assigned_to.id"),
            role_name: f.text("role_name"),
            start_on: f.date("start_date"),
            end_on: f.date("due_date"),
            allocation_pct:
              customDecimal(f, s.allocationField, "1000") ??
              reject("bad-number", `${s.allocationField} is empty.`),
            hours: f.decimal("estimated_hours") ?? "0",
            bill_rate: customDecimal(f, s.rateField, MOST_MONEY),
            currency: f.text("currency") || s.currency,
            status: f.text("status.name"),
            is_active: !isClosed(f),
            is_billable: true,
          },
        },
      ];
    }),
  });
}

/** Whether an issue's status is one of those that close it. Rejects a status that does not say. */
export function isClosed(f: Fields): boolean {
  const status = f.raw("status");
  if (!isObject(status)) return reject("wrong-shape", "The issue has no status.");
  if (status.is_closed === undefined)
    return reject("wrong-shape", "The issue's status does not say whether it closes the issue.");
  return f.flag("status.is_closed");
}
