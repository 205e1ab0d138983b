import { QueryClient } from "@tanstack/react-query";

/** Reads from Azure are kept for five minutes. Rust repeats what is worth repeating, so the page does not. */
export function newQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: { retry: false, staleTime: 5 * 60_000, gcTime: 30 * 60_000, refetchOnWindowFocus: false, networkMode: "always" },
      mutations: { retry: false, networkMode: "always" },
    },
  });
}
