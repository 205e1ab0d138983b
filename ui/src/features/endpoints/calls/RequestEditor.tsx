import { Button, Field, Input, Select, Textarea, makeStyles, tokens } from "@fluentui/react-components";
import { DeleteRegular, DismissRegular, FolderOpenRegular, SaveRegular } from "@fluentui/react-icons";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { call, toFailure } from "../../../ipc/call";
import type { CallRequest } from "../../../ipc/generated/CallRequest";
import type { RequestSample } from "../../../ipc/generated/RequestSample";
import { FailureNotice } from "../../../shared/FailureNotice";
import { useLayout } from "../../../shared/layout";

const useStyles = makeStyles({
  text: { width: "100%", "& textarea": { fontFamily: tokens.fontFamilyMonospace, fontSize: tokens.fontSizeBase200, minHeight: "140px" } },
  row: { display: "flex", flexWrap: "wrap", alignItems: "flex-end", gap: tokens.spacingHorizontalS },
  sample: { flex: "1 1 200px", maxWidth: "320px", minWidth: 0 },
  control: { width: "100%", minWidth: 0 },
});

interface Props {
  endpointId: string;
  request: CallRequest;
  onChange: (request: CallRequest) => void;
}

/** The request: typed, from a file, or a saved sample. */
export function RequestEditor({ endpointId, request, onChange }: Props): ReactNode {
  const styles = useStyles();
  const layout = useLayout();
  const { t } = useTranslation();
  const [fileName, setFileName] = useState("");
  const choose = useMutation({
    mutationFn: () => call("choose_request_file", {}),
    onSuccess: (file) => {
      if (file !== null) {
        setFileName(file.name);
        onChange({ kind: "file", file: file.id });
      }
    },
  });
  return (
    <div className={layout.column}>
      {request.kind === "text" ? (
        <Field label={t("calls:request.text")} hint={isJson(request.text) ? undefined : t("calls:request.noJson")}>
          <Textarea className={styles.text} value={request.text} onChange={(_, { value }) => onChange({ kind: "text", text: value })} spellCheck={false} resize="vertical" data-testid="request-text" />
        </Field>
      ) : (
        <Field label={t("calls:request.file")}>
          <Input
            readOnly
            value={fileName}
            contentAfter={
              <Button
                appearance="transparent"
                size="small"
                icon={<DismissRegular />}
                aria-label={t("calls:request.type")}
                onClick={() => onChange({ kind: "text", text: "" })}
                data-testid="request-type"
              />
            }
            data-testid="request-file"
          />
        </Field>
      )}
      <div className={styles.row}>
        <Button icon={<FolderOpenRegular />} onClick={() => choose.mutate()} data-testid="choose-request">
          {t("calls:request.choose")}
        </Button>
        <Samples endpointId={endpointId} text={request.kind === "text" ? request.text : null} onOpen={(text) => onChange({ kind: "text", text })} />
      </div>
    </div>
  );
}

/** The saved samples of the endpoint. They are kept on this computer. */
function Samples({ endpointId, text, onOpen }: { endpointId: string; text: string | null; onOpen: (text: string) => void }): ReactNode {
  const styles = useStyles();
  const { t } = useTranslation();
  const queries = useQueryClient();
  const id = useId();
  const [name, setName] = useState("");
  const queryKey = ["samples", endpointId.toLowerCase()];
  const { data = [] } = useQuery({ queryKey, queryFn: () => call("read_samples", { endpointId }) });
  const store = (samples: RequestSample[]): void => void queries.setQueryData(queryKey, samples);
  const save = useMutation({ mutationFn: (request: string) => call("save_sample", { endpointId, sample: { name: name.trim(), request } }), onSuccess: store });
  const remove = useMutation({ mutationFn: () => call("delete_sample", { endpointId, name: name.trim() }), onSuccess: store });
  const known = data.some((sample) => sample.name === name.trim());
  const failure = save.error ?? remove.error;
  return (
    <>
      {data.length > 0 && (
        <Field className={styles.sample} label={{ children: t("calls:sample.open"), htmlFor: id }}>
          <Select
            id={id}
            select={{ className: styles.control }}
            value={known ? name.trim() : ""}
            onChange={(_, { value }) => {
              const found = data.find((sample) => sample.name === value);
              if (found !== undefined) {
                setName(found.name);
                onOpen(found.request);
              }
            }}
            data-testid="sample-open"
          >
            <option value="">{t("common:choose")}</option>
            {data.map((sample) => (
              <option key={sample.name} value={sample.name}>
                {sample.name}
              </option>
            ))}
          </Select>
        </Field>
      )}
      <Field className={styles.sample} label={t("calls:sample.name")}>
        <Input value={name} maxLength={80} onChange={(_, { value }) => setName(value)} spellCheck={false} data-testid="sample-name" />
      </Field>
      <Button icon={<SaveRegular />} disabledFocusable={text === null || name.trim() === "" || save.isPending} onClick={() => text !== null && save.mutate(text)} data-testid="sample-save">
        {t("calls:sample.save")}
      </Button>
      {known && (
        <Button appearance="subtle" icon={<DeleteRegular />} disabledFocusable={remove.isPending} onClick={() => remove.mutate()} data-testid="sample-delete">
          {t("calls:sample.delete")}
        </Button>
      )}
      {failure !== null && <FailureNotice failure={toFailure(failure)} testId="sample-failure" />}
    </>
  );
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
