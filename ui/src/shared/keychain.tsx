import { MessageBar, MessageBarBody } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { call } from "../ipc/call";

/** Where secrets are stored. `context` selects the texts for keychain or memory. */
export function useKeychain(): { missing: boolean; problem: string; context: "memory" | undefined } {
  const { data } = useQuery({ queryKey: ["app_info"], queryFn: () => call("app_info", {}), staleTime: Number.POSITIVE_INFINITY });
  const missing = data?.keychain === false;
  return { missing, problem: data?.keychainProblem ?? "", context: missing ? "memory" : undefined };
}

/** Warns, when there is no keychain, that secrets last only until Berth closes. */
export function NoKeychainNotice(): ReactNode {
  const { t } = useTranslation();
  const { missing, problem } = useKeychain();
  if (!missing) {
    return null;
  }
  return (
    <MessageBar intent="warning" layout="multiline" data-testid="no-keychain">
      <MessageBarBody>{t("tls:keychain.window", { why: problem })}</MessageBarBody>
    </MessageBar>
  );
}
