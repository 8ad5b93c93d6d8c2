import { afterAll } from "vitest";
import { describeConnector } from "../../support/conformance.ts";
import { trytonWorld, type World } from "./world.ts";

const worlds: World[] = [];
afterAll(() => Promise.all(worlds.map((w) => w.close())));

async function open(...args: Parameters<typeof trytonWorld>) {
  const world = await trytonWorld(...args);
  worlds.push(world);
  return world.opened;
}

describeConnector("Tryton (CRM)", () => open("crm", { pageSize: 2 }));
describeConnector("Tryton (ERP)", () => open("erp", { pageSize: 2 }), {
  // Those whose past the server does not keep.
  mayBeEmpty: [
    "project.work.history",
    "project.allocation.history",
    "product.price_list.line.history",
    "timesheet.line.history",
  ],
});
