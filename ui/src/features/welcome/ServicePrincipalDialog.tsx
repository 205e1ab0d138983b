import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Field,
  Input,
  Spinner,
  Text,
  makeStyles,
  tokens,
} from "@fluentui/react-components";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { call, toFailure } from "../../ipc/call";
import type { NewServicePrincipal } from "../../ipc/generated/NewServicePrincipal";
import { FailureNotice } from "../../shared/FailureNotice";
import { useSession } from "../../shared/session";

/** A field error: a key of the catalogue `welcome`. */
type FormProblem = "needed" | "needGuid";
type FormProblems = Partial<Record<keyof NewServicePrincipal, FormProblem>>;

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Checks only the format; Entra ID checks the values. */
export function validate(form: NewServicePrincipal): FormProblems {
  const problems: FormProblems = {};
  for (const field of ["label", "tenantId", "clientId", "clientSecret"] as const) {
    if (form[field].trim() === "") {
      problems[field] = "needed";
    }
  }
  if (problems.clientId === undefined && !GUID.test(form.clientId.trim())) {
    problems.clientId = "needGuid";
  }
  return problems;
}

const useStyles = makeStyles({
  fields: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalS, paddingTop: tokens.spacingVerticalM },
  room: { minHeight: "76px" },
  save: { whiteSpace: "nowrap" },
});

type FieldName = keyof NewServicePrincipal;

const FIELDS: readonly { name: FieldName; label: string; hint: string | null; secret?: boolean }[] = [
  { name: "label", label: "label", hint: "labelHint" },
  { name: "tenantId", label: "tenant", hint: null },
  { name: "clientId", label: "client", hint: "clientHint" },
  { name: "clientSecret", label: "secret", hint: "secretHint", secret: true },
];

interface Props {
  open: boolean;
  onClose: () => void;
}

/** Adds a service principal, saves it, and signs in with it. */
export function ServicePrincipalDialog({ open, onClose }: Props): ReactNode {
  return (
    <Dialog open={open} onOpenChange={(_, data) => !data.open && onClose()}>
      <DialogSurface>
        <ServicePrincipalForm onClose={onClose} />
      </DialogSurface>
    </Dialog>
  );
}

/** Remounted each time the dialog opens, so that no secret remains. */
function ServicePrincipalForm({ onClose }: { onClose: () => void }): ReactNode {
  const styles = useStyles();
  const { t } = useTranslation();
  const queries = useQueryClient();
  const { signIn } = useSession();
  const form = useRef<HTMLFormElement>(null);
  const [values, setValues] = useState<NewServicePrincipal>({ label: "", tenantId: "", clientId: "", clientSecret: "" });
  const [left, setLeft] = useState<readonly FieldName[]>([]);
  const { data: info } = useQuery({ queryKey: ["app_info"], queryFn: () => call("app_info", {}), staleTime: Number.POSITIVE_INFINITY });
  const add = useMutation({
    mutationFn: () => call("add_service_principal", trimmed(values)),
    onSuccess: async (account) => {
      await queries.invalidateQueries({ queryKey: ["accounts"] });
      onClose();
      await signIn(account.id);
    },
  });
  const problems = validate(values);

  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setLeft(FIELDS.map((field) => field.name));
    const first = FIELDS.find((field) => problems[field.name] !== undefined);
    if (first === undefined) {
      add.mutate();
    } else {
      form.current?.querySelector<HTMLInputElement>(`[name=${first.name}]`)?.focus();
    }
  };
  const shown = (name: FieldName): FormProblem | undefined => (left.includes(name) ? problems[name] : undefined);
  return (
        <form onSubmit={submit} ref={form} noValidate>
          <DialogBody>
            <DialogTitle>{t("welcome:formTitle")}</DialogTitle>
            <DialogContent>
              <Text>{info?.keychain === false ? t("welcome:formTextMemory") : t("welcome:formText")}</Text>
              <div className={styles.fields}>
                {FIELDS.map(({ name, label, hint, secret }) => {
                  const problem = shown(name);
                  return (
                    <Field
                      key={name}
                      required
                      className={styles.room}
                      label={t(`welcome:${label}`)}
                      hint={problem === undefined && hint !== null ? t(`welcome:${hint}`) : undefined}
                      validationState={problem === undefined ? "none" : "error"}
                      validationMessage={problem === undefined ? undefined : t(`welcome:${problem}`)}
                    >
                      <Input
                        name={name}
                        type={secret === true ? "password" : "text"}
                        autoComplete="off"
                        spellCheck={false}
                        value={values[name]}
                        onChange={(_, data) => setValues((before) => ({ ...before, [name]: data.value }))}
                        onBlur={() => setLeft((before) => (values[name] === "" ? before : [...before, name]))}
                        data-testid={`field-${name}`}
                      />
                    </Field>
                  );
                })}
              </div>
              {add.error !== null && <FailureNotice failure={toFailure(add.error)} />}
            </DialogContent>
            <DialogActions>
              <Button onClick={onClose} data-testid="cancel">
                {t("common:cancel")}
              </Button>
              <Button
                type="submit"
                appearance="primary"
                className={styles.save}
                disabledFocusable={add.isPending}
                icon={add.isPending ? <Spinner size="tiny" /> : null}
                data-testid="save-service-principal"
              >
                {t("welcome:save")}
              </Button>
            </DialogActions>
          </DialogBody>
        </form>
  );
}

function trimmed(form: NewServicePrincipal): NewServicePrincipal {
  return { ...form, label: form.label.trim(), tenantId: form.tenantId.trim(), clientId: form.clientId.trim() };
}
