import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { Spec } from "../../../ipc/generated/Spec";
import { emptySpec } from "../../../shared/emptySpec";
import { versions } from "../../../testing/fake/versions";
import { expectAccessible, renderStep } from "../../../testing/render";
import { withLts, withVersion } from "./choices";
import { amlWindow, barsOf, endOf, positionOf, quartersOf, spanAround } from "./timeline";
import VersionStep from "./VersionStep";

const placed = (spec: Spec): Spec => ({ ...spec, place: { ...spec.place, location: "westeurope" } });
const lane = (minor: string) => {
  const found = versions.lanes.find((candidate) => candidate.minor === minor);
  if (found === undefined) {
    throw new Error(`no lane ${minor}`);
  }
  return found;
};

describe("version step", () => {
  it("starts from Azure's default and shows its patch versions", async () => {
    renderStep(<VersionStep />, "version", placed);
    await waitFor(() => expect(screen.getByRole("radio", { name: "1.36" })).toHaveProperty("checked", true));
    const patches = screen.getByRole("radiogroup", { name: "Patch versions of 1.36" });
    expect(within(patches).getAllByRole("radio")).toHaveLength(3);
    expect(screen.getByRole("img", { name: /1\.36\.1 can be upgraded to 1\.36\.2, 1\.37\.0/ })).toBeTruthy();
    await expectAccessible();
  });

  it("disables unavailable versions, with the reason, until long-term support is on", async () => {
    const { user } = renderStep(<VersionStep />, "version", placed);
    const old = await screen.findByRole("radio", { name: "1.33" });
    expect(old).toHaveProperty("disabled", true);
    expect(document.getElementById(old.getAttribute("aria-describedby")?.split(" ")[0] ?? "")?.textContent).toBe("only with LTS");
    await user.click(screen.getByRole("switch", { name: /Long-term support/ }));
    await user.click(screen.getByRole("radio", { name: "1.33" }));
    expect(screen.getByRole("radio", { name: "1.33" })).toHaveProperty("checked", true);
    expect(screen.getByRole("radio", { name: "1.37" })).toHaveProperty("disabled", true);
  });

  it("works with the keyboard", async () => {
    const { user } = renderStep(<VersionStep />, "version", placed);
    await waitFor(() => expect(screen.getByRole("radio", { name: "1.36" })).toHaveProperty("checked", true));
    screen.getByRole("radio", { name: "1.36" }).focus();
    await user.keyboard("{ArrowDown}");
    await waitFor(() => expect(screen.getByRole("radio", { name: "1.35" })).toHaveProperty("checked", true));
  });

  it("shows the same in a table", async () => {
    const { user } = renderStep(<VersionStep />, "version", placed);
    await user.click(await screen.findByRole("tab", { name: "Table" }));
    const table = screen.getByRole("table", { name: "Kubernetes version" });
    expect(within(table).getAllByRole("row")).toHaveLength(versions.lanes.length + 1);
    await user.click(within(table).getByRole("radio", { name: "1.35" }));
    expect(screen.getByRole("radiogroup", { name: "Patch versions of 1.35" })).toBeTruthy();
    await expectAccessible();
  });
});

describe("time line", () => {
  const span = spanAround("2026-11-21");

  it("covers whole quarters around today", () => {
    const quarters = quartersOf(span);
    expect(quarters).toHaveLength(12);
    expect(quarters[0]).toMatchObject({ at: 0, quarter: 1, year: 2026 });
    expect(positionOf("2020-01-01", span)).toBe(0);
    expect(positionOf("2040-01-01", span)).toBe(100);
  });

  it("splits support at today and hatches long-term support", () => {
    const bars = barsOf(lane("1.36"), "2026-11-21", span);
    expect(bars.map(({ kind, past }) => [kind, past])).toEqual([
      ["community", true],
      ["community", false],
      ["lts", false],
    ]);
    expect(bars[0]?.to).toBe(bars[1]?.from);
    expect(barsOf({ ...lane("1.36"), available: null }, "2026-11-21", span)).toEqual([]);
  });

  it("brackets what Azure ML supports and finds the relevant end date", () => {
    expect(amlWindow(versions.lanes)).toEqual({ first: 1, last: 3 });
    expect(amlWindow([])).toBeNull();
    expect(endOf(lane("1.33"), false)).toBe("2027-07-31");
    expect(endOf(lane("1.36"), false)).toBe("2027-06-30");
    expect(endOf(lane("1.36"), true)).toBe("2028-06-30");
  });
});

describe("choices", () => {
  it("tie long-term support to the Premium tier", () => {
    const spec = withVersion(emptySpec("s"), "1.35.4");
    const long = withLts(spec, true, versions.lanes);
    expect(long.version).toEqual({ kubernetes: "1.35.4", longTermSupport: true, tier: "premium", patchUpgrades: false });
    expect(withLts(withVersion(long, "1.33"), false, versions.lanes).version).toEqual({ kubernetes: "", longTermSupport: false, tier: "standard", patchUpgrades: false });
  });
});
