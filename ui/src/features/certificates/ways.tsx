import { Button, Spinner } from "@fluentui/react-components";
import { ArrowRightRegular, DocumentSignatureRegular } from "@fluentui/react-icons";
import { useMutation } from "@tanstack/react-query";
import { type ReactNode, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { call, toFailure } from "../../ipc/call";
import type { CertificateReport } from "../../ipc/generated/CertificateReport";
import type { Finding } from "../../ipc/generated/Finding";
import type { KeyKind } from "../../ipc/generated/KeyKind";
import type { Tls } from "../../ipc/generated/Tls";
import { FailureNotice } from "../../shared/FailureNotice";
import { TextField } from "../../shared/fields";
import { focusField } from "../../shared/focus";
import { FormFindingsContext } from "../../shared/formFindings";
import { useVaultChanged } from "../../shared/inventory";
import { useKeychain } from "../../shared/keychain";
import { useLayout } from "../../shared/layout";
import { useNavigation } from "../../shared/navigation";
import { Section } from "../../shared/Section";
import { BringCertificate } from "../../shared/tls/BringCertificate";
import { type TlsOf, withTlsKind } from "../../shared/tls/choices";
import { GeneratedPair } from "../../shared/tls/GeneratedPair";
import { KeyKindField } from "../../shared/tls/KeyKindField";
import { Landed } from "./Landed";
import { NamesField } from "./NamesField";
import { RequestCard } from "./RequestCard";
import { namesIn } from "./rows";
import { UseIt } from "./UseIt";
import { useWaitingChanged } from "./waiting";

/** Imports an existing certificate. */
export function BringWay(): ReactNode {
  const layout = useLayout();
  const { t } = useTranslation();
  const changed = useVaultChanged();
  const { context } = useKeychain();
  const [cname, setCname] = useState("");
  const [report, setReport] = useState<CertificateReport | null>(null);
  return (
    <>
      <Section level={2} title={t("tls:own.title")} hint={t("tls:own.hint", { context })}>
        <div className={layout.narrow}>
          <TextField path="tls.cname" label={t("tls:cname")} hint={t("certificates:bring.cnameHint")} placeholder="ml.contoso.com" value={cname} onChange={(typed) => setCname(typed.trim())} />
        </div>
        <BringCertificate
          cname={cname}
          onReport={(landed) => {
            setReport(landed);
            void changed();
          }}
        />
      </Section>
      {report !== null && <Landed key={JSON.stringify(report.pair)} report={report} />}
    </>
  );
}

/** Requires the name first, with the rule's text. */
const NO_NAME: Finding = { rule: "TLS-01", code: "TLS-01.cname", severity: "blocking", step: "tls", field: "tls.cname", params: {}, source: "", waivable: false };

const isGenerated = (tls: Tls | null): tls is TlsOf<"generated"> => tls?.kind === "generated";
const first = withTlsKind(null, "generated");

/** Creates a certificate. */
export function MakeWay(): ReactNode {
  const layout = useLayout();
  const { t } = useTranslation();
  const changed = useVaultChanged();
  const { context } = useKeychain();
  const [tls, setTls] = useState<Tls | null>(first);
  const [touched, setTouched] = useState(false);
  const nameless = touched && isGenerated(tls) && tls.cname === "";
  const findings = useMemo(
    () => ({
      shownAt: (path: string) => (nameless && path === "tls.cname" ? [NO_NAME] : []),
      touch: (path: string) => setTouched((before) => before || path === "tls.cname"),
    }),
    [nameless],
  );
  if (!isGenerated(tls)) {
    return null;
  }
  const update = (change: (before: Tls | null) => Tls | null): void => {
    const next = change(tls);
    setTls(next);
    if (isGenerated(next) && next.pair !== null && next.pair !== tls.pair) {
      void changed();
    }
  };
  return (
    <FormFindingsContext.Provider value={findings}>
      <div className={layout.sections}>
        <GeneratedPair tls={tls} update={update} hint={t("certificates:make.hint", { context })} main />
        {tls.pair?.kind === "vault" && <UseIt id={tls.pair.id} names={[tls.cname]} />}
      </div>
    </FormFindingsContext.Provider>
  );
}

/** Requests a certificate from a CA. The key is created here and stays here. */
export function RequestWay(): ReactNode {
  const layout = useLayout();
  const { t } = useTranslation();
  const { open } = useNavigation();
  const changed = useWaitingChanged();
  const { context } = useKeychain();
  const [typed, type] = useState("");
  const [key, setKey] = useState<KeyKind>("rsa3072");
  const [early, setEarly] = useState(false);
  const names = namesIn(typed);
  const make = useMutation({ mutationFn: () => call("request_certificate", { names, key }), onSuccess: changed });
  const press = (): void => {
    setEarly(true);
    if (names.length > 0) {
      make.mutate();
    } else {
      focusField("names");
    }
  };
  if (make.data !== undefined) {
    return (
      <Section level={2} title={t("certificates:request.ready")} hint={t("certificates:request.readyHint")}>
        <RequestCard request={make.data} onGone={make.reset} />
        <div>
          <Button icon={<ArrowRightRegular />} iconPosition="after" onClick={() => open({ name: "certificates", view: "waiting" })} data-testid="to-waiting">
            {t("certificates:request.toWaiting")}
          </Button>
        </div>
      </Section>
    );
  }
  return (
    <Section level={2} title={t("certificates:request.what")} hint={t("certificates:request.hint", { context })}>
      <div className={layout.form}>
        <NamesField typed={typed} onType={type} missing={early && names.length === 0} />
        <KeyKindField value={key} onChange={setKey} />
        <div>
          <Button
            appearance="primary"
            icon={make.isPending ? <Spinner size="tiny" /> : <DocumentSignatureRegular />}
            onClick={press}
            disabledFocusable={make.isPending}
            data-testid="make-request"
          >
            {t("certificates:request.make")}
          </Button>
        </div>
        {make.error !== null && <FailureNotice failure={toFailure(make.error)} testId="request-failure" />}
      </div>
    </Section>
  );
}
