import { screen, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { clusterId } from "../../testing/fake/clusters";
import { detailsOf } from "../../testing/fake/details";
import { failure } from "../../testing/fake/host";
import { draft } from "../../testing/fake/work";
import { INSIDE, expectAccessible, renderApp } from "../../testing/render";
import { changesOf } from "./changesOf";

type Answers = Parameters<typeof renderApp>[1];

const open = (group: string, name: string, answers: Answers = {}): ReturnType<typeof renderApp> =>
  renderApp({ name: "cluster", clusterId: clusterId(group, name) }, answers);

const detailsNamed = (group: string, name: string) => {
  const found = detailsOf(clusterId(group, name));
  if (found === undefined) {
    throw new Error(`no cluster ${name}`);
  }
  return found;
};

describe("cluster page", () => {
  it("shows the cluster, its nodes, and its services and endpoints", async () => {
    open("rg-ml-prod", "scoring-01");
    const overview = await screen.findByTestId("overview");
    expect(overview.textContent).toContain("5 nodes, 28 vCPU");
    expect(within(overview).getByText("owner: ml-platform")).toBeTruthy();
    expect(await within(overview).findByText("West Europe")).toBeTruthy();
    expect(within(overview).getByText("Azure CNI")).toBeTruthy();
    expect(screen.getByTestId("pool-models").textContent).toContain("2 to 6");
    expect(screen.getByTestId("dependent-fraud-v2").textContent).toContain("https://ml.contoso.com");
    expect(screen.queryByTestId("leftovers")).toBeNull();
    await expectAccessible();
  });

  it("offers the actions of a pool", async () => {
    const { user } = open("rg-ml-prod", "scoring-01");
    await screen.findByTestId("overview");
    expect(screen.queryByRole("button", { name: "Scale models…" })).toBeNull();
    expect(screen.getByRole("button", { name: "Autoscale models…" })).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Scale system…" }));
    expect(await screen.findByRole("heading", { level: 1, name: "Scale system of scoring-01" })).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "scoring-01" }));
    expect(await screen.findByTestId("cluster-page")).toBeTruthy();
  });

  it("separates deleting from detaching", async () => {
    const { user } = open("rg-risk", "risk-models");
    const danger = await screen.findByTestId("danger");
    expect(within(danger).getByRole("button", { name: "Delete risk-dev with its cluster…" })).toBeTruthy();
    expect(within(danger).getByRole("button", { name: "Delete cluster…" })).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Change risk-dev" }));
    const items = (await screen.findAllByRole("menuitem", INSIDE)).map((item) => item.textContent);
    expect(items).toEqual(["Load balancer…", "TLS…", "Tags…", "Detach…"]);
  });

  it("works with the keyboard", async () => {
    const { user } = open("rg-ml-prod", "prod-classic");
    const menu = await screen.findByRole("button", { name: "Change prod-01" });
    menu.focus();
    await user.keyboard("{Enter}");
    (await screen.findByRole("menuitem", { name: "Refresh components…", ...INSIDE })).focus();
    await user.keyboard("{Enter}");
    expect(await screen.findByTestId("change-page")).toHaveProperty("dataset.kind", "refresh");
  });

  it("removes leftovers when there is no classic compute", async () => {
    const { user } = open("rg-ml-prod", "batch-eu");
    expect((await screen.findByTestId("leftovers")).textContent).toContain("secret default/azuremlfessl");
    expect(screen.getByRole("button", { name: "Start…" })).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Remove leftovers…" }));
    expect(await screen.findByRole("heading", { level: 1, name: "Remove leftovers from batch-eu" })).toBeTruthy();
  });

  it("opens the wizard for this cluster, and asks before replacing a draft", async () => {
    let kept: ReturnType<typeof draft> | null = draft("size");
    const { user } = open("rg-ml-prod", "batch-eu", {
      read_draft: () => kept,
      write_draft: (next) => ((kept = { ...next, savedAt: "2026-11-21T09:00:00Z" }), {}),
    });
    await user.click(await screen.findByRole("button", { name: "Attach to a workspace" }));
    const dialog = await screen.findByRole("dialog", INSIDE);
    await user.click(within(dialog).getByRole("button", { name: "Replace", ...INSIDE }));
    expect(await screen.findByRole("heading", { level: 2, name: "Basics" })).toBeTruthy();
    expect(kept.spec).toMatchObject({ cluster: { kind: "existing", resourceId: clusterId("rg-ml-prod", "batch-eu") }, place: { clusterName: "batch-eu" } });
  });

  it("shows why it could not be read", async () => {
    const { user } = open("rg-ml-prod", "none", {
      get_cluster_details: () => {
        throw failure("unreachable");
      },
    });
    await user.click(await screen.findByRole("button", { name: "Try again" }));
    expect(await screen.findByTestId("failure")).toBeTruthy();
  });
});

describe("changes of a compute", () => {
  it("depend on its route, its origin and the other computes", () => {
    const beside = detailsNamed("rg-ml-prod", "prod-classic");
    const [classic, moved] = beside.computes.map(({ compute }) => changesOf(compute, beside));
    expect(classic?.moving).toEqual(["move_finish", "move_back"]);
    expect(moved).toEqual({ serving: ["load_balancer", "tls"], moving: [] });
    const alone = { ...beside, computes: beside.computes.slice(0, 1) };
    expect(alone.computes.map(({ compute }) => changesOf(compute, alone).moving)).toEqual([["move"]]);
    const labelled = { ...alone, computes: alone.computes.map((compute) => ({ ...compute, tls: "microsoft" })) };
    expect(labelled.computes.map(({ compute }) => changesOf(compute, labelled).serving)).toEqual([["load_balancer", "tls", "renew_label", "refresh"]]);
    const made = detailsNamed("rg-risk", "risk-models");
    expect(made.computes.map(({ compute }) => changesOf(compute, made))).toEqual([{ serving: ["load_balancer", "tls"], moving: [] }]);
  });
});
