import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { Endpoint } from "../../ipc/generated/Endpoint";
import { percentOf, sharesOf, trafficOf } from "../../shared/endpoint/traffic";
import { inDays } from "../../testing/fake/certificate";
import { endpointDetails, endpointId, endpoints, endpointsAt } from "../../testing/fake/endpoints";
import { failure } from "../../testing/fake/host";
import { expectAccessible, renderApp } from "../../testing/render";
import { problemsOf } from "./problems";
import { FIRST_VIEW, groupsOf, possible, replicasOf, rowOf, shownOf } from "./rows";

type Answers = Parameters<typeof renderApp>[1];

const named = (name: string): Endpoint => {
  const found = endpoints.find((one) => one.name === name);
  if (found === undefined) {
    throw new Error(`no endpoint ${name}`);
  }
  return found;
};

const open = (name: string, answers: Answers = {}): ReturnType<typeof renderApp> => renderApp({ name: "endpoint", endpointId: named(name).id }, answers);

describe("endpoint page", () => {
  it("shows the versions with their traffic, and the default's part of what is assigned to none", async () => {
    open("pricing");
    expect(await screen.findByRole("img", { name: "Traffic: v1 50%, v2 20%, v3 10%, v4 10%, v5 5%, v6 5%" })).toBeTruthy();
    const first = screen.getByTestId("version-v1");
    expect(first.textContent).toContain("DefaultControl");
    expect(first.textContent).toContain("40% own, 10% unassigned");
    expect(screen.getByTestId("version-v6").textContent).toContain("https://scoring.contoso.com/api/v1/service/pricing/v6/score");
    expect(screen.getByTestId("version-v6").textContent).toContain("1 to 4, at 70% utilization");
    // The classic route has no instance types.
    expect(screen.queryByRole("columnheader", { name: "Instance type" })).toBeNull();
    await expectAccessible();
  });

  it("shows the errors of the endpoint and of a version in Azure's words", async () => {
    open("ocr-invoices");
    expect((await screen.findByTestId("errors-endpoint")).textContent).toContain("InferencingClientCreateDeploymentFailed: InferencingClient HttpRequest error");
    const errors = screen.getByTestId("errors-green");
    expect(within(errors).getByTestId("azure-words").textContent).toContain("ImagePullLoopBackOff: Back-off pulling image");
    expect(screen.getByRole("columnheader", { name: "Instance type" })).toBeTruthy();
    await expectAccessible();
  });

  it("explains authentication, clear text and where it runs", async () => {
    open("risk-eval");
    const facts = await screen.findByTestId("facts");
    expect(facts.textContent).toContain("Whoever can reach the address can call the models.");
    expect(facts.textContent).toContain("keys and data travel in clear text");
    await waitFor(() => expect(facts.textContent).toContain("West Europe"));
    expect(facts.textContent).toContain("risk-models");
  });

  it("shows what is unknown, with the reason", async () => {
    open("sentiment");
    const facts = await screen.findByTestId("facts");
    expect(facts.textContent).toContain("Azure does not say which compute it runs on.");
    expect(facts.textContent).toContain("Azure does not say how callers authenticate.");
    expect((await screen.findByTestId("endpoint-problems")).textContent).toContain("compute: Azure does not name it");
    expect(screen.queryByTestId("open-cluster")).toBeNull();
    expect(screen.queryByTestId("diagnose")).toBeNull();
    expect(screen.queryByTestId("copy-address")).toBeNull();
  });

  it("shows why the versions could not be read", async () => {
    open("forecast");
    expect((await screen.findByTestId("versions-unread")).textContent).toContain("AuthorizationFailed: The client 'ml-ops@contoso.com'");
    expect(screen.getByTestId("traffic").dataset["traffic"]).toBe("unread");
    await expectAccessible();
  });

  it("says that nothing answers without a version, and that no version gets traffic", async () => {
    const { user } = open("segmentation");
    expect(await screen.findByText(/has no version yet, so nothing answers/)).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Endpoints", current: false }));
    await user.click(await screen.findByRole("button", { name: "recommender" }));
    expect((await screen.findByTestId("warning-no_traffic")).textContent).toContain("Only calls that name a version reach one.");
  });

  it("exports a service for the extension route, says what stays behind, and deploys a version", async () => {
    const { user, host } = open("credit-score");
    await user.click(await screen.findByTestId("carry-over"));
    const compute = await screen.findByRole("combobox", { name: /Compute on the extension route/ });
    await user.click(compute);
    await user.click(await screen.findByRole("option", { name: "scoring" }));
    await expectAccessible();
    await user.click(screen.getByTestId("export-service"));
    const carried = await screen.findByTestId("exported-v1");
    expect(carried.textContent).toContain("credit-score can be carried over: endpoint credit-score, version v1, model credit:21, traffic 100 %.");
    expect(carried.textContent).toContain("/home/me/credit-score-v1.json");
    expect(screen.getByTestId("exported-v2").textContent).toContain("cannot be carried over: it was built from the image credit:7");
    expect(screen.queryByTestId("deploy-v2")).toBeNull();
    expect(host.calls).toContainEqual({ command: "export_service", args: { account: "sandbox", serviceId: named("credit-score").id, compute: "scoring", sample: "" } });
    await expectAccessible();
    await user.click(screen.getByTestId("deploy-v1"));
    expect(await screen.findByTestId("field-workspace.subscriptionId")).toBeTruthy();
  });

  it("offers the export on the classic route only", async () => {
    open("fraud-v2");
    await screen.findByTestId("facts");
    expect(screen.queryByTestId("carry")).toBeNull();
  });

  it("diagnoses the cluster, and opens it", async () => {
    const { user, host } = open("fraud-v2");
    await user.click(await screen.findByRole("button", { name: "Diagnose cluster" }));
    expect(await screen.findByTestId("diagnosis-report")).toBeTruthy();
    expect(host.calls).toContainEqual({ command: "diagnose", args: { account: "sandbox", resourceId: named("fraud-v2").computeId } });
    await user.click(screen.getByRole("button", { name: "Open cluster" }));
    expect(await screen.findByRole("heading", { level: 1, name: "scoring-01" })).toBeTruthy();
    await user.click(await screen.findByRole("button", { name: "fraud-v2" }));
    expect(await screen.findByTestId("traffic-panel")).toBeTruthy();
  });

  it("shows the last known state where it cannot be read, and retries", async () => {
    let offline = true;
    const { user } = open("credit-score", {
      last_endpoints: () => endpointsAt(inDays(-2)),
      get_endpoint: ({ resourceId }) => {
        const details = endpointDetails(resourceId);
        if (offline || details === undefined) {
          throw failure("unreachable");
        }
        return details;
      },
    });
    expect((await screen.findByTestId("endpoint-failure")).dataset["failure"]).toBe("unreachable");
    expect((await screen.findByTestId("endpoint-age")).textContent).toBe("Read 2 days ago");
    expect(screen.getByTestId("version-credit-score").textContent).toContain("100%");
    offline = false;
    await user.click(screen.getByTestId("endpoint-failure-retry"));
    await waitFor(() => expect(screen.getByTestId("endpoint-age").textContent).toBe("Read just now"));
  });

  it("reports an endpoint that no longer exists, even if it was there before", async () => {
    const gone = { ...named("fraud-v2"), id: endpointId("long-gone"), name: "long-gone" };
    renderApp({ name: "endpoint", endpointId: gone.id }, { last_endpoints: () => ({ ...endpointsAt(), endpoints: [gone] }) });
    expect((await screen.findByTestId("endpoint-gone")).textContent).toBe("This endpoint no longer exists.");
    expect(screen.queryByTestId("traffic-panel")).toBeNull();
    await expectAccessible();
  });
});

