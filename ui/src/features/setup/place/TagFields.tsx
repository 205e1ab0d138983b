import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { FieldFindings } from "../../../shared/fields";
import { useFormFindings } from "../../../shared/formFindings";
import { NamedValues } from "../../../shared/NamedValues";
import { Section } from "../../../shared/Section";
import { useWizard } from "../wizard/WizardContext";

const PATH = "place.tags";

/** Tags of what is created. Rule TAG-01 reports names that differ only in case. */
export function TagFields(): ReactNode {
  const { t } = useTranslation();
  const { spec, update } = useWizard();
  const { touch } = useFormFindings();
  const change = (tags: Record<string, string> | null): void => {
    if (tags !== null) {
      update((before) => ({ ...before, place: { ...before.place, tags } }));
    }
  };
  return (
    <Section title={t("place:tagsTitle")} hint={t("place:tagsAbout")}>
      <div onBlur={() => touch(PATH)}>
        <NamedValues field={PATH} testId="tag" texts="change:tags" first={spec.place.tags} ignoresCase={false} onChange={change} />
      </div>
      <FieldFindings path={PATH} />
    </Section>
  );
}
