import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  DialogTrigger,
  Spinner,
  Text,
  makeStyles,
  tokens,
} from "@fluentui/react-components";
import { ArrowSyncRegular } from "@fluentui/react-icons";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { EndpointCertificates } from "../../ipc/generated/EndpointCertificates";
import { endpointName, useVaultChanged } from "../../shared/inventory";
import { call, toFailure } from "../../ipc/call";
import type { Failure } from "../../ipc/generated/Failure";
import type { Renewed } from "../../ipc/generated/Renewed";
import { useAccount } from "../../shared/session";

const useStyles = makeStyles({
  content: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalM },
});

interface Props {
  endpoints: readonly EndpointCertificates[];
  text: string;
  busy: boolean;
  onRenew: (computeIds: readonly string[]) => void;
  primary?: boolean;
}

/** Renews endpoints, after saying what that means for those who call. */
export function RenewButton({ endpoints, text, busy, onRenew, primary = false }: Props): ReactNode {
  const styles = useStyles();
  const { t } = useTranslation();
  const alone = endpoints.filter(({ renewal }) => renewal === "self_signed").map(endpointName);
  return (
    <Dialog>
      <DialogTrigger disableButtonEnhancement>
        <Button
          appearance={primary ? "primary" : "secondary"}
          icon={busy ? <Spinner size="tiny" /> : <ArrowSyncRegular />}
          disabledFocusable={busy}
          data-testid="renew"
        >
          {text}
        </Button>
      </DialogTrigger>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{t("certificates:renewTitle", { count: endpoints.length })}</DialogTitle>
          <DialogContent className={styles.content}>
            <Text>{t("certificates:renewText", { count: endpoints.length, names: endpoints.map(endpointName).join(", ") })}</Text>
            {alone.length > 0 && <Text>{t("certificates:renewAlone", { count: alone.length, names: alone.join(", ") })}</Text>}
          </DialogContent>
          <DialogActions>
            <DialogTrigger disableButtonEnhancement>
              <Button>{t("common:cancel")}</Button>
            </DialogTrigger>
            <DialogTrigger disableButtonEnhancement>
              <Button appearance="primary" onClick={() => onRenew(endpoints.map(({ computeId }) => computeId))} data-testid="confirm-renew">
                {text}
              </Button>
            </DialogTrigger>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}

export interface Renewing {
  renew: (computeIds: readonly string[]) => void;
  renewing: boolean;
  /** What became of each; `null` before. */
  renewed: readonly Renewed[] | null;
  failure: Failure | null;
}

/** Makes certificates anew that Berth can make, and starts a run for each endpoint. */
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
