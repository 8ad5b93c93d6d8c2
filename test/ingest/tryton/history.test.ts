import { afterEach, describe, expect, it } from "vitest";
import { datetimeForm } from "#ingest/tryton/values";
import { changesIn, readAll, trytonWorld, type World } from "./world.ts";

let world: World | null = null;
afterEach(async () => {
  await world?.close();
  world = null;
});
const open = async (...args: Parameters<typeof trytonWorld>) => {
  world = await trytonWorld(...args);
  return world;
};

const LOG = "change.history.timesheet.line";
/** The add-on's log of time lines, as it is put on a server. */
function addLog(w: World) {
  w.fake.add(LOG, {
    id: { type: "integer" },
    record: { type: "integer" },
    uid: { type: "integer" },
    at: { type: "timestamp" },
    deleted: { type: "boolean" },
    employee: { type: "many2one", relation: "company.employee" },
    duration: { type: "timedelta" },
    approval_state: { type: "selection", selection: ["draft", "submitted", "approved", "rejected"] },
  });
}
interface State {
  hours?: number;
  state?: string;
  uid?: number;
  deleted?: boolean;
}
function log(w: World, id: number, record: number, at: string, s: State) {
  const columns = s.deleted
    ? { employee: null, duration: null, approval_state: null }
    : {
        employee: 1,
        duration: { __class__: "timedelta", seconds: (s.hours ?? 1) * 3600 },
        approval_state: s.state ?? "draft",
      };
  w.fake.put(
    LOG,
    { id, record, uid: s.uid ?? 1, at: datetimeForm(at), deleted: s.deleted === true, ...columns },
    at,
  );
}

describe("the add-on's log", () => {
  it("tells who changed which field, and nothing where a record was saved as it was", async () => {
    const w = await open("erp", { pageSize: 2 });
    addLog(w);
    log(w, 1, 9, "2026-11-20T10:00:00.000001Z", { hours: 4 });
    // One creation writes two states of the same moment.
    log(w, 2, 9, "2026-11-20T10:00:00.000001Z", { hours: 4 });
    log(w, 3, 8, "2026-11-20T10:01:00Z", { hours: 1 });
    log(w, 4, 9, "2026-11-20T10:05:00.250Z", { hours: 5.5, state: "submitted" });
    log(w, 5, 9, "2026-11-20T10:06:00Z", { hours: 5.5, state: "approved", uid: 0 });
    log(w, 6, 8, "2026-11-20T10:07:00Z", { deleted: true });
    const stream = w.stream("timesheet.line.history");
    const { records, ids } = await readAll(stream);
    expect(new Set(ids).size).toBe(6);
    expect(changesIn(stream, records)).toEqual([
      {
        entity: "time_entry",
        nativeId: "9",
        changeId: "timesheet.line:log-4:duration",
        field: "hours",
        oldValue: "4",
        newValue: "5.5",
        actor: "admin",
        actorKind: "person",
        changedAt: "2026-11-20T10:05:00.250Z",
      },
      expect.objectContaining({ field: "status", oldValue: "draft", newValue: "submitted" }),
      expect.objectContaining({
        field: "status",
        oldValue: "submitted",
        newValue: "approved",
        actor: "root",
        actorKind: "integration",
      }),
      expect.objectContaining({ nativeId: "8", field: "raw:record", oldValue: "there", newValue: "deleted" }),
    ]);
  });

  it("goes on where it ended, with the state before looked up", async () => {
    const w = await open();
    addLog(w);
    log(w, 1, 9, "2026-11-20T10:00:00Z", { hours: 4 });
    log(w, 2, 7, "2026-11-20T10:00:01Z", { hours: 2 });
    const stream = w.stream("timesheet.line.history");
    const { bookmark } = await readAll(stream);
    expect((await readAll(stream, bookmark)).ids).toEqual([]);
    log(w, 3, 9, "2026-11-21T14:59:59Z", { hours: 6 });
    expect(changesIn(stream, (await readAll(stream, bookmark)).records)).toMatchObject([
      { nativeId: "9", field: "hours", oldValue: "4", newValue: "6" },
    ]);
  });

  it("reads the last entries again, since one with a lower number may be committed later", async () => {
    const w = await open();
    addLog(w);
    log(w, 1, 9, "2026-11-20T10:00:00Z", { hours: 4 });
    log(w, 3, 9, "2026-11-21T14:59:58Z", { hours: 5 });
    const stream = w.stream("timesheet.line.history");
    const { bookmark } = await readAll(stream);
    log(w, 2, 7, "2026-11-21T14:59:57Z", { hours: 1 });
    w.clock.advance(300_000);
    const again = await readAll(stream, bookmark);
    expect(again.ids).toEqual(["log-2", "log-3"]);
    expect((await readAll(stream, again.bookmark)).ids).toEqual([]);
  });

  it("is found once for all, and takes the place of the row history", async () => {
    const w = await open();
    w.fake.add("change.history.party.party", {
      id: { type: "integer" },
      record: { type: "integer" },
      uid: { type: "integer" },
      at: { type: "timestamp" },
      deleted: { type: "boolean" },
      name: { type: "char" },
      active: { type: "boolean" },
    });
    const entry = { record: 2, uid: 1, deleted: false, active: true };
    const put = (id: number, name: string, at: string) =>
      w.fake.put("change.history.party.party", { ...entry, id, name, at: datetimeForm(at) }, at);
    put(1, "Kestrel Insuranse", "2026-11-20T10:00:00Z");
    put(2, "Kestrel Insurance", "2026-11-20T10:01:00Z");
    const stream = w.stream("party.party.history");
    const { records } = await readAll(stream);
    expect(changesIn(stream, records)).toMatchObject([
      { entity: "customer", nativeId: "2", field: "name", newValue: "Kestrel Insurance" },
    ]);
    expect(w.fake.called("party.party.history_revisions")).toBe(0);
  });
});

