import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { clusters, computes } from "../../testing/fake/clusters";
import { failure } from "../../testing/fake/host";
import { place } from "../../testing/fake/place";
import { SUBSCRIPTION } from "../../testing/fake/session";
import { expectAccessible, renderApp, startedWith } from "../../testing/render";
import { type FleetView, orphansOf, rowsOf, viewOf } from "./fleet";

const names = (table: HTMLElement): (string | undefined)[] => within(table).getAllByRole("row").slice(1).map((row) => row.dataset["testid"]);

describe("clusters page", () => {
  it("lists every cluster with its computes", async () => {
    const { user } = renderApp({ name: "home" });
    await user.click(await screen.findByRole("button", { name: "Clusters" }));
    const table = await screen.findByRole("table", { name: "Clusters" });
    expect(names(table)).toEqual(["cluster-batch-eu", "cluster-prod-classic", "cluster-risk-models", "cluster-scoring-01"]);
    expect(within(table).getByTestId("cluster-prod-classic").textContent).toContain("prod-01 Classic in ml-prod");
    expect(within(table).getByTestId("cluster-batch-eu").textContent).toContain("Stopped");
    await expectAccessible();
    await user.click(within(table).getByRole("button", { name: "scoring-01" }));
    expect(await screen.findByRole("heading", { level: 1, name: "scoring-01" })).toBeTruthy();
    expect(screen.getByTestId("nav-clusters").getAttribute("aria-current")).toBe("page");
  });

  it("filters and sorts", async () => {
    const { user } = renderApp({ name: "clusters" });
    const table = await screen.findByRole("table", { name: "Clusters" });
    await user.click(within(table).getByRole("button", { name: "Nodes" }));
    await user.click(within(table).getByRole("button", { name: "Nodes" }));
    expect(names(table)[0]).toBe("cluster-scoring-01");
    await user.type(screen.getByRole("searchbox", { name: "Filter clusters" }), "credit");
    await waitFor(() => expect(names(screen.getByRole("table", { name: "Clusters" }))).toEqual(["cluster-risk-models"]));
    await user.type(screen.getByRole("searchbox", { name: "Filter clusters" }), " nothing");
    expect(await screen.findByText("No cluster matches.")).toBeTruthy();
  });

  it("detaches a compute whose cluster no longer exists", async () => {
    const { user, host } = renderApp({ name: "clusters" });
    await user.click(await screen.findByRole("button", { name: "Detach gone-aks…" }));
    expect(await screen.findByRole("heading", { level: 1, name: "Detach gone-aks" })).toBeTruthy();
    await waitFor(() => expect(screen.getByTestId("start-change").dataset["ready"]).toBe("true"));
    await user.click(screen.getByRole("button", { name: "Detach gone-aks" }));
    await screen.findByTestId("run-page");
    expect(startedWith(host)).toMatchObject({ goal: { change: { kind: "detach" } } });
  });

  it("shows one line and one button when empty", async () => {
    renderApp({ name: "clusters" }, { list_place: () => ({ ...place, clusters: [], computes: [] }) });
    expect(await screen.findByText("No clusters")).toBeTruthy();
    expect(screen.getAllByRole("button", { name: "Set up a cluster" })).toHaveLength(1);
    await expectAccessible();
  });

  it("shows why reading failed, and retries", async () => {
    let refused = true;
    const { user } = renderApp(
      { name: "clusters" },
      {
        list_place: () => {
          if (refused) {
            throw failure("forbidden");
          }
          return place;
        },
      },
    );
    const [retry] = await screen.findAllByRole("button", { name: "Try again" });
    refused = false;
    if (retry !== undefined) {
      await user.click(retry);
    }
    expect(await screen.findByRole("table", { name: "Clusters" })).toBeTruthy();
  });
});

describe("fleet", () => {
  const parts = [{ subscriptionId: SUBSCRIPTION.toUpperCase(), catalogue: place }];
  const view: FleetView = { text: "", sort: "name", descending: false };

  it("reports a cluster as gone only if it was looked up", () => {
    expect(orphansOf(parts).map(({ name }) => name)).toEqual(["gone-aks"]);
    expect(orphansOf([{ subscriptionId: SUBSCRIPTION, catalogue: { ...place, problems: ["clusters: 403"] } }])).toEqual([]);
    expect(orphansOf([{ subscriptionId: "other", catalogue: { ...place, clusters: [], computes } }])).toEqual([]);
  });

  it("counts vCPU for known sizes, and filters by compute", () => {
    const rows = rowsOf(parts, { Standard_D4s_v5: 4 });
    expect(rows.map(({ vcpus }) => vcpus)).toEqual([null, 12, 12, 12]);
    expect(viewOf(rows, { ...view, text: "PROD-01" }).map(({ cluster }) => cluster.name)).toEqual(["prod-classic"]);
    expect(viewOf(rows, { ...view, descending: true })[0]?.cluster.name).toBe("scoring-01");
    expect(clusters).toHaveLength(rows.length);
  });
});
