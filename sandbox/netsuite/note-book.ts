/**
 * What the account remembers about changes: system notes (who set which member from what to what) and deleted records.
 * As with the vendor, notes exist for entities and transactions only, and go when their record is deleted.
 */
import type { Row, WriteMark } from "../vendor-store.ts";
import type { Field, RecordType } from "./record-field.ts";
import type { WallTime, Zone } from "./zone.ts";

export interface SystemNote {
  at: WallTime;
  visibleAt: number;
  field: string;
  oldValue: string | null;
  newValue: string | null;
  /** Id of the user who made the change. */
  name: string;
  role: string;
  /** How it was made: `UIF` by hand in the user interface, `RWS` through REST web services. */
  context: string;
  record: string;
  recordId: number;
  recordTypeId: number;
}

export interface DeletedRecord {
  at: WallTime;
  visibleAt: number;
  recordType: string;
  name: string;
  externalId: string | null;
  deletedBy: string;
  context: string;
}

export interface NoteBook {
  recordEdit(type: RecordType, id: string, before: Row | undefined, after: Row, mark: WriteMark): void;
  recordDelete(type: RecordType, id: string, before: Row, mark: WriteMark): void;
  notes(): Iterable<SystemNote>;
  deleted(): Iterable<DeletedRecord>;
}

export interface NoteBookOptions {
  zone: Zone;
  isIntegration(user: string): boolean;
  show(field: Field, value: unknown): string | null;
}

const ADMINISTRATOR_ROLE = "3";
const INTEGRATION_ROLE = "1021";

export function createNoteBook(options: NoteBookOptions): NoteBook {
  const byRecord = new Map<string, SystemNote[]>();
  const deleted: DeletedRecord[] = [];
  const contextOf = (user: string) => (options.isIntegration(user) ? "RWS" : "UIF");

  return {
    recordEdit(type, id, before, after, mark) {
      if (type.noteTypeId === undefined) return;
      const key = `${type.noteTypeId}:${id}`;
      for (const [name, field] of Object.entries(type.fields)) {
        if (field.note === undefined || (before?.[name] ?? null) === (after[name] ?? null)) continue;
        const note: SystemNote = {
          at: options.zone.wallOf(mark.at),
          visibleAt: mark.visibleAt ?? mark.at,
          field: field.note,
          oldValue: noteText(field, before?.[name]),
          newValue: noteText(field, after[name]),
          name: mark.by,
          role: options.isIntegration(mark.by) ? INTEGRATION_ROLE : ADMINISTRATOR_ROLE,
          context: contextOf(mark.by),
          record: String(after[type.title] ?? id),
          recordId: Number(id),
          recordTypeId: type.noteTypeId,
        };
        const list = byRecord.get(key);
        if (list === undefined) byRecord.set(key, [note]);
        else list.push(note);
      }
    },
    recordDelete(type, id, before, mark) {
      byRecord.delete(`${type.noteTypeId}:${id}`);
      deleted.push({
        at: options.zone.wallOf(mark.at),
        visibleAt: mark.visibleAt ?? mark.at,
        recordType: type.name.toLowerCase(),
        name: String(before[type.title] ?? id),
        externalId: typeof before.externalId === "string" ? before.externalId : null,
        deletedBy: mark.by,
        context: contextOf(mark.by),
      });
    },
    *notes() {
      for (const list of byRecord.values()) yield* list;
    },
    deleted: () => deleted,
  };

  function noteText(field: Field, value: unknown): string | null {
    if (field.kind.is === "bool" && typeof value === "boolean") return value ? "T" : "F";
    return options.show(field, value);
  }
}
