import { Button, MessageBar, MessageBarActions, MessageBarBody } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Due } from "../../ipc/generated/Due";
import { useFormat } from "../../shared/format";
import { endpointName, inForce, useLastInventory, usePresentSubscription } from "../../shared/inventory";
import { useNavigation } from "../../shared/navigation";

const INTENT: Partial<Record<Due, "error" | "warning" | "info">> = { expired: "error", urgent: "error", soon: "warning", renew: "info" };

/** Shows certificates that need renewal, from the last known inventory, without reading Azure. */
export function DueNotice(): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const { open } = useNavigation();
  const [subscriptionId] = usePresentSubscription();
  const due = (useLastInventory(subscriptionId)?.endpoints ?? []).filter((endpoint) => endpoint.due in INTENT);
  // Soonest expiry first.
  const first = due[0];
  const found = first === undefined ? null : inForce(first);
  if (first === undefined || found === null) {
    return null;
  }
  const when = t(found.expired ? "home:dueEnded" : "home:dueEnds", { when: format.relative(found.notAfter) });
  return (
    <MessageBar intent={INTENT[first.due] ?? "info"} data-testid="certificates-due">
      <MessageBarBody>{t("home:due", { count: due.length, name: endpointName(first), when })}</MessageBarBody>
      <MessageBarActions>
        <Button size="small" onClick={() => open({ name: "certificates" })} data-testid="open-certificates">
          {t("home:dueOpen")}
        </Button>
      </MessageBarActions>
    </MessageBar>
  );
}
