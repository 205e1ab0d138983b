import { KeyRegular, LockOpenRegular, ShieldKeyholeRegular } from "@fluentui/react-icons";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Auth } from "../../../ipc/generated/Auth";
import { type Choice, ChoiceCards } from "../../../shared/ChoiceCards";
import { FieldFindings } from "../../../shared/fields";
import { Section } from "../../../shared/Section";
import { useDeploy } from "../wizard/DeployContext";
import { withNew } from "./choices";

/** How callers of a new endpoint prove who they are. Only services and their endpoints may do without. */
export function AuthSection({ auth }: { auth: Auth }): ReactNode {
  const { t } = useTranslation();
  const { spec, update } = useDeploy();
  const classic = spec.route === "classic";
  const choices: Choice<Auth>[] = [
    { value: "key", title: t("endpoints:auth.key"), text: t("endpoints:authMeans.key"), icon: KeyRegular, badge: t("deploy:default") },
    { value: "token", title: t("endpoints:auth.token"), text: t("endpoints:authMeans.token"), icon: ShieldKeyholeRegular },
  ];
  const none: Choice<Auth> = { value: "none", title: t("endpoints:auth.none"), text: t("deploy:where.noAuth"), icon: LockOpenRegular };
  return (
    <Section title={t("deploy:where.auth")} hint={t(`deploy:where.authHint.${spec.route}`)}>
      <ChoiceCards
        field="endpoint.auth"
        label={t("deploy:where.auth")}
        columns={classic ? 3 : 2}
        value={auth}
        onChange={(chosen) => update((before) => withNew(before, { auth: chosen }))}
        choices={classic ? [...choices, none] : choices}
      />
      <FieldFindings path="endpoint.auth" />
    </Section>
  );
}
