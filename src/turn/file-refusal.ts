/** Refuses files that are not passed on between customers and operators. */
import { extensionOf, fileName } from "../domain/file-name.ts";
import type { FileKind } from "./file-kind.ts";

const wordSet = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/));

/**
 * Files that run when opened, or that connect to a host named in them: Gmail's list of blocked types
 * (support.google.com/mail/answer/6590), scripts of shells, macOS and Python, and types that Windows and Office act on.
 */
const PROGRAMS = wordSet(
  `ade adp apk appx appxbundle bat cab chm cmd com cpl diagcab diagcfg diagpkg dll dmg ex ex_ exe hta img ins iso isp jar
   jnlp js jse lib lnk mde mjs msc msi msix msixbundle msp mst nsh pif ps1 psc1 psm1 scr sct sh shb sys vb vbe vbs vhd vhdx
   vxd wsc wsf wsh xll xpi bash zsh ksh command workflow scpt scptd app pkg desktop reg url webloc gadget
   application py pyw pyz pyc pyzw scf iqy oqy dqy rqy slk rdp settingcontent-ms appref-ms library-ms search-ms
   searchconnector-ms one onepkg theme themepack xbap hlp`,
);
/** Office documents with macros, by their extension. */
const MACROS = wordSet("docm dotm xlsm xltm xlam xlm pptm potm ppam ppsm sldm");
const ARCHIVES = wordSet("zip 7z rar gz tgz bz2 tbz xz txz zst tar cab arj lzh ace z");
const PICTURES = wordSet("jpg jpeg jfif png gif bmp webp tif tiff heic heif avif");
/** Picture types whose signatures we know. */
const PICTURE_TYPES = /^image\/(?:jpe?g|pjpeg|png|gif|bmp|webp|tiff|hei[cf]|avif)\b/i;
const WEB_PAGES = wordSet("html htm xhtml xht shtml mht mhtml");

export interface Claim {
  /** Cleaned; "" where none was given. */
  name: string;
  mediaType: string | undefined;
}

/** Reason why a file is refused, to follow "“name” was not kept: "; null: it is accepted. */
export function refusalOf(file: FileKind, claim: Claim): string | null {
  const extensions = extensionsOf(claim.name);
  if (file.kind === "program" || isIn(PROGRAMS, extensions)) return "it is a program or a script";
  if (file.kind === "macros" || isIn(MACROS, extensions)) return "it is a document with macros";
  if (file.kind === "archive") return archiveRefusal(file.names);
  if (file.kind === "package") return holdsProgram(file.names) ? `it is a document ${WITH_PROGRAM}` : null;
  const extension = extensions.at(-1) ?? "";
  if (file.kind === "html") return mismatch("a web page", claimedOtherThanHtml(claim, extension));
  // Plain text under a picture's name is harmless, since it is sent as text. Markup may draw a page.
  return file.kind === "text" && isMarkup(file.type) ? mismatch("no picture", claimedPicture(claim, extension)) : null;
}

const mismatch = (what: string, claimed: string | null): string | null =>
  claimed === null ? null : `it is ${what}, though it was said to be ${claimed}`;

const isIn = (kinds: ReadonlySet<string>, extensions: readonly string[]): boolean =>
  extensions.some((extension) => kinds.has(extension));

/**
 * The extensions by which a file of this name may be opened, lower case; "" where there is none. Windows ends a name at
 * a colon ("a.exe::$DATA"), other programs at a NUL.
 */
const extensionsOf = (name: string): string[] =>
  (name.split(/[/\\]/).at(-1) ?? "").split(/[:\0]/).map((part) => extensionOf(fileName(part, "")));

const WITH_PROGRAM = "with a program, a script or macros in it";
const holdsProgram = (names: readonly string[]): boolean =>
  names.some((name) => isIn(PROGRAMS, extensionsOf(name)) || isIn(MACROS, extensionsOf(name)));

function archiveRefusal(names: readonly string[] | null): string | null {
  if (names === null) return "it is an archive that can't be inspected; ask for the file itself, or a plain ZIP file";
  if (holdsProgram(names)) return `it is an archive ${WITH_PROGRAM}`;
  return names.some((name) => isIn(ARCHIVES, extensionsOf(name))) ? "it is an archive with another one in it" : null;
}

/**
 * The type that a web page was claimed to be instead; null: none. Platforms send a web page with status 200 where the
 * permission to read a file is missing.
 */
function claimedOtherThanHtml({ mediaType }: Claim, extension: string): string | null {
  if (mediaType !== undefined && !/^(?:text\/html|application\/xhtml\+xml)\b/i.test(mediaType)) return mediaType;
  return extension === "" || WEB_PAGES.has(extension) ? null : `“.${extension}”`;
}

const isMarkup = (type: string | null): boolean => type === "image/svg+xml" || type === "application/xml";

/** The picture type that a text was claimed to be, as media type or extension; null: none. */
function claimedPicture({ mediaType }: Claim, extension: string): string | null {
  if (mediaType !== undefined && PICTURE_TYPES.test(mediaType)) return mediaType;
  return PICTURES.has(extension) ? `“.${extension}”` : null;
}
