import { expect, it, test } from "vitest";
import { isOpenAt, nextOpening } from "../../src/domain/hours.ts";

const MINUTE_MS = 60_000;
const sunday = (from: string, to: string) => ({ day: 0, fromMinute: minute(from), toMinute: minute(to) });
const minute = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
const at = (iso: string) => new Date(iso);

test.each([
  [
    "an opening that summer time skips is at the change",
    "Europe/Berlin",
    "02:30",
    "2026-03-28T12:00Z",
    "2026-03-29T01:00Z",
  ],
  ["an opening that comes twice is the first", "Europe/Berlin", "02:30", "2026-10-24T12:00Z", "2026-10-25T00:30Z"],
  ["a change of half an hour counts as well", "Australia/Lord_Howe", "02:15", "2026-10-03T00:00Z", "2026-10-03T15:30Z"],
  ["without a change the clock on the wall counts", "Europe/Berlin", "02:30", "2026-11-20T12:00Z", "2026-11-22T01:30Z"],
])("%s", (_, timezone, from, now, opens) => {
  expect(nextOpening({ timezone, open: [sunday(from, "10:00")] }, at(now))).toEqual(at(opens));
});

test("a queue that closes before an hour is repeated opens again with it", () => {
  const hours = { timezone: "Europe/Berlin", open: [sunday("02:00", "02:30")] };
  expect(nextOpening(hours, at("2026-10-25T00:45Z"))).toEqual(at("2026-10-25T01:00Z"));
});

// Every minute of the days around each change, by brute force.
it.each(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Santiago"])(
  "names the first open minute: %s",
  (timezone) => {
    const hours = { timezone, open: [sunday("00:00", "01:00"), { day: 6, fromMinute: 1_320, toMinute: 1_560 }] };
    for (const day of ["2026-03-05", "2026-04-02", "2026-10-29"]) {
      const begins = Date.parse(`${day}T00:00:00Z`);
      const open = Array.from({ length: 5 * 1_440 }, (_, n) => isOpenAt(hours, new Date(begins + n * MINUTE_MS)));
      for (let n = 0; n < 1_440; n += 97) {
        const first = open.indexOf(true, n);
        if (open[n] === true || first === -1) continue;
        expect(nextOpening(hours, new Date(begins + n * MINUTE_MS))).toEqual(new Date(begins + first * MINUTE_MS));
      }
    }
  },
);
