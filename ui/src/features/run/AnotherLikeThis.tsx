import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  DialogTrigger,
} from "@fluentui/react-components";
import { AddRegular } from "@fluentui/react-icons";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigation } from "../../app/navigation";
import { useSignedIn } from "../../app/session";
import { call, toFailure } from "../../ipc/call";
import type { Spec } from "../../ipc/generated/Spec";
import { FailureNotice } from "../../shared/FailureNotice";
import { anotherLike } from "./anotherLike";

/** A new draft with the choices of this run. A draft that is there already is replaced only after asking. */
export function AnotherLikeThis({ spec }: { spec: Spec }): ReactNode {
  const { t } = useTranslation();
  const { open } = useNavigation();
  const { account } = useSignedIn();
  const queries = useQueryClient();
  const [asking, setAsking] = useState(false);
  const write = useMutation({
    mutationFn: () => call("write_draft", { account: account.id, spec: anotherLike(spec), step: "place" }),
    onSuccess: () => {
      queries.removeQueries({ queryKey: ["draft"] });
      open({ name: "setup" });
    },
  });
  const look = useMutation({
    mutationFn: () => call("read_draft", {}),
    onSuccess: (draft) => (draft === null ? write.mutate() : setAsking(true)),
  });
  const error = look.error ?? write.error;
  return (
    <>
      <div>
        <Button icon={<AddRegular />} onClick={() => look.mutate()} disabledFocusable={look.isPending || write.isPending} data-testid="another-like-this">
          {t("run:ready.another")}
        </Button>
      </div>
      {error !== null && <FailureNotice failure={toFailure(error)} />}
      <Dialog open={asking} onOpenChange={(_, data) => setAsking(data.open)}>
        <DialogSurface>
          <DialogBody>
            <DialogTitle>{t("run:ready.replace.title")}</DialogTitle>
            <DialogContent>{t("run:ready.replace.text")}</DialogContent>
            <DialogActions>
              <DialogTrigger disableButtonEnhancement>
                <Button>{t("common:cancel")}</Button>
              </DialogTrigger>
              <Button appearance="primary" onClick={() => write.mutate()} data-testid="replace-draft">
                {t("run:ready.replace.replace")}
              </Button>
            </DialogActions>
          </DialogBody>
        </DialogSurface>
      </Dialog>
    </>
  );
}
