import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, createContext, useCallback, useContext, useMemo, useState } from "react";
import { call, toFailure } from "../ipc/call";
import type { Failure } from "../ipc/generated/Failure";
import type { SessionInfo } from "../ipc/generated/SessionInfo";
import type { SubscriptionFacts } from "../ipc/generated/SubscriptionFacts";

interface SessionState {
  /** The signed-in account; `null` when signed out. */
  session: SessionInfo | null;
  /** The account that is signing in. */
  signingIn: string | null;
  /** The failure of the last sign-in, and its account. */
  refused: { account: string; failure: Failure } | null;
  /** Signs in; resolves to whether it succeeded. */
  signIn: (account: string) => Promise<boolean>;
  /** Returns to the account selection. */
  leave: () => void;
}

const SessionContext = createContext<SessionState | null>(null);

export function SessionProvider({ start, children }: { start?: SessionInfo; children: ReactNode }): ReactNode {
  const queries = useQueryClient();
  const [session, setSession] = useState<SessionInfo | null>(start ?? null);
  const { mutateAsync, reset, isPending, variables, error } = useMutation({
    mutationFn: (account: string) => call("sign_in", { account }),
  });

  const signIn = useCallback(
    async (account: string) => {
      try {
        setSession(await mutateAsync(account));
        // Drop data of the previous account and failures from before the sign-in.
        await queries.resetQueries({ queryKey: ["azure"] });
        return true;
      } catch {
        return false; // The mutation keeps the failure; it is shown from there.
      }
    },
    [mutateAsync, queries],
  );
  const leave = useCallback(() => {
    reset();
    setSession(null);
  }, [reset]);

  const value = useMemo<SessionState>(() => {
    const account = variables ?? "";
    return {
      session,
      signingIn: isPending ? account : null,
      refused: error === null ? null : { account, failure: toFailure(error) },
      signIn,
      leave,
    };
  }, [session, isPending, variables, error, signIn, leave]);
  return <SessionContext.Provider value={value}>{children}</SessionContext.Provider>;
}

/** Whether a subscription is readable. */
function isUsable({ state }: SubscriptionFacts): boolean {
  return state !== "Disabled" && state !== "Deleted";
}

/** The session, signed in or not. */
export function useSession(): SessionState {
  const value = useContext(SessionContext);
  if (value === null) {
    throw new Error("no session around this component");
  }
  return value;
}

/** The session, for pages shown only when signed in. */
export function useSignedIn(): SessionInfo {
  const { session } = useSession();
  if (session === null) {
    throw new Error("not signed in");
  }
  return session;
}

/** The account used for Azure, and its readable subscriptions. */
interface SignedIn {
  account: string;
  subscriptions: readonly SubscriptionFacts[];
}

const NOBODY: SignedIn = { account: "", subscriptions: [] };

/** The signed-in account, for pages and steps. */
export function useAccount(): SignedIn {
  const session = useContext(SessionContext)?.session ?? null;
  return useMemo(() => (session === null ? NOBODY : { account: session.account.id, subscriptions: session.subscriptions.filter(isUsable) }), [session]);
}

/** Signs in again with the current account; `null` when signed out. */
export function useSignInAgain(): (() => void) | null {
  const state = useContext(SessionContext);
  const account = state?.session?.account.id;
  return state === null || account === undefined ? null : () => void state.signIn(account);
}
