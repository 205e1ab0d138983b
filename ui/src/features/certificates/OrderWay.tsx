import { Button, Field, Input, Spinner } from "@fluentui/react-components";
import { CertificateRegular } from "@fluentui/react-icons";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { call, toFailure } from "../../ipc/call";
import type { AuthorityQuestion } from "../../ipc/generated/AuthorityQuestion";
import type { CertificateReport } from "../../ipc/generated/CertificateReport";
import type { KeyKind } from "../../ipc/generated/KeyKind";
import { ChoiceCards } from "../../shared/ChoiceCards";
import { FailureNotice } from "../../shared/FailureNotice";
import { focusField } from "../../shared/focus";
import { useKeychain } from "../../shared/keychain";
import { useLayout } from "../../shared/layout";
import { Section } from "../../shared/Section";
import { KeyKindField } from "../../shared/tls/KeyKindField";
import { Landed } from "./Landed";
import { NamesField } from "./NamesField";
import { OrderCard } from "./OrderCard";
import { namesIn } from "./rows";
import { TermsField, termsOf } from "./TermsField";
import { DIRECTORIES, hostOf, useWaitingChanged } from "./waiting";

type Authority = keyof typeof DIRECTORIES | "other";

interface Form {
  authority: Authority;
  address: string;
  roots: string;
  mail: string;
  agreed: boolean;
  names: string;
  key: KeyKind;
}

const EMPTY: Form = { authority: "production", address: "", roots: "", mail: "", agreed: false, names: "", key: "rsa2048" };

function directoryOf({ authority, address }: Form): string {
  return authority === "other" ? address.trim() : DIRECTORIES[authority];
}

/** The selected CA, in the form of the command. */
function authorityOf(form: Form): AuthorityQuestion {
  const roots = form.authority === "other" ? form.roots.trim() : "";
  return { directory: directoryOf(form), extraRoots: roots === "" ? null : roots };
}

/** What is missing to place an order. */
function lacking(form: Form): readonly ("address" | "names" | "agreed")[] {
  const addressed = URL.canParse(directoryOf(form)) && directoryOf(form).startsWith("https://");
  return [...(addressed ? [] : (["address"] as const)), ...(namesIn(form.names).length > 0 ? [] : (["names"] as const)), ...(form.agreed ? [] : (["agreed"] as const))];
}

/** Orders a certificate from an ACME CA, validated by DNS records. */
export function OrderWay(): ReactNode {
  const { t } = useTranslation();
  const changed = useWaitingChanged();
  const { context } = useKeychain();
  const [form, setForm] = useState(EMPTY);
  const [report, setReport] = useState<CertificateReport | null>(null);
  const queries = useQueryClient();
  const place = useMutation({
    mutationFn: async () => {
      const authority = authorityOf(form);
      // The terms must be on the page before ordering.
      await queries.ensureQueryData(termsOf(authority));
      return call("order_certificate", {
        ...authority,
        mail: form.mail.trim() === "" ? null : form.mail.trim(),
        agreed: form.agreed,
        names: namesIn(form.names),
        key: form.key,
      });
    },
    onSuccess: changed,
  });
  if (report !== null) {
    return <Landed report={report} />;
  }
  if (place.data !== undefined) {
    return (
      <Section level={2} title={t("certificates:order.prove")} hint={t("certificates:orders.hint", { context })}>
        <OrderCard order={place.data} onReport={setReport} onGone={place.reset} />
      </Section>
    );
  }
  return <OrderForm form={form} onChange={(part) => setForm((before) => ({ ...before, ...part }))} busy={place.isPending} onPlace={() => place.mutate()} failed={place.error} />;
}

interface FormProps {
  form: Form;
  onChange: (part: Partial<Form>) => void;
  busy: boolean;
  onPlace: () => void;
  failed: Error | null;
}

function OrderForm({ form, onChange, busy, onPlace, failed }: FormProps): ReactNode {
  const layout = useLayout();
  const { t } = useTranslation();
  const [early, setEarly] = useState(false);
  const lacks = early ? lacking(form) : [];
  const press = (): void => {
    setEarly(true);
    const [first] = lacking(form);
    if (first === undefined) {
      onPlace();
    } else {
      focusField(first);
    }
  };
  const host = form.authority === "other" ? hostOf(form.address.trim()) : "Let’s Encrypt";
  return (
    <>
      <Section level={2} title={t("certificates:order.authority")}>
        <ChoiceCards<Authority>
          field="authority"
          label={t("certificates:order.authority")}
          columns={3}
          value={form.authority}
          onChange={(authority) => onChange({ authority, agreed: false })}
          choices={(["production", "staging", "other"] as const).map((value) => ({
            value,
            title: t(`certificates:order.${value}.title`),
            text: t(`certificates:order.${value}.text`),
          }))}
        />
      </Section>
      <Section level={2} title={t("certificates:order.what")}>
        <div className={layout.form}>
          {form.authority === "other" && <OtherAuthority form={form} onChange={onChange} missing={lacks.includes("address")} />}
          <NamesField typed={form.names} onType={(names) => onChange({ names })} missing={lacks.includes("names")} />
          <KeyKindField value={form.key} onChange={(key) => onChange({ key })} />
          <Field label={t("certificates:order.mail")} hint={t("certificates:order.mailHint")}>
            <Input type="email" value={form.mail} onChange={(_, { value }) => onChange({ mail: value })} autoComplete="off" spellCheck={false} data-testid="acme-mail" />
          </Field>
          <TermsField
            authority={lacking(form).includes("address") ? null : authorityOf(form)}
            host={host}
            agreed={form.agreed}
            onAgree={(agreed) => onChange({ agreed })}
            missing={lacks.includes("agreed")}
          />
          <div>
            <Button appearance="primary" icon={busy ? <Spinner size="tiny" /> : <CertificateRegular />} onClick={press} disabledFocusable={busy} data-testid="place-order">
              {t("certificates:order.place")}
            </Button>
          </div>
          {failed !== null && <FailureNotice failure={toFailure(failed)} testId="order-failure" />}
        </div>
      </Section>
    </>
  );
}

function OtherAuthority({ form, onChange, missing }: { form: Form; onChange: (part: Partial<Form>) => void; missing: boolean }): ReactNode {
  const { t } = useTranslation();
  return (
    <>
      <Field
        required
        data-field="address"
        label={t("certificates:order.address")}
        validationState={missing ? "error" : "none"}
        validationMessage={missing ? t("certificates:order.addressMissing") : undefined}
        hint={missing ? undefined : t("certificates:order.addressHint")}
      >
        <Input
          value={form.address}
          onChange={(_, { value }) => onChange({ address: value, agreed: false })}
          placeholder="https://ca.contoso.com/acme/acme/directory"
          spellCheck={false}
          data-testid="acme-address"
        />
      </Field>
      <Field label={t("certificates:order.roots")} hint={t("certificates:order.rootsHint")}>
        <Input value={form.roots} onChange={(_, { value }) => onChange({ roots: value })} spellCheck={false} data-testid="acme-roots" />
      </Field>
    </>
  );
}
