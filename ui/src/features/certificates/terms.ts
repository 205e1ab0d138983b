import { queryOptions } from "@tanstack/react-query";
import { call } from "../../ipc/call";
import type { AuthorityQuestion } from "../../ipc/generated/AuthorityQuestion";

/** The terms of an authority, read once while Berth is open. */
export function termsOf(authority: AuthorityQuestion) {
  return queryOptions({
    queryKey: ["authority-terms", authority],
    queryFn: () => call("read_authority_terms", authority),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
}