/** An endpoint with this traffic for `v1`, `v2` and so on. */
function split(traffic: readonly (number | null)[], part: Partial<Endpoint> = {}): Endpoint {
  const endpoint = named("fraud-v2");
  const [first] = endpoint.versions;
  const versions = first === undefined ? [] : traffic.map((share, at) => ({ ...first, name: `v${at + 1}`, traffic: share }));
  return { ...endpoint, versions, ...part };
}

const kinds = (endpoint: Endpoint): string[] => problemsOf(endpoint).map(({ kind }) => kind);

describe("traffic", () => {
  it.each([
    [[60, 20], "v1", [80, 20]],
    [[0, 0], "v2", [0, 100]],
    [[60, 20], null, [60, 20]],
    [[90, 90], "v1", [90, 90]],
    [[60, null], "v1", [null, null]],
    [[60, null], null, [60, null]],
  ] as const)("of %j with the default %s is %j", (traffic, unassigned, expected) => {
    expect(sharesOf(split(traffic, { unassigned })).map(percentOf)).toEqual(expected);
  });

  it("is known as far as Azure says", () => {
    expect(trafficOf(split([]))).toBe("no_versions");
    expect(trafficOf(split([], { versionsUnread: "403" }))).toBe("unread");
    expect(trafficOf(split([null]))).toBe("unknown");
    expect(trafficOf(split([0, 0]))).toBe("zero");
    expect(trafficOf(split([0, null]))).toBe("split");
  });

  it("is a problem unless it adds up", () => {
    expect(kinds(split([90, 10]))).toEqual([]);
    expect(problemsOf(split([50, 30]))).toMatchObject([{ kind: "sum", sum: 80 }]);
    expect(kinds(split([50, 30], { unassigned: "v1" }))).toEqual([]);
    expect(kinds(split([50, null]))).toEqual(["unknown"]);
    expect(kinds(split([50], { versionsUnread: "403" }))).toEqual(["unread"]);
    expect(kinds(named("ocr-invoices"))).toEqual(["failed", "version_failed"]);
    expect(kinds({ ...split([100]), name: "v1", state: "Failed" })).toEqual(["failed"]);
    expect(problemsOf(named("risk-eval"))).toMatchObject([{ kind: "failed", code: "Unschedulable" }]);
    expect(kinds({ ...split([100]), errors: [{ code: "", message: "odd" }] })).toEqual(["reported"]);
  });
});

