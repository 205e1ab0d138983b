import type { Endpoint } from "../../../ipc/generated/Endpoint";
import type { EndpointVersion } from "../../../ipc/generated/EndpointVersion";

/** The versions that can be called on their own: by header on the extension route, by address on the classic route. */
export function callableVersions({ route, versions }: Endpoint): EndpointVersion[] {
  return versions.filter(({ url }) => route === "extension" || url !== null);
}

/** The address to call; `null` if Azure states none. */
export function addressOf({ route, url, versions }: Endpoint, version: string | null): string | null {
  const own = route === "classic" ? versions.find(({ name }) => name === version)?.url : undefined;
  return own ?? url;
}
