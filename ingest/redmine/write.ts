/** The corrections Redmine takes from Plumbline, by kind of record. */
import type { Entity } from "#core/entities";
import { RequestError } from "#core/errors";
import type { Writer } from "../connector.ts";
import type { Instance } from "./client.ts";
import { type RecordWriter, rejected } from "./record-writer.ts";
import type { RedmineSettings } from "./settings.ts";
import { allocationWriter, rateLineWriter } from "./write-issue.ts";
import { projectWriter } from "./write-project.ts";
import { timeWriter } from "./write-time.ts";

/** The writer of one instance. Allocations and rate lines can be written where the settings name a tracker for them. */
export function instanceWriter(instance: Instance, settings: RedmineSettings): Writer {
  const { allocationTracker, rateTracker } = settings;
  const writers: Partial<Record<Entity, RecordWriter>> = {
    time_entry: timeWriter(instance, settings),
    project: projectWriter(instance),
    ...(allocationTracker === null
      ? {}
      : { assignment: allocationWriter(instance, settings, allocationTracker) }),
    ...(rateTracker === null ? {} : { rate_line: rateLineWriter(instance, settings, rateTracker) }),
  };
  return {
    can: Object.fromEntries(Object.entries(writers).map(([entity, w]) => [entity, w.actions])),
    async read(target, fields, refs) {
      const writer = writers[target.entity];
      if (!writer)
        throw new RequestError("redmine.no-such-target", `Cannot write ${target.entity}`, {
          userMessage: `Plumbline does not write this kind of record in ${instance.name}.`,
        });
      return writer.read(target, fields, refs);
    },
    async write(change) {
      const writer = writers[change.target.entity];
      return writer?.actions.includes(change.action)
        ? writer.write(change)
        : rejected(
            "plumbline.unsupported",
            `Plumbline does not ${change.action} this kind of record in ${instance.name}.`,
          );
    },
  };
}
