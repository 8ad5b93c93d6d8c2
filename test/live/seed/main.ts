/** `servers.sh seed`: puts the firm into both flavours of both systems and writes live.json. */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { instantOf, systemClock } from "#core/time";
import { type Estate, FLAVOURS, type Flavour, type Side, writeEstate } from "../estate.ts";
import { CUSTOMERS, calendarOf } from "./firm.ts";
import { linkOpportunities, seedRedmine } from "./redmine.ts";
import { seedTryton } from "./tryton.ts";

const { values } = parseArgs({ options: { root: { type: "string" }, port: { type: "string" } } });
if (values.root === undefined || values.port === undefined) throw new Error("Use: test/live/servers.sh seed");
const root = values.root;
const port = Number(values.port);
const PASSWORD = "live-admin-password";

const calendar = calendarOf(instantOf(systemClock.now()).slice(0, 10));

async function seed(flavour: Flavour): Promise<Side> {
  const redmine = await seedRedmine(
    {
      url: `http://127.0.0.1:${port + 2 + FLAVOURS.indexOf(flavour)}`,
      databaseFile: join(root, "data", flavour, "redmine.db"),
      admin: `admin:${PASSWORD}`,
    },
    calendar,
  );
  const tryton = await seedTryton(
    {
      url: `http://127.0.0.1:${port + 1}`,
      database: flavour,
      admin: { username: "admin", password: PASSWORD },
      integration: { username: "plumbline", password: "plumb-Tries9" },
    },
    calendar,
    redmine.side,
    redmine.time,
  );
  await linkOpportunities(
    redmine.side,
    Object.fromEntries(Object.entries(tryton.engagements).map(([key, e]) => [key, e.opportunityNumber])),
  );
  return { redmine: redmine.side, tryton };
}

const [vanilla, addons] = await Promise.all([seed("vanilla"), seed("addons")]);
const estate: Estate = {
  root,
  postgres: { host: "127.0.0.1", port, user: "postgres" },
  calendar: {
    today: calendar.today,
    signedOn: calendar.signedOn,
    endsOn: calendar.endsOn,
    firstWorkDay: calendar.days[0] ?? calendar.today,
    lastWorkDay: calendar.days.at(-1) ?? calendar.today,
  },
  rates: Object.fromEntries(CUSTOMERS.map((c) => [c.code, { ...c.rates }])),
  vanilla,
  addons,
};
writeEstate(estate);
