import { Button, Spinner, Text } from "@fluentui/react-components";
import { ArrowSyncRegular } from "@fluentui/react-icons";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { call, toFailure } from "../../ipc/call";
import type { EndpointCertificates } from "../../ipc/generated/EndpointCertificates";
import type { Failure } from "../../ipc/generated/Failure";
import type { Renewed } from "../../ipc/generated/Renewed";
import { ConfirmDialog } from "../../shared/ConfirmDialog";
import { endpointName, useVaultChanged } from "../../shared/inventory";
import { useAccount } from "../../shared/session";

interface Props {
  endpoints: readonly EndpointCertificates[];
  text: string;
  busy: boolean;
  onRenew: (computeIds: readonly string[]) => void;
  primary?: boolean;
}

/** Renews endpoints, after explaining the effect on callers. */
export function RenewButton({ endpoints, text, busy, onRenew, primary = false }: Props): ReactNode {
  const { t } = useTranslation();
  const alone = endpoints.filter(({ renewal }) => renewal === "self_signed").map(endpointName);
  return (
    <ConfirmDialog
      title={t("certificates:renewTitle", { count: endpoints.length })}
      trigger={
        <Button
          appearance={primary ? "primary" : "secondary"}
          icon={busy ? <Spinner size="tiny" /> : <ArrowSyncRegular />}
          disabledFocusable={busy}
          data-testid="renew"
        >
          {text}
        </Button>
      }
      confirm={text}
      onConfirm={() => onRenew(endpoints.map(({ computeId }) => computeId))}
      closes
      confirmTestId="confirm-renew"
    >
      <Text>{t("certificates:renewText", { count: endpoints.length, names: endpoints.map(endpointName).join(", ") })}</Text>
      {alone.length > 0 && <Text>{t("certificates:renewAlone", { count: alone.length, names: alone.join(", ") })}</Text>}
    </ConfirmDialog>
  );
}

interface Renewing {
  renew: (computeIds: readonly string[]) => void;
  renewing: boolean;
  /** The result for each endpoint; `null` before. */
  renewed: readonly Renewed[] | null;
  failure: Failure | null;
}

/** Reissues certificates and starts a run for each endpoint. */
export function useRenew(): Renewing {
  const queries = useQueryClient();
  const changed = useVaultChanged();
  const { account } = useAccount();
  const { mutate, isPending, data, error } = useMutation({
    mutationFn: (computeIds: readonly string[]) => call("renew_certificates", { account, computeIds: [...computeIds] }),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ["runs"] });
      void changed();
    },
  });
  return { renew: mutate, renewing: isPending, renewed: data ?? null, failure: error === null ? null : toFailure(error) };
}
