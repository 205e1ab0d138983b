import { screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { ClusterFacts } from "../../ipc/generated/ClusterFacts";
import type { Target } from "../../shared/navigation";
import { clusterId } from "../../testing/fake/clusters";
import { detailsOf } from "../../testing/fake/details";
import { expectAccessible, renderApp, startedWith } from "../../testing/render";

type Rendered = ReturnType<typeof renderApp>;
type Answers = Parameters<typeof renderApp>[1];

const SCORING = clusterId("rg-ml-prod", "scoring-01");

const open = (target: Target, answers: Answers = {}): Rendered => renderApp({ name: "change", target }, answers);
const start = (): HTMLElement => screen.getByTestId("start-change");
const begun = ({ host }: Rendered): unknown => startedWith(host);

/** A cluster on another version, which Azure offers these upgrades. */
const old = (kubernetesVersion: string, upgrades: readonly string[], part: Partial<ClusterFacts> = {}): Answers => ({
  get_cluster_details: ({ resourceId }) => {
    const details = detailsOf(resourceId);
    if (details === undefined) {
      throw new Error("no such cluster");
    }
    const cluster = { ...details.cluster, kubernetesVersion, pools: details.cluster.pools.map((pool) => ({ ...pool, version: kubernetesVersion })), ...part };
    return { ...details, cluster, upgrades: upgrades.map((version) => ({ version, isPreview: false })) };
  },
});

describe("support of an upgrade", () => {
  it("is set with a version that Azure offers with long-term support only, and says why", async () => {
    const rendered = open({ kind: "upgrade", clusterId: SCORING }, old("1.32.14", ["1.33.9"]));
    expect(await screen.findByText(/Current version: 1\.32\.14\. Its support ended on/)).toBeTruthy();
    // 1.33.11 is not among the cluster's own upgrades: only long-term support opens it.
    await rendered.user.click(await screen.findByRole("radio", { name: /^1.33.11.*Long-term support only/ }));
    expect(screen.getByTestId("support-why").textContent).toContain("only with long-term support");
    expect(screen.getByRole<HTMLInputElement>("radio", { name: /^Community support/ }).disabled).toBe(true);
    expect(screen.queryByRole("radio", { name: /^Standard/ })).toBeNull();
    await expectAccessible();
    await rendered.user.click(await screen.findByTestId("know-interrupts"));
    await waitFor(() => expect(start().dataset["ready"]).toBe("true"));
    await rendered.user.click(start());
    await screen.findByTestId("run-page");
    expect(begun(rendered)).toMatchObject({
      goal: { change: { version: "1.33.11", support: { longTermSupport: true, tier: "premium", patchUpgrades: true } } },
    });
  });

  it("is no question where the version has community support", async () => {
    const rendered = open({ kind: "upgrade", clusterId: SCORING });
    await rendered.user.click(await screen.findByRole("radio", { name: /^1.36.2.*supported until/ }));
    expect(screen.queryByTestId("support-why")).toBeNull();
  });

  it("may be left where the cluster has long-term support", async () => {
    const rendered = open({ kind: "upgrade", clusterId: SCORING }, old("1.35.4", ["1.36.2"], { tier: "Premium", supportPlan: "AKSLongTermSupport" }));
    await rendered.user.click(await screen.findByRole("radio", { name: /^1.36.2/ }));
    await rendered.user.click(screen.getByRole("radio", { name: /^Community support/ }));
    await rendered.user.click(screen.getByRole("radio", { name: /^Free/ }));
    await rendered.user.click(await screen.findByTestId("know-interrupts"));
    await waitFor(() => expect(start().dataset["ready"]).toBe("true"));
    await rendered.user.click(start());
    await screen.findByTestId("run-page");
    expect(begun(rendered)).toMatchObject({ goal: { change: { support: { longTermSupport: false, tier: "free" } } } });
  });
});

describe("support", () => {
  it("changes without an upgrade", async () => {
    const rendered = open({ kind: "support", clusterId: SCORING });
    await screen.findByRole("radio", { name: /^Community support/ });
    await rendered.user.click(start());
    expect(screen.getAllByText("Choose a different tier or support plan than the current one.").length).toBe(2);
    await rendered.user.click(screen.getByRole("radio", { name: /^Long-term support/ }));
    expect(screen.getByTestId<HTMLInputElement>("support-patches").checked).toBe(true);
    await expectAccessible();
    await waitFor(() => expect(start().dataset["ready"]).toBe("true"));
    await rendered.user.click(start());
    await screen.findByTestId("run-page");
    expect(begun(rendered)).toMatchObject({ goal: { change: { kind: "support", support: { longTermSupport: true, tier: "premium" } } } });
  });

  it("cannot go back once community support has ended", async () => {
    open({ kind: "support", clusterId: SCORING }, old("1.33.9", [], { tier: "Premium", supportPlan: "AKSLongTermSupport" }));
    await waitFor(() => expect(screen.getByRole<HTMLInputElement>("radio", { name: /^Community support/ }).disabled).toBe(true));
  });
});
