import {
  Button,
  Menu,
  MenuGroup,
  MenuGroupHeader,
  MenuItem,
  MenuList,
  MenuPopover,
  MenuTrigger,
  Text,
  makeStyles,
  mergeClasses,
  tokens,
} from "@fluentui/react-components";
import {
  ArrowRoutingFilled,
  ArrowRoutingRegular,
  CertificateFilled,
  CertificateRegular,
  type FluentIcon,
  HomeFilled,
  HomeRegular,
  PersonRegular,
  PulseFilled,
  PulseRegular,
  RocketFilled,
  RocketRegular,
  ServerMultipleFilled,
  ServerMultipleRegular,
  SettingsFilled,
  SettingsRegular,
  SignOutRegular,
  WrenchScrewdriverFilled,
  WrenchScrewdriverRegular,
} from "@fluentui/react-icons";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useAzureState } from "../shared/azureState";
import { BerthMark } from "../shared/BerthMark";
import { useLayout } from "../shared/layout";
import { type Page, useNavigation } from "../shared/navigation";
import { useSession } from "../shared/session";
import { PAGES } from "./pages";

const useStyles = makeStyles({
  rail: {
    width: "104px",
    "@media (max-width: 760px)": { width: "98px" },
    flexShrink: 0,
    boxSizing: "border-box",
    display: "flex",
    flexDirection: "column",
    alignItems: "stretch",
    gap: tokens.spacingVerticalXS,
    padding: `${tokens.spacingVerticalM} ${tokens.spacingHorizontalXS}`,
    backgroundColor: tokens.colorNeutralBackground4,
    borderRight: `1px solid ${tokens.colorNeutralStroke2}`,
    overflowY: "auto",
  },
  mark: { display: "flex", justifyContent: "center", paddingBottom: tokens.spacingVerticalM },
  gap: { flex: 1 },
  item: {
    flexDirection: "column",
    gap: tokens.spacingVerticalXXS,
    minWidth: 0,
    maxWidth: "none",
    padding: `${tokens.spacingVerticalS} 2px`,
    fontSize: tokens.fontSizeBase200,
    lineHeight: tokens.lineHeightBase100,
    fontWeight: tokens.fontWeightRegular,
    overflowWrap: "anywhere",
    position: "relative",
  },
  here: {
    color: tokens.colorNeutralForeground1,
    backgroundColor: tokens.colorNeutralBackground1,
    fontWeight: tokens.fontWeightSemibold,
    "::before": {
      content: "''",
      position: "absolute",
      left: 0,
      top: "25%",
      height: "50%",
      width: "3px",
      borderRadius: tokens.borderRadiusCircular,
      backgroundColor: tokens.colorCompoundBrandBackground,
      "@media (forced-colors: active)": { backgroundColor: "Highlight", forcedColorAdjust: "none" },
    },
  },
  account: { maxWidth: "300px" },
});

interface Entry {
  name: "home" | "setup" | "deploy" | "clusters" | "endpoints" | "certificates" | "activity" | "settings";
  icon: FluentIcon;
  hereIcon: FluentIcon;
}

const ENTRIES: readonly Entry[] = [
  { name: "home", icon: HomeRegular, hereIcon: HomeFilled },
  { name: "setup", icon: WrenchScrewdriverRegular, hereIcon: WrenchScrewdriverFilled },
  { name: "deploy", icon: RocketRegular, hereIcon: RocketFilled },
  { name: "clusters", icon: ServerMultipleRegular, hereIcon: ServerMultipleFilled },
  { name: "endpoints", icon: ArrowRoutingRegular, hereIcon: ArrowRoutingFilled },
  { name: "certificates", icon: CertificateRegular, hereIcon: CertificateFilled },
  { name: "activity", icon: PulseRegular, hereIcon: PulseFilled },
];
const SETTINGS: Entry = { name: "settings", icon: SettingsRegular, hereIcon: SettingsFilled };

/** The navigation entries. */
export function NavigationRail(): ReactNode {
  const styles = useStyles();
  const { t } = useTranslation();
  return (
    <nav className={styles.rail} aria-label={t("common:nav.label")}>
      <div className={styles.mark}>
        <BerthMark size={36} />
      </div>
      {ENTRIES.filter((entry) => entry.name in PAGES).map((entry) => (
        <RailButton key={entry.name} entry={entry} />
      ))}
      <span className={styles.gap} />
      <RailButton entry={SETTINGS} />
      <AccountMenu />
    </nav>
  );
}

function RailButton({ entry }: { entry: Entry }): ReactNode {
  const styles = useStyles();
  const layout = useLayout();
  const { t } = useTranslation();
  const { page, open } = useNavigation();
  const here = pageOf(page) === entry.name;
  const Icon = here ? entry.hereIcon : entry.icon;
  return (
    <Button
      appearance="subtle"
      icon={{ children: <Icon />, className: layout.noMargin }}
      className={mergeClasses(styles.item, here && styles.here)}
      aria-current={here ? "page" : undefined}
      onClick={() => open({ name: entry.name })}
      data-testid={`nav-${entry.name}`}
    >
      {t(`common:nav.${entry.name}`)}
    </Button>
  );
}

/** The entry that is selected for a page. */
function pageOf(page: Page): Page["name"] {
  switch (page.name) {
    case "run":
      return "activity";
    case "cluster":
      return "clusters";
    case "change":
      return "endpointId" in page.target ? "endpoints" : "clusters";
    case "endpoint":
      return "endpoints";
    case "new_certificate":
    case "endpoint_certificates":
    case "kept_certificate":
      return "certificates";
    default:
      return page.name;
  }
}

function AccountMenu(): ReactNode {
  const styles = useStyles();
  const layout = useLayout();
  const { t } = useTranslation();
  const azureState = useAzureState();
  const { session, leave } = useSession();
  if (session === null) {
    return null;
  }
  return (
    <Menu positioning="after-bottom">
      <MenuTrigger disableButtonEnhancement>
        <Button appearance="subtle" icon={{ children: <PersonRegular />, className: layout.noMargin }} className={styles.item} data-testid="nav-account">
          {t("common:nav.account")}
        </Button>
      </MenuTrigger>
      <MenuPopover className={styles.account}>
        <MenuList>
          <MenuGroup>
            <MenuGroupHeader>{session.account.label}</MenuGroupHeader>
            {session.subscriptions.map((subscription) => (
              <MenuItem key={subscription.subscriptionId} disabled secondaryContent={azureState(subscription.state)}>
                {subscription.displayName}
              </MenuItem>
            ))}
          </MenuGroup>
          <MenuItem icon={<SignOutRegular />} onClick={leave} data-testid="switch-account">
            <Text>{t("common:switchAccount")}</Text>
          </MenuItem>
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
