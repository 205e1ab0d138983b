import { Checkbox, Field, Text } from "@fluentui/react-components";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { type ReactNode, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { call, toFailure } from "../../ipc/call";
import type { AuthorityQuestion } from "../../ipc/generated/AuthorityQuestion";
import { FailureNotice } from "../../shared/FailureNotice";
import { TextBlock } from "../../shared/TextBlock";
import { useDebounced } from "../../shared/time";

/** Debounce of the directory URL before the CA is called, in milliseconds. */
const SETTLED = 400;

const NOBODY: AuthorityQuestion = { directory: "", extraRoots: null };

interface Props {
  /** The CA; `null` while its URL is incomplete. */
  authority: AuthorityQuestion | null;
  /** Its display name. */
  host: string;
  agreed: boolean;
  onAgree: (agreed: boolean) => void;
  missing: boolean;
}

/** The URL of a CA's terms, and the consent to them. The URL is never opened here. */
export function TermsField({ authority, host, agreed, onAgree, missing }: Props): ReactNode {
  const { t } = useTranslation();
  const { directory, extraRoots } = authority ?? NOBODY;
  // Debounced together: a CA with its own roots is not called without them.
  const asked = useMemo(() => ({ directory, extraRoots }), [directory, extraRoots]);
  const settled = useDebounced(asked, SETTLED);
  const { data, error, isFetching, refetch } = useQuery({ ...termsOf(settled), enabled: settled.directory !== "" });
  return (
    <>
      {data != null && data.terms !== null && (
        <div>
          <Text block>{t("certificates:order.terms", { host: data.host })}</Text>
          <TextBlock text={data.terms} label={t("certificates:order.terms", { host: data.host })} copy={t("certificates:order.copyTerms")} testId="acme-terms" />
        </div>
      )}
      {data != null && data.terms === null && <Text data-testid="acme-no-terms">{t(data.hidden ? "certificates:order.hiddenTerms" : "certificates:order.noTerms", { host: data.host })}</Text>}
      {isFetching && <Text role="status">{t("certificates:order.readingTerms")}</Text>}
      {error !== null && !isFetching && <FailureNotice failure={toFailure(error)} onRetry={() => void refetch()} testId="acme-terms-failure" />}
      <Field data-field="agreed" validationState={missing ? "error" : "none"} validationMessage={missing ? t("certificates:order.agreeFirst") : undefined}>
        <Checkbox
          label={host === "" ? t("certificates:order.agreeSome") : t("certificates:order.agree", { host })}
          checked={agreed}
          onChange={(_, { checked }) => onAgree(checked === true)}
          data-testid="acme-agree"
        />
      </Field>
    </>
  );
}

/** The terms of a CA, read once while Berth is open. */
export function termsOf(authority: AuthorityQuestion) {
  return queryOptions({
    queryKey: ["authority-terms", authority],
    queryFn: () => call("read_authority_terms", authority),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
}
