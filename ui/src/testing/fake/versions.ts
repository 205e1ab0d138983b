import type { Lane } from "../../ipc/generated/Lane";
import type { VersionCatalogue } from "../../ipc/generated/VersionCatalogue";

const lane = (minor: string, patches: [string, string[]][], part: Partial<Lane>): Lane => ({
  minor,
  available: null,
  communityEnd: null,
  ltsEnd: null,
  phase: "supported",
  daysLeft: null,
  isDefault: false,
  offersLts: true,
  inAmlWindow: false,
  selectable: true,
  selectableWithLts: true,
  reason: null,
  patches: patches.map(([version, upgrades], at) => ({ version, upgrades, newest: at === 0 })),
  ...part,
});

export const versions: VersionCatalogue = {
  today: "2026-11-21",
  calendarAsOf: "2026-08-05",
  lanes: [
    lane("1.37", [["1.37.0", []]], {
      available: "2026-10-01",
      communityEnd: "2027-10-31",
      ltsEnd: "2028-10-31",
      phase: "preview",
      offersLts: false,
      selectableWithLts: false,
    }),
    lane("1.36", [["1.36.2", ["1.37.0"]], ["1.36.1", ["1.36.2", "1.37.0"]]], {
      available: "2026-06-01",
      communityEnd: "2027-06-30",
      ltsEnd: "2028-06-30",
      daysLeft: 221,
      isDefault: true,
      inAmlWindow: true,
    }),
    lane("1.35", [["1.35.6", ["1.36.1", "1.36.2"]], ["1.35.4", ["1.35.6", "1.36.1", "1.36.2"]]], {
      available: "2026-03-01",
      communityEnd: "2027-03-31",
      ltsEnd: "2028-03-31",
      daysLeft: 130,
      inAmlWindow: true,
    }),
    lane("1.34", [["1.34.9", ["1.35.4", "1.35.6"]], ["1.34.6", ["1.34.9", "1.35.4", "1.35.6"]]], {
      available: "2025-11-01",
      communityEnd: "2026-11-30",
      ltsEnd: "2027-11-30",
      phase: "ending",
      daysLeft: 9,
      inAmlWindow: true,
    }),
    lane("1.33", [["1.33.11", ["1.34.6", "1.34.9"]], ["1.33.9", ["1.33.11", "1.34.6"]]], {
      available: "2025-06-01",
      communityEnd: "2026-07-31",
      ltsEnd: "2027-07-31",
      phase: "lts_only",
      daysLeft: 252,
      selectable: false,
      reason: "lts_only",
    }),
    lane("1.32", [["1.32.14", ["1.33.9", "1.33.11"]]], {
      available: "2025-04-01",
      communityEnd: "2026-03-31",
      ltsEnd: "2027-03-31",
      phase: "lts_only",
      daysLeft: 130,
      selectable: false,
      reason: "lts_only",
    }),
    lane("1.31", [], {
      available: "2024-11-01",
      communityEnd: "2025-11-01",
      ltsEnd: "2026-11-30",
      phase: "ended",
      selectable: false,
      selectableWithLts: false,
      reason: "not_offered",
    }),
  ],
};
