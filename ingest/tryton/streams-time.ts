/** Time entries: timesheet.line. Its UUID carries the PSA's id; it is billed once an invoice line points at it. */
import { compare, type DecimalText } from "#core/decimal";
import { NO_DATE } from "#core/entities";
import { reject } from "../payload.ts";
import type { Server } from "./client.ts";
import { linkOf } from "./link.ts";
import { modelStream } from "./model-stream.ts";
import type { Models } from "./models.ts";
import { mappingOf, referenceTo, type TrytonRecord, valueAt } from "./record.ts";
import { CHAIN } from "./streams-project.ts";
import { chainsOf, customerIn, placesIn, projectIn } from "./work-tree.ts";

/** Where time lines hold their approval: the setting's field, or the add-on's. */
export const ADD_ON_APPROVAL = "approval_state";

export function timeStream(server: Server, models: Models) {
  const { settings } = server;
  const link = linkOf(settings);
  const approval = settings.approvalField ?? ADD_ON_APPROVAL;
  return modelStream(server, models, {
    model: "timesheet.line",
    yields: "time_entry",
    company: "company",
    setting: null,
    fields: [
      "uuid",
      "employee",
      "date",
      "duration",
      "description",
      "work",
      "work.origin",
      ...(settings.projectInvoicing ? ["invoice_line"] : []),
      approval,
    ],
    // A line is not touched when its task moves to another project; a full read puts that right.
    async complete(rows, reading) {
      const chains = await chainsOf(
        reading,
        settings.link.field,
        rows.flatMap((row) => workIn(row) ?? []),
      );
      return rows.map((row) => {
        const works = (chains.get(workIn(row) ?? 0) ?? []).map(({ changed_at: _, ...place }) => place);
        return { ...row, [CHAIN]: works };
      });
    },
    map: mappingOf((r) => {
      const chain = placesIn(r.raw(CHAIN));
      const state = r.text(approval);
      const workOn = r.date("date");
      if (workOn === NO_DATE) reject("bad-date", "date is empty.");
      const isInvoiced = r.text("invoice_line") !== "";
      return [
        {
          entity: "time_entry",
          nativeId: r.required("id"),
          key: timeKey(r.text("uuid"), settings.timeUuidPrefix),
          data: {
            project_ref: projectIn(chain, link),
            task_ref: chain[0]?.type === "task" ? String(chain[0].id) : "",
            resource_ref: r.text("employee"),
            assignment_ref: "",
            work_on: workOn,
            hours: hoursIn(r),
            is_billable: customerIn(chain) !== "",
            status: state || (isInvoiced ? "invoiced" : ""),
            is_approved: !settings.rejectedTimeStatuses.includes(state),
            is_invoiced: isInvoiced,
            bill_rate: null,
            // A time line has no currency of its own; its project's applies.
            currency: "",
            note: r.text("description"),
            recorded_at: r.instant("create_date"),
          },
        },
      ];
    }),
  });
}

/** The agreed key in a time line's UUID; null when the line was not made from one. */
export function timeKey(uuid: string, prefix: string): string | null {
  return uuid.startsWith(prefix) && uuid.length > prefix.length ? uuid.slice(prefix.length) : null;
}

/** The project or task a time line is booked on; null for other work. */
export function workIn(row: unknown): number | null {
  return referenceTo(valueAt(row, "work.origin"), "project.work");
}

function hoursIn(r: TrytonRecord): DecimalText {
  const hours = r.hours("duration") ?? reject("bad-number", "duration is empty.");
  if (compare(hours, "0") < 0 || compare(hours, "24") > 0)
    reject("out-of-range", `duration holds ${hours} hours; a day has 0 to 24.`);
  return hours;
}
