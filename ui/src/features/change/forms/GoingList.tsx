import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { ObjectList } from "../../../shared/ObjectList";
import { Section } from "../../../shared/Section";

/** What goes, in the order it goes. */
export function GoingList({ objects }: { objects: readonly string[] }): ReactNode {
  const { t } = useTranslation();
  return (
    <Section title={t("change:going")}>
      <ObjectList objects={objects} testId="going" />
    </Section>
  );
}