describe("rows", () => {
  const rows = endpoints.map(rowOf);

  it("add up replicas as far as they are known", () => {
    expect(replicasOf([{ scale: { kind: "fixed", replicas: 2 } }, { scale: { kind: "auto", min: 1, max: 4, target: 70 } }])).toEqual({ min: 3, max: 6 });
    expect(replicasOf([{ scale: null }])).toBeNull();
  });

  it("are shown by filters that still fit", () => {
    const view = { ...FIRST_VIEW, workspaceId: "/subscriptions/gone", problem: "sum", text: "fraud" } as const;
    expect(possible(view, rows)).toEqual({ ...FIRST_VIEW, text: "fraud" });
    expect(possible({ ...view, problem: "failed", workspaceId: named("churn").workspaceId.toUpperCase() }, rows)).toMatchObject({ problem: "failed", workspaceId: named("churn").workspaceId.toLowerCase() });
  });

  it("sort those with an unknown compute last, and group by id", () => {
    const names = (sort: "compute" | "replicas"): string[] => shownOf(rows, { ...FIRST_VIEW, sort }).map(({ endpoint }) => endpoint.name);
    expect(names("compute").at(-1)).toBe("sentiment");
    const elsewhere = { ...named("churn"), workspaceId: "/subscriptions/other/workspaces/ml-prod" };
    const groups = groupsOf([...rows, rowOf(elsewhere)], "workspace");
    expect(groups.map(({ name }) => name)).toEqual(["credit-risk", "ml-prod", "ml-prod", "ml-research"]);
  });
});
