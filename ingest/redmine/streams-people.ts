/** Who can work: every account that is a person's. The employee number is the agreed key. */
import type { Stream } from "../connector.ts";
import { mapping } from "../payload.ts";
import type { Instance } from "./client.ts";
import { heldText } from "./custom-value.ts";
import { allUsers } from "./directory.ts";
import { listStream } from "./list-stream.ts";

/** `User.status` of an account that may sign in. */
const ACTIVE = "1";

export function userStream(instance: Instance): Stream {
  const s = instance.settings;
  return listStream(instance, {
    name: "users",
    yields: "resource",
    mayVanish: 0.1,
    fields: ["id", "login", "firstname", "lastname", "status", "custom_fields", "updated_on"],
    async *list(signal) {
      const names = await instance.names({ signal });
      names.field("employeeNumberField");
      names.field("roleField");
      const users = await allUsers(instance, signal);
      yield { records: users, total: users.length };
    },
    map: mapping((f) => {
      const number = heldText(f, s.employeeNumberField);
      return [
        {
          entity: "resource",
          nativeId: f.required("id"),
          key: number === "" ? null : number,
          data: {
            employee_no: number,
            name: [f.text("firstname"), f.text("lastname")].filter((part) => part !== "").join(" "),
            role_name: heldText(f, s.roleField),
            is_active: f.text("status") === ACTIVE,
            // What a person costs is not kept here.
            cost_rate: null,
            currency: "",
            legal_entity: s.legalEntity,
          },
        },
      ];
    }),
  });
}