describe("a model's own row history", () => {
  it("tells the steps of a sale, with the names people know them by", async () => {
    const w = await open("crm");
    const stream = w.stream("sale.opportunity.history");
    const changes = changesIn(stream, (await readAll(stream)).records);
    expect(changes.map((c) => `${c.field} ${c.oldValue} > ${c.newValue}`)).toEqual([
      "stage lead > opportunity",
      "stage opportunity > converted",
      "amount 90000 > 45750",
      "stage converted > won",
      "close_on  > 2026-11-21",
    ]);
    expect(changes[0]).toMatchObject({
      entity: "opportunity",
      nativeId: "1",
      actor: "admin",
      actorKind: "person",
    });
    const lines = w.stream("sale.line.history");
    expect(changesIn(lines, (await readAll(lines)).records)).toMatchObject([
      { entity: "rate_line", nativeId: "sale-line:1", field: "rate", oldValue: "210", newValue: "207.5" },
    ]);
  });

  it("tells whose changes are a program's", async () => {
    const w = await open("crm", { integrationUsers: ["admin"] });
    const stream = w.stream("party.party.history");
    expect(changesIn(stream, (await readAll(stream)).records)).toMatchObject([
      { field: "name", oldValue: "Kestrel Insuranse", actorKind: "integration" },
      { nativeId: "4", field: "is_active", oldValue: "true", newValue: "false" },
    ]);
  });

  it("asks only for records that changed since, and as far back as the settings say at first", async () => {
    const w = await open("crm");
    const stream = w.stream("party.party.history");
    const { bookmark } = await readAll(stream);
    const asked = w.fake.called("party.party.history_revisions");
    expect((await readAll(stream, bookmark)).ids).toEqual([]);
    expect(w.fake.called("party.party.history_revisions")).toBe(asked);
    const other = await trytonWorld("crm", { historyDays: 0 }, w.fake);
    expect((await readAll(other.stream("party.party.history"))).ids).toEqual([]);
    w.clock.advance(120_000);
    w.fake.put("party.party", { id: 2, name: "Kestrel Group" }, "2026-11-21T15:01:00.500001Z");
    const later = await readAll(stream, bookmark);
    expect(later.ids).toEqual(["rev-2-2026-11-21T15:01:00.500001Z"]);
    expect(changesIn(stream, later.records)).toMatchObject([
      { field: "name", oldValue: "Kestrel Insurance", newValue: "Kestrel Group" },
    ]);
  });

  it("does not guess between two users of one name", async () => {
    const w = await open("crm");
    w.fake.put("res.user", { login: "second", name: "Administrator" }, "2026-11-21T14:00:00Z");
    const stream = w.stream("sale.opportunity.history");
    expect(changesIn(stream, (await readAll(stream)).records)[0]).toMatchObject({ actor: "Administrator" });
  });

  it("goes without a name for the person where users may not be read", async () => {
    const w = await open("crm");
    w.fake.forbid("res.user");
    const stream = w.stream("sale.opportunity.history");
    expect(changesIn(stream, (await readAll(stream)).records)[0]).toMatchObject({
      actor: "Administrator",
      actorKind: "person",
    });
  });

  it("is empty and complete where none is kept, and says what it does not show", async () => {
    const w = await open();
    const stream = w.stream("timesheet.line.history");
    const { pages } = await readAll(stream);
    expect(pages).toEqual([
      {
        records: [],
        bookmark: expect.any(String),
        completeUntil: "2026-11-21T14:59:00.000Z",
        note: expect.stringContaining("keeps no history of timesheet.line"),
      },
    ]);
  });
});
