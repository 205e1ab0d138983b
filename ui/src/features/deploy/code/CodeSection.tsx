import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { call, toFailure } from "../../../ipc/call";
import { FailureNotice } from "../../../shared/FailureNotice";
import { PickField } from "../../../shared/fields";
import { useLayout } from "../../../shared/layout";
import { PathField } from "../../../shared/PathField";
import { Section } from "../../../shared/Section";
import { useDebounced } from "../../../shared/time";
import { useDeploy } from "../wizard/DeployContext";
import { likelyScript, withCode } from "./choices";
import { FileList } from "./FileList";

/** How long typing rests before the folder is read. */
const WAIT_MS = 600;

/** The folder with the scoring script, and which of its files are uploaded. */
export function CodeSection({ folder, script }: { folder: string; script: string }): ReactNode {
  const layout = useLayout();
  const { t } = useTranslation();
  const { update } = useDeploy();
  const settled = useDebounced(folder.trim(), WAIT_MS);
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ["code-files", settled],
    queryFn: () => call("list_code", { folder: settled }),
    enabled: settled !== "",
    staleTime: 0,
  });
  const present = settled === folder.trim() && settled !== "";
  const likely = present && data !== undefined ? likelyScript(data) : "";
  useEffect(() => {
    if (likely !== "") {
      update((before) => (before.serving.kind === "script" && before.serving.script === "" ? withCode(before, { script: likely }) : before));
    }
  }, [likely, update]);
  return (
    <Section title={t("deploy:code.section")} hint={t("deploy:code.hint")}>
      <PathField field="serving.folder" label={t("deploy:code.folder")} required value={folder} onChange={(chosen) => update((before) => withCode(before, { folder: chosen }))} kinds={["folder"]} />
      {present && error !== null && !isFetching && <FailureNotice failure={toFailure(error)} onRetry={() => void refetch()} testId="folder-failure" />}
      {present && data !== undefined && <FileList listing={data} reading={isFetching} onAgain={() => void refetch()} />}
      <div className={layout.narrow}>
        <PickField
          path="serving.script"
          label={t("deploy:code.script")}
          required
          hint={t("deploy:code.scriptHint")}
          value={script}
          onChange={(chosen) => update((before) => withCode(before, { script: chosen }))}
          empty={folder === "" ? t("deploy:code.folderFirst") : t("deploy:code.noScript")}
          create={(typed) => t("deploy:asset.use", { name: typed })}
          picks={present ? (data?.scripts ?? []).map((path) => ({ value: path, text: path })) : []}
        />
      </div>
    </Section>
  );
}
