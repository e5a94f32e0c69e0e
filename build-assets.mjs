// Copies what tsc leaves behind into dist/: the pages' files, and the JSON that the examples read.
import { cpSync, existsSync, statSync } from "node:fs";
import { basename, extname } from "node:path";

copy("src/admin/pages", [".html", ".css", ".js", ".svg"]);
copy("examples", [".json"]);

/** Copies the files of `folder` with one of these endings to the same place under dist/. */
function copy(folder, endings) {
  if (!existsSync(folder)) return;
  const wanted = (path) =>
    basename(path) !== "node_modules" && (statSync(path).isDirectory() || endings.includes(extname(path)));
  cpSync(folder, `dist/${folder}`, { recursive: true, filter: wanted });
}
