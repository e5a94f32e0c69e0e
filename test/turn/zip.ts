/** Makes a ZIP file of these names, without compression, each with a short text or the given content. */
export function zip(entries: readonly string[] | Readonly<Record<string, string | Buffer>>): Buffer {
  const files = Array.isArray(entries)
    ? entries.map((name): [string, string | Buffer] => [name, "content"])
    : Object.entries(entries as Readonly<Record<string, string | Buffer>>);
  const local: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of files) {
    const [nameBytes, data] = [Buffer.from(name), Buffer.from(text as string)];
    const entry = Buffer.concat([header(30, "PK\x03\x04", { data, nameBytes, at: 18 }), nameBytes, data]);
    const listed = header(46, "PK\x01\x02", { data, nameBytes, at: 20 });
    listed.writeUInt32LE(offset, 42);
    local.push(entry);
    directory.push(listed, nameBytes);
    offset += entry.length;
  }
  const list = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(list.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...local, list, end]);
}

function header(length: number, mark: string, o: { data: Buffer; nameBytes: Buffer; at: number }): Buffer {
  const bytes = Buffer.alloc(length);
  bytes.write(mark, "latin1");
  bytes.writeUInt32LE(o.data.length, o.at);
  bytes.writeUInt32LE(o.data.length, o.at + 4);
  bytes.writeUInt16LE(o.nameBytes.length, o.at + 8);
  return bytes;
}
