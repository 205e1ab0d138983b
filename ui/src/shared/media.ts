import { useEffect, useState } from "react";

/** Whether a media query holds, also while it changes. */
export function useMedia(query: string): boolean {
  const [matches, setMatches] = useState(() => globalThis.matchMedia?.(query).matches ?? false);
  useEffect(() => {
    const list = globalThis.matchMedia?.(query);
    const changed = (): void => setMatches(list?.matches ?? false);
    list?.addEventListener("change", changed);
    return () => list?.removeEventListener("change", changed);
  }, [query]);
  return matches;
}
