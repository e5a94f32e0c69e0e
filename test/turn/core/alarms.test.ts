import { expect, it } from "vitest";
import { type AlarmName, alarmId, alarmName } from "../../../src/turn/core/alarms.ts";

it.each<[AlarmName, string]>([
  [{ kind: "idle", workflow: "remind" }, "idle:remind"],
  [{ kind: "undo", ref: "C1:17.2" }, "undo:C1:17.2"],
  [{ kind: "run", id: "e812.0.remind" }, "e812.0.remind"],
])("the alarm %j is stored as %s and parsed back", (name, id) => {
  expect(alarmId(name)).toBe(id);
  expect(alarmName(id)).toEqual(name);
});
