import { describe, expect, it } from "vitest";
import { type EditedShare, apportion, setNearest, setShare, sumOf } from "./trafficEditor";

const NAMES = ["blue", "green", "red", "grey", "pink", "teal", "gold"];

const shares = (percents: readonly number[], part: Readonly<Record<string, Partial<EditedShare>>> = {}): EditedShare[] =>
  percents.map((percent, at) => {
    const version = NAMES[at] ?? `v${at}`;
    return { version, percent, locked: false, notReady: false, ...part[version] };
  });

const set = (before: readonly EditedShare[], version: string, percent: number): unknown => {
  const after = setShare(before, version, percent);
  return "shares" in after ? after.shares.map((share) => share.percent) : after.problem;
};

const locked = { locked: true };
const notReady = { notReady: true };

describe("apportion", () => {
  it.each([
    [100, [1, 1, 1], [34, 33, 33]],
    [100, [0, 0, 0], [34, 33, 33]],
    [95, [60, 40], [57, 38]],
    [75, [50, 30, 20], [38, 22, 15]],
    [10, [0, 5], [0, 10]],
    [0, [3, 4], [0, 0]],
    [7, [], []],
  ])("splits %i by %j", (total, weights, parts) => {
    expect(apportion(total, weights)).toEqual(parts);
  });
});

describe("setting a share", () => {
  // The same table as in Rust, so that both editors give the same result.
  it.each([
    ["in proportion", shares([60, 30, 10]), "blue", 20, [20, 60, 20]],
    ["all to one", shares([60, 30, 10]), "red", 100, [0, 0, 100]],
    ["equally where nobody had traffic", shares([0, 0, 0]), "blue", 50, [50, 25, 25]],
    ["without locked versions", shares([60, 30, 10], { green: locked }), "blue", 40, [40, 30, 30]],
    ["at most what is not locked", shares([60, 30, 10], { green: locked }), "blue", 71, { code: "locked", most: 70 }],
    ["to nobody", shares([60, 30, 10], { green: locked, red: locked }), "blue", 50, { code: "nobody_takes", rest: 10 }],
    ["as it is", shares([60, 30, 10], { green: locked, red: locked }), "blue", 60, [60, 30, 10]],
    ["past one that may not gain", shares([60, 30, 10], { green: notReady }), "blue", 50, [50, 30, 20]],
    ["also from one that may not gain", shares([60, 30, 10], { green: notReady }), "blue", 80, [80, 15, 5]],
    ["not to one that may not gain", shares([60, 30, 10], { green: notReady }), "green", 31, { code: "not_ready" }],
    ["away from one that may not gain", shares([60, 30, 10], { green: notReady }), "green", 0, [86, 0, 14]],
    ["of the only version", shares([100]), "blue", 90, { code: "nobody_takes", rest: 10 }],
    ["of the only version without traffic", shares([0]), "blue", 100, [100]],
  ])("shares the rest %s", (_, before, version, percent, after) => {
    expect(set(before, version, percent)).toEqual(after);
  });
});

/** The same numbers on every run, so that a failure can be repeated. */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return Math.floor((state / 2_147_483_647) * below);
  };
}

describe("any edit", () => {
  it.each(Array.from({ length: 100 }, (_, seed) => seed + 1))("adds up to 100, keeps locks and lets only ready versions gain (%i)", (seed) => {
    const random = randomNumbers(seed);
    const percents = apportion(100, Array.from({ length: 2 + random(6) }, () => random(101)));
    const before = shares(percents).map((share) => ({ ...share, locked: random(3) === 0, notReady: random(3) === 0 }));
    const { version } = before[random(before.length)] ?? { version: "" };
    const percent = random(101);
    const { shares: after, problem } = setNearest(before, version, percent);
    expect(sumOf(after)).toBe(100);
    after.forEach((share, at) => {
      const old = before[at];
      expect(share.percent).toBeGreaterThanOrEqual(0);
      expect(!share.locked || share.version === version || share.percent === old?.percent).toBe(true);
      expect(!share.notReady || share.percent <= (old?.percent ?? 0)).toBe(true);
    });
    expect(problem !== null || after.find((share) => share.version === version)?.percent === percent).toBe(true);
    // What it has changes nothing.
    const own = before.find((share) => share.version === version)?.percent ?? 0;
    expect(setShare(before, version, own)).toEqual({ shares: before });
  });

  it("gives the nearest share that is possible, and says why", () => {
    const before = shares([60, 30, 10], { green: locked });
    expect(setNearest(before, "blue", 100)).toEqual({ shares: shares([70, 30, 0], { green: locked }), problem: { code: "locked", most: 70 } });
    expect(setNearest(shares([100]), "blue", 40)).toEqual({ shares: shares([100]), problem: { code: "nobody_takes", rest: 60 } });
  });
});
