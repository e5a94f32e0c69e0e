import type { Releases } from "../content/releases.ts";
import type { ModelHandlerOptions } from "../turn/asks/model.ts";
import { releaseOf } from "./catalog.ts";

/** Returns a function that loads what models are told of a release: its procedures, operations and voice. */
export const promptReleases =
  (releases: Pick<Releases, "get">): ModelHandlerOptions["promptRelease"] =>
  async (id) => {
    const content = await releases.get(id);
    if (content === null) return null;
    const { procedures, operations } = releaseOf(content);
    return { id, procedures, operation: (name) => operations.get(name) ?? null, voice: content.settings.voice };
  };
