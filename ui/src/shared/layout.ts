import { makeStyles, tokens } from "@fluentui/react-components";

/** How what cannot be taken back looks: buttons, and the part of a page they stand in. */
export const useDangerStyles = makeStyles({
  button: {
    color: tokens.colorStatusDangerForeground1,
    border: `1px solid ${tokens.colorStatusDangerBorder1}`,
    ":hover": { color: tokens.colorStatusDangerForeground1, backgroundColor: tokens.colorStatusDangerBackground1 },
    ":hover:active": { color: tokens.colorStatusDangerForeground1, backgroundColor: tokens.colorStatusDangerBackground1 },
  },
  primary: {
    color: tokens.colorNeutralForegroundOnBrand,
    backgroundColor: tokens.colorStatusDangerBackground3,
    ":hover": { color: tokens.colorNeutralForegroundOnBrand, backgroundColor: tokens.colorStatusDangerBackground3Hover },
    ":hover:active": { color: tokens.colorNeutralForegroundOnBrand, backgroundColor: tokens.colorStatusDangerBackground3Pressed },
  },
  part: { border: `1px solid ${tokens.colorStatusDangerBorder1}`, boxShadow: "none" },
});
