/** Which files are not passed on between customers and operators, and why. */
import { extensionOf } from "../domain/file-name.ts";
import type { Seen } from "./media-type.ts";

const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/));

/**
 * Files that run when opened. Gmail's list of blocked types (support.google.com/mail/answer/6590), shells, and macOS's
 * own.
 */
const PROGRAMS = words(
  `ade adp apk appx appxbundle bat cab chm cmd com cpl diagcab diagcfg diagpkg dll dmg ex ex_ exe hta img ins iso isp jar
   jnlp js jse lib lnk mde mjs msc msi msix msixbundle msp mst nsh pif ps1 psc1 psm1 scr sct sh shb sys vb vbe vbs vhd vhdx
   vxd wsc wsf wsh xll xpi bash zsh ksh command workflow scpt scptd app pkg desktop reg url webloc gadget application`,
);
/** Office documents whose name says that they hold macros. */
const MACROS = words("docm dotm xlsm xltm xlam xlm pptm potm ppam ppsm sldm");
const ARCHIVES = words("zip 7z rar gz tgz bz2 tbz xz txz zst tar cab arj lzh ace z");
const WEB_PAGES = words("html htm xhtml xht shtml mht mhtml");

export interface Claim {
  /** Cleaned; "" where none was given. */
  name: string;
  mediaType: string | undefined;
}

/** Fault of a file, to be read after "“name” was not kept: "; null where nothing is. */
export function refusalOf(file: Seen, claim: Claim): string | null {
  const extension = extensionOf(claim.name);
  if (file.kind === "program" || PROGRAMS.has(extension)) return "it is a program or a script";
  if (file.kind === "macros" || MACROS.has(extension)) return "it is a document with macros";
  if (file.kind === "archive") return archiveRefusal(file.names);
  if (file.kind !== "html") return null;
  const claimed = otherThanHtml(claim, extension);
  return claimed === null ? null : `it is a web page, though it was said to be ${claimed}`;
}

function archiveRefusal(names: readonly string[] | null): string | null {
  if (names === null) return "it is an archive that can't be looked into; ask for the file itself, or a plain ZIP file";
  const bad = names.find((name) => PROGRAMS.has(extensionOf(name)) || MACROS.has(extensionOf(name)));
  if (bad !== undefined) return "it is an archive with a program, a script or macros in it";
  return names.some((name) => ARCHIVES.has(extensionOf(name))) ? "it is an archive with another one in it" : null;
}

/**
 * Kinds that a web page was said to be instead. Platforms answer so, with status 200, where the right to read a file is
 * missing.
 */
function otherThanHtml({ mediaType }: Claim, extension: string): string | null {
  if (mediaType !== undefined && !/^(?:text\/html|application\/xhtml\+xml)\b/i.test(mediaType)) return mediaType;
  return extension === "" || WEB_PAGES.has(extension) ? null : `“.${extension}”`;
}
