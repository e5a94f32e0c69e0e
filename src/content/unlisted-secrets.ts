/** Checks the secrets that connectors name against the lists of `frontdesk.yaml`. */
import type { ParsedManifest } from "../connector/manifest.ts";
import type { Diagnostic } from "../language/diagnostic.ts";
import { didYouMean } from "../language/suggest.ts";
import { withholdReason } from "../lib/withheld-secret.ts";
import { SETTINGS_FILE, type Settings } from "./settings.ts";
import { allowedSecrets } from "./settings-secrets.ts";

/** Reports secrets that a connector names but `secrets:` does not list for it. */
export function unlistedSecrets(manifests: readonly ParsedManifest[], settings: Settings): Diagnostic[] {
  return manifests.flatMap(({ manifest, secrets }) => {
    if (manifest === null) return [];
    const { id, file } = manifest;
    const allowed = allowedSecrets(settings, id);
    return secrets
      .filter(({ name }) => !allowed.includes(name))
      .map(({ name, at }): Diagnostic => {
        const reason = withholdReason(name);
        const fix = `is not listed for this connector; add "${name}" under "secrets: ${id}:" in ${SETTINGS_FILE}`;
        return { file, ...at, code: "C205", severity: "error", message: `${name} ${reason ?? fix}` };
      });
  });
}

/** Reports lists under `secrets:` without a connector of that id. */
export function listsWithoutConnector(manifests: readonly ParsedManifest[], { secrets }: Settings): Diagnostic[] {
  const ids = manifests.flatMap(({ manifest }) => manifest?.id ?? []);
  return Object.entries(secrets)
    .filter(([id]) => !ids.includes(id))
    .map(([id, { position }]): Diagnostic => {
      const message = `secrets: there is no connector "${id}"${didYouMean(id, ids)}`;
      return { file: SETTINGS_FILE, ...position, code: "F102", severity: "error", message };
    });
}
