import { createContext, useContext } from "react";
import type { SubscriptionFacts } from "../ipc/generated/SubscriptionFacts";

/** On whose account Azure is asked, and the subscriptions that can be read. */
export interface SignedIn {
  account: string;
  subscriptions: readonly SubscriptionFacts[];
}

/** Who is signed in; `null` before. The session provides it. */
export const SignedInContext = createContext<SignedIn | null>(null);

const NOBODY: SignedIn = { account: "", subscriptions: [] };

/** Who is signed in, for what is shown on pages and in steps alike. */
export function useAccount(): SignedIn {
  return useContext(SignedInContext) ?? NOBODY;
}
