/** Charges: what a project is to be billed beside or for its time. A milestone is one that no time entry stands behind. */
import { choice, common, date, number, type RecordType, ref, text } from "./record-field.ts";

export const chargeType: RecordType = {
  name: "charge",
  rest: "full",
  idSpace: "charge",
  title: "description",
  required: { billTo: "Project" },
  fields: {
    ...common,
    description: text(),
    billTo: ref("job"),
    amount: number(),
    rate: number(),
    quantity: number(),
    chargeDate: date(),
    projectTask: ref("projectTask"),
    timeRecord: ref("timeBill"),
    invoice: ref("invoice"),
    stage: choice({
      NON_BILLABLE: "Non-Billable",
      READY_FOR_BILLING: "Ready for Billing",
      HOLD_FOR_BILLING: "Hold for Billing",
    }),
    use: choice({ Actual: "Actual", Forecast: "Forecast" }),
  },
};
