/** Reads an own property by a name from outside; never an inherited one such as "constructor". */
export const own = <Value>(record: Readonly<Record<string, Value>>, name: string): Value | undefined =>
  Object.hasOwn(record, name) ? record[name] : undefined;
