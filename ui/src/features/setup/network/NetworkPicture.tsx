import { Text, makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import {
  ArrowRightRegular,
  BuildingRegular,
  DatabaseRegular,
  type FluentIcon,
  GlobeRegular,
  LockClosedRegular,
  QuestionCircleRegular,
  RouterRegular,
  ServerRegular,
  ShieldLockRegular,
} from "@fluentui/react-icons";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { DEFAULT_SUBNET } from "../../../shared/resources";
import { useWizard } from "../wizard/WizardContext";

const useStyles = makeStyles({
  root: {
    display: "flex",
    flexDirection: "column",
    gap: tokens.spacingVerticalM,
    padding: tokens.spacingHorizontalL,
    borderRadius: tokens.borderRadiusXLarge,
    backgroundColor: tokens.colorNeutralBackground2,
  },
  way: {
    display: "flex",
    alignItems: "stretch",
    gap: tokens.spacingHorizontalXXL,
    "@media (max-width: 520px)": { flexDirection: "column", gap: tokens.spacingVerticalS },
    listStyleType: "none",
    margin: 0,
    padding: 0,
  },
  stop: {
    position: "relative",
    flex: "1 1 0",
    boxSizing: "border-box",
    display: "flex",
    flexDirection: "column",
    alignItems: "center",
    textAlign: "center",
    gap: tokens.spacingVerticalXXS,
    minWidth: 0,
    padding: `${tokens.spacingVerticalM} ${tokens.spacingHorizontalXS}`,
    borderRadius: tokens.borderRadiusLarge,
    backgroundColor: tokens.colorNeutralBackground1,
    boxShadow: `inset 0 0 0 1px ${tokens.colorNeutralStroke2}`,
    overflowWrap: "anywhere",
    "@media (forced-colors: active)": { border: "1px solid CanvasText" },
  },
  open: { boxShadow: `inset 0 0 0 2px ${tokens.colorStatusWarningBorderActive}` },
  closed: { boxShadow: `inset 0 0 0 2px ${tokens.colorStatusSuccessBorderActive}` },
  undecided: { boxShadow: "none", outline: `1px dashed ${tokens.colorNeutralStroke1}`, outlineOffset: "-1px" },
  icon: { width: "28px", height: "28px", color: tokens.colorBrandForeground1 },
  iconFaint: { color: tokens.colorNeutralForeground3 },
  arrow: {
    position: "absolute",
    left: `calc(100% + (${tokens.spacingHorizontalXXL} - 16px) / 2)`,
    top: "calc(50% - 8px)",
    width: "16px",
    height: "16px",
    color: tokens.colorNeutralForeground3,
    "@media (max-width: 520px)": { display: "none" },
  },
  quiet: { color: tokens.colorNeutralForeground2 },
  says: { display: "flex", gap: tokens.spacingHorizontalS, alignItems: "flex-start", minHeight: "40px", textWrap: "pretty" },
  saysIcon: { width: "20px", height: "20px", flexShrink: 0 },
  warn: { color: tokens.colorStatusWarningForeground3 },
  good: { color: tokens.colorStatusSuccessForeground1 },
});

interface Stop {
  key: string;
  icon: FluentIcon;
  name: string;
  detail: string;
  mark?: "open" | "closed" | "undecided";
}

/** The path of a call from callers to the models, and which address is public. */
export function NetworkPicture(): ReactNode {
  const styles = useStyles();
  const { t } = useTranslation();
  const stops = useStops();
  const { spec } = useWizard();
  const { loadBalancer, outbound } = spec.network;
  const leavesPublicly = spec.cluster.kind !== "existing" && outbound === "load_balancer";
  const kind = loadBalancer?.kind ?? "undecided";
  const Icon = { public: GlobeRegular, internal: ShieldLockRegular, undecided: QuestionCircleRegular }[kind];
  return (
    <div className={styles.root} data-testid="network-picture" data-address={kind}>
      <ol className={styles.way} aria-label={t("network:picture.label")}>
        {stops.map(({ key, icon: StopIcon, name, detail, mark }, at) => (
          <li key={key} className={mergeClasses(styles.stop, mark !== undefined && styles[mark])}>
            <StopIcon className={mergeClasses(styles.icon, mark === "undecided" && styles.iconFaint)} aria-hidden />
            <Text weight="semibold" align="center">
              {name}
            </Text>
            <Text size={200} align="center" className={styles.quiet}>
              {detail}
            </Text>
            {at < stops.length - 1 && <ArrowRightRegular className={styles.arrow} aria-hidden />}
          </li>
        ))}
      </ol>
      <div className={styles.says} role="status" data-testid="network-says">
        <Icon className={mergeClasses(styles.saysIcon, kind === "public" && styles.warn, kind === "internal" && styles.good)} aria-hidden />
        <Text>
          {kind === "internal" && leavesPublicly ? t("network:picture.says.internalLeaving") : t(`network:picture.says.${kind}`)}
        </Text>
      </div>
    </div>
  );
}

function useStops(): Stop[] {
  const { t } = useTranslation();
  const { spec } = useWizard();
  const { network, place, cluster, route } = spec;
  const { vnet, loadBalancer } = network;
  const internal = loadBalancer?.kind === "internal";
  const undecided = loadBalancer === null;
  const chosen = vnet === null || vnet.name === "" ? null : `${vnet.name}${vnet.subnet === "" ? "" : ` / ${vnet.subnet}`}`;
  const where = cluster.kind === "existing" ? t("network:picture.itsNetwork") : vnet === null ? t("network:picture.networkOfAks") : (chosen ?? t("network:picture.notChosen"));
  const inside = loadBalancer?.kind === "internal" && route === "classic" ? (loadBalancer.subnet ?? DEFAULT_SUBNET) : null;
  const mark = undecided ? "undecided" : internal ? "closed" : "open";
  return [
    {
      key: "callers",
      icon: undecided ? QuestionCircleRegular : internal ? BuildingRegular : GlobeRegular,
      name: undecided ? t("network:picture.callers") : internal ? t("network:picture.inside") : t("network:picture.internet"),
      detail: undecided ? t("network:picture.notChosen") : internal ? t("network:picture.insideDetail") : t("network:picture.internetDetail"),
      ...(undecided ? { mark: "undecided" as const } : {}),
    },
    {
      key: "balancer",
      icon: internal ? LockClosedRegular : RouterRegular,
      name: t("network:picture.balancer"),
      detail: undecided ? t("network:picture.notChosen") : internal ? (inside === null ? t("network:picture.internal") : t("network:picture.internalIn", { subnet: inside })) : t("network:picture.public"),
      mark,
    },
    { key: "cluster", icon: ServerRegular, name: place.clusterName === "" ? t("network:picture.cluster") : place.clusterName, detail: where },
    { key: "workspace", icon: DatabaseRegular, name: place.workspace.name === "" ? t("network:picture.workspace") : place.workspace.name, detail: t("network:picture.workspace") },
  ];
}
