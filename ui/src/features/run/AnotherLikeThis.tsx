import { AddRegular } from "@fluentui/react-icons";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { OpenAsDraft } from "../../shared/OpenAsDraft";
import type { Spec } from "../../ipc/generated/Spec";
import { anotherLike } from "./anotherLike";

/** A new draft with the choices of this run. */
export function AnotherLikeThis({ spec }: { spec: Spec }): ReactNode {
  const { t } = useTranslation();
  return (
    <div>
      <OpenAsDraft spec={anotherLike(spec)} step="place" icon={<AddRegular />} text={t("run:ready.another")} testId="another-like-this" />
    </div>
  );
}
