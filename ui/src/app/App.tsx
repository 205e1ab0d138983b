import { FluentProvider, RendererProvider, createDOMRenderer, makeStyles, tokens } from "@fluentui/react-components";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { type ReactNode, useEffect, useState } from "react";
import type { SessionInfo } from "../ipc/generated/SessionInfo";
import { Announcer } from "../shared/announce";
import { ErrorBoundary } from "../shared/ErrorBoundary";
import { NavigationProvider, type Page } from "../shared/navigation";
import { SessionProvider } from "../shared/session";
import { useSettings, useSettingsLanguage } from "../shared/settings";
import { Frame } from "./Frame";
import { STYLE_HOOKS } from "./spinnerStyles";
import { useTheme } from "./theme";

const useStyles = makeStyles({
  root: { height: "100%", backgroundColor: tokens.colorNeutralBackground2, isolation: "isolate" },
});

function nonceRenderer(): ReturnType<typeof createDOMRenderer> {
  const nonce = document.querySelector<HTMLStyleElement>("#csp-nonce")?.nonce ?? "";
  return createDOMRenderer(document, nonce === "" ? {} : { styleElementAttributes: { nonce } });
}

function Themed({ children }: { children: ReactNode }): ReactNode {
  const { settings } = useSettings();
  const { theme, isDark } = useTheme(settings.theme);
  const styles = useStyles();
  useSettingsLanguage();
  useEffect(() => {
    document.documentElement.style.colorScheme = isDark ? "dark" : "light";
  }, [isDark]);
  return (
    <FluentProvider theme={theme} style={{ height: "100%" }} customStyleHooks_unstable={STYLE_HOOKS}>
      <div className={styles.root}>{children}</div>
    </FluentProvider>
  );
}

interface Props {
  /** Initial page and session, for tests. */
  page?: Page;
  session?: SessionInfo;
}

/** Providers around the pages: style renderer, theme, queries, session, navigation. */
export function App({ page, session }: Props): ReactNode {
  const [renderer] = useState(nonceRenderer);
  const [queries] = useState(newQueryClient);
  return (
    <RendererProvider renderer={renderer} targetDocument={document}>
      <QueryClientProvider client={queries}>
        <Themed>
          <Announcer>
            <ErrorBoundary>
              <SessionProvider {...(session === undefined ? {} : { start: session })}>
                <NavigationProvider {...(page === undefined ? {} : { start: page })}>
                  <Frame />
                </NavigationProvider>
              </SessionProvider>
            </ErrorBoundary>
          </Announcer>
        </Themed>
      </QueryClientProvider>
    </RendererProvider>
  );
}

/** Caches Azure data for five minutes. Rust retries where it makes sense, so queries do not. */
export function newQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: { retry: false, staleTime: 5 * 60_000, gcTime: 30 * 60_000, refetchOnWindowFocus: false, networkMode: "always" },
      mutations: { retry: false, networkMode: "always" },
    },
  });
}
