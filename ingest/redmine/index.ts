/** Redmine as the PSA: where people are booked and book their time. Time, allocations, rates and a project's state can be corrected. */
import type { Entity } from "#core/entities";
import type { Connector, Stream } from "../connector.ts";
import { checkInstance } from "./check.ts";
import { openInstance } from "./client.ts";
import { keyFieldsOf, lacksOf } from "./lacks.ts";
import { type RedmineSettings, settings } from "./settings.ts";
import { journalStream } from "./streams-change.ts";
import { feedStream } from "./streams-feed.ts";
import { userStream } from "./streams-people.ts";
import { projectStream } from "./streams-project.ts";
import { rateStream } from "./streams-rate.ts";
import { timeStream } from "./streams-time.ts";
import { allocationStream, taskStream } from "./streams-work.ts";
import { instanceWriter } from "./write.ts";

/** Where each kind of record opens in the vendor's own screens. */
const PAGES: Readonly<Partial<Record<Entity, (id: string) => string>>> = {
  resource: (id) => `/users/${id}`,
  customer: (id) => `/projects/${id}`,
  project: (id) => `/projects/${id}`,
  task: (id) => `/issues/${id}`,
  assignment: (id) => `/issues/${id}`,
  rate_card: (id) => `/issues/${id}`,
  rate_line: (id) => `/issues/${id}`,
  time_entry: (id) => `/time_entries/${id}/edit`,
};

export const redmine: Connector<RedmineSettings> = {
  vendor: "redmine",
  label: "Redmine",
  roles: ["psa"],
  settings,
  open(source, s, deps) {
    const instance = openInstance(source, s, deps);
    const streams: Stream[] = [
      userStream(instance),
      projectStream(instance),
      taskStream(instance),
      ...(s.allocationTracker === null ? [] : [allocationStream(instance)]),
      ...(s.rateTracker === null ? [] : [rateStream(instance)]),
      timeStream(instance),
      ...(s.history ? [journalStream(instance)] : []),
      ...(s.changeFeed === "off" ? [] : [feedStream(instance)]),
    ];
    const screens = source.baseUrl.replace(/\/+$/, "");
    return {
      check: () => checkInstance(instance, source, deps.clock),
      streams,
      writer: instanceWriter(instance, s),
      lacks: lacksOf(s),
      keyFields: keyFieldsOf(s),
      recordUrl: (entity, nativeId) => {
        const page = PAGES[entity];
        return page === undefined ? null : screens + page(encodeURIComponent(nativeId));
      },
    };
  },
};
