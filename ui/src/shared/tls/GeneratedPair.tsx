import { Button, Spinner, Text, makeStyles, tokens } from "@fluentui/react-components";
import { CertificateRegular } from "@fluentui/react-icons";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { RecipeIssuer } from "../../ipc/generated/RecipeIssuer";
import { ChoiceCards } from "../ChoiceCards";
import { FailureNotice } from "../FailureNotice";
import { FieldFindings, NumberField } from "../fields";
import { focusField } from "../focus";
import { useFormFindings } from "../formFindings";
import { NoKeychainNotice, useKeychain } from "../keychain";
import { useLayout } from "../layout";
import { Section } from "../Section";
import { CertificateFailure } from "./CertificateFailure";
import { CertificateChecks } from "./CertificateChecks";
import { type TlsOf, type UpdateTls, withRecipe } from "./choices";
import { CnameField } from "./CnameField";
import { KeyKindField } from "./KeyKindField";
import { useChecked, useMake } from "./useCertificate";

/** Maximum validity of a certificate that Berth creates: ten years. */
const MOST_DAYS = 3652;

const useStyles = makeStyles({
  row: { display: "flex", flexWrap: "wrap", gap: `0 ${tokens.spacingHorizontalXL}`, alignItems: "flex-start" },
  key: { flex: "0 1 260px" },
  days: { flex: "0 0 160px" },
  make: { display: "flex", alignItems: "center", flexWrap: "wrap", gap: tokens.spacingHorizontalM, paddingTop: tokens.spacingVerticalM },
});

interface Props {
  tls: TlsOf<"generated">;
  update: UpdateTls;
  /** Hint next to the button until a certificate is created. */
  hint?: string;
  /** Whether creating it is the page's primary action. */
  main?: boolean;
}

/** A certificate that Berth creates: issuer, key type, validity. */
export function GeneratedPair({ tls, update, hint, main = false }: Props): ReactNode {
  const styles = useStyles();
  const layout = useLayout();
  const { t } = useTranslation();
  const { context } = useKeychain();
  const { touch } = useFormFindings();
  const { make, bringing, failure } = useMake(tls, update);
  const checked = useChecked(tls.pair, tls.cname);
  const { recipe } = tls;
  const press = (): void => {
    touch("tls.cname");
    if (tls.cname !== "") {
      make();
    } else {
      focusField("tls.cname");
    }
  };
  return (
    <>
      <CnameField cname={tls.cname} update={update} />
      {!main && <NoKeychainNotice />}
      <Section title={t("tls:issuer.title")}>
        <ChoiceCards<RecipeIssuer>
          field="tls.recipe.issuer"
          label={t("tls:issuer.title")}
          value={recipe.issuer}
          onChange={(issuer) => update((before) => withRecipe(before, { issuer }))}
          choices={[
            { value: "self_signed", title: t("tls:issuer.self_signed.title"), text: t("tls:issuer.self_signed.text") },
            { value: "local_ca", title: t("tls:issuer.local_ca.title"), text: t("tls:issuer.local_ca.text") },
          ]}
        />
      </Section>
      <div>
        <div className={styles.row}>
          <div className={styles.key}>
            <KeyKindField value={recipe.key} onChange={(key) => update((before) => withRecipe(before, { key }))} />
          </div>
          <div className={styles.days}>
            <NumberField
              path="tls.recipe.days"
              label={t("tls:days")}
              hint={t("tls:daysHint")}
              min={1}
              max={MOST_DAYS}
              value={recipe.days}
              onChange={(days) => update((before) => withRecipe(before, { days }))}
            />
          </div>
        </div>
        <div className={styles.make} data-field="tls.pair">
          <Button
            appearance={main && tls.pair === null ? "primary" : "secondary"}
            icon={bringing ? <Spinner size="tiny" /> : <CertificateRegular />}
            onClick={press}
            disabledFocusable={bringing}
            data-testid="make-certificate"
          >
            {tls.pair === null ? t("tls:make") : t("tls:makeAnew")}
          </Button>
          <Text size={200} className={layout.quiet}>
            {tls.pair === null ? (hint ?? t("tls:makeHint")) : t("tls:made", { context })}
          </Text>
        </div>
      </div>
      {failure !== null && <CertificateFailure failure={failure} />}
      <FieldFindings path="tls.pair" />
      {checked.failure !== null && <FailureNotice failure={checked.failure} onRetry={checked.again} testId="certificate-check-failure" />}
      {checked.facts !== null && <CertificateChecks facts={checked.facts} />}
    </>
  );
}
