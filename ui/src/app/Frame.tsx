import { makeStyles, tokens } from "@fluentui/react-components";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, Suspense, lazy, useEffect, useRef } from "react";
import { call } from "../ipc/call";
import { host } from "../ipc/host";
import { ErrorBoundary } from "../shared/ErrorBoundary";
import { useNavigation } from "../shared/navigation";
import { useSession } from "../shared/session";
import { Waiting } from "../shared/Waiting";
import { NavigationRail } from "./NavigationRail";
import { PAGES } from "./pages";

const WelcomePage = lazy(() => import("../features/welcome/WelcomePage"));

const useStyles = makeStyles({
  frame: { display: "flex", height: "100%", minHeight: 0, color: tokens.colorNeutralForeground1 },
  page: { flex: 1, minWidth: 0, height: "100%", overflow: "auto", position: "relative" },
});

/** Signs in once with the account from the command line. */
function useStartAccount(): { name: string | null; known: boolean } {
  const { data, isPending } = useQuery({ queryKey: ["app_info"], queryFn: () => call("app_info", {}), staleTime: Number.POSITIVE_INFINITY });
  const { session, signIn } = useSession();
  const tried = useRef(session !== null);
  const account = data?.startAccount ?? null;
  useEffect(() => {
    if (account !== null && !tried.current) {
      tried.current = true;
      void signIn(account);
    }
  }, [account, signIn]);
  return { name: account, known: !isPending };
}

/** The navigation rail and the page; before sign-in, only the welcome page. */
export function Frame(): ReactNode {
  const styles = useStyles();
  const { session } = useSession();
  const { page } = useNavigation();
  const start = useStartAccount();
  useStaleAfterRuns();
  const View = PAGES[page.name] ?? PAGES.home;
  const content = session === null ? start.known && <WelcomePage /> : View !== undefined && <View />;
  return (
    <div className={styles.frame} data-testid="frame" data-page={session === null ? "welcome" : page.name}>
      {session !== null && <NavigationRail />}
      <main className={styles.page}>
        <ErrorBoundary key={page.name}>
          <Suspense fallback={<Waiting />}>{content}</Suspense>
        </ErrorBoundary>
      </main>
    </div>
  );
}

/** Queries a run may change. They are refetched when next shown, not at each step of the run. */
const CHANGED = ["place", "cluster", "access", "inventory", "endpoints", "endpoint"] as const;

/** Invalidates what is read from Azure when a run changes. */
function useStaleAfterRuns(): void {
  const queries = useQueryClient();
  useEffect(
    () =>
      host().onRunChanged(() => {
        for (const what of CHANGED) {
          void queries.invalidateQueries({ queryKey: ["azure", what], refetchType: "none" });
        }
      }),
    [queries],
  );
}
