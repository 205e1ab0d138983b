import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, createContext, useCallback, useContext, useMemo, useState } from "react";
import { call, toFailure } from "../ipc/call";
import type { Failure } from "../ipc/generated/Failure";
import type { SessionInfo } from "../ipc/generated/SessionInfo";
import type { SubscriptionFacts } from "../ipc/generated/SubscriptionFacts";

interface SessionState {
  /** Who is signed in; `null` before and after. */
  session: SessionInfo | null;
  /** Account whose sign-in is under way. */
  signingIn: string | null;
  /** Why the last sign-in did not work, and of which account. */
  refused: { account: string; failure: Failure } | null;
  /** Signs in; answers whether it worked. */
  signIn: (account: string) => Promise<boolean>;
  /** Goes back to choosing an account. */
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
        // What another account read, or what could not be read without being signed in, says nothing any more.
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

/** Whether anything can be read in a subscription. */
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

/** The signed-in session. For pages that exist only then. */
export function useSignedIn(): SessionInfo {
  const { session } = useSession();
  if (session === null) {
    throw new Error("not signed in");
  }
  return session;
}

/** On whose account Azure is asked, and the subscriptions that can be read. */
interface SignedIn {
  account: string;
  subscriptions: readonly SubscriptionFacts[];
}

const NOBODY: SignedIn = { account: "", subscriptions: [] };

/** Who is signed in, for what is shown on pages and in steps alike. */
export function useAccount(): SignedIn {
  const session = useContext(SessionContext)?.session ?? null;
  return useMemo(() => (session === null ? NOBODY : { account: session.account.id, subscriptions: session.subscriptions.filter(isUsable) }), [session]);
}

/** Signs in again with the present account; `null` where nobody is signed in. */
export function useSignInAgain(): (() => void) | null {
  const state = useContext(SessionContext);
  const account = state?.session?.account.id;
  return state === null || account === undefined ? null : () => void state.signIn(account);
}
