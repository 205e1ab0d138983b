import { screen, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { DiagnosisReport } from "../../ipc/generated/DiagnosisReport";
import { cause, healthy, unhealthy } from "../../testing/fake/diagnosis";
import { failure } from "../../testing/fake/host";
import { expectAccessible, renderSignedIn } from "../../testing/render";
import { DiagnosisPanel } from "./DiagnosisPanel";

const ID = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/aks-embed-prod";

function open(answer: () => DiagnosisReport | Promise<DiagnosisReport>): ReturnType<typeof renderSignedIn> {
  return renderSignedIn(<DiagnosisPanel account="sandbox" resourceId={ID} />, { diagnose: answer });
}

describe("diagnosis panel", () => {
  it("shows each cause with its explanation, remedy and evidence", async () => {
    const { user, host } = open(() => unhealthy(ID));
    const first = await screen.findByTestId("cause-E40002");
    expect(host.calls).toContainEqual({ command: "diagnose", args: { account: "sandbox", resourceId: ID } });
    expect(first.dataset.severity).toBe("blocking");
    expect(within(first).getByRole("heading").textContent).toBe("Too few nodes for high availability");
    expect(first.textContent).toContain("aks-embed-prod has 2");
    expect(first.textContent).toContain("Scale the cluster to at least three nodes");
    expect(first.textContent).not.toContain("INSUFFICIENT_NODE");
    await user.click(within(first).getByRole("button", { name: "Evidence" }));
    expect(first.textContent).toContain("INSUFFICIENT_NODE");
    expect(screen.getByTestId("cause-name_elsewhere").textContent).toContain("20.101.44.7");
    await expectAccessible();
  });

  it("shows what could not be read, and how the cluster was read", async () => {
    open(() => unhealthy(ID));
    expect((await screen.findByTestId("diagnosis-unread")).textContent).toContain("Container logs: pods/log is forbidden");
    expect(screen.getByTestId("diagnosis-report").textContent).toContain("commands that Azure ran");
  });

  it("reports a healthy cluster, and runs again", async () => {
    let report = healthy(ID);
    const { user } = open(() => report);
    expect(await screen.findByText("No problems found")).toBeTruthy();
    await expectAccessible();
    report = unhealthy(ID);
    await user.click(screen.getByTestId("diagnose-again"));
    expect(await screen.findByTestId("cause-E40002")).toBeTruthy();
  });

  it("mentions unread parts and operations in progress in the headline", async () => {
    let report: DiagnosisReport = { ...healthy(ID), verdict: "partly", healthy: false, unread: [{ what: "inside", why: "RunCommandDisabled" }] };
    const { user } = open(() => report);
    expect(await screen.findByText("Not everything could be read")).toBeTruthy();
    expect(screen.getByText(/Not read: Inside the cluster\./)).toBeTruthy();
    expect(screen.queryByText("No problems found")).toBeNull();
    await expectAccessible();
    const busy = cause("cluster_unfinished", { severity: "information", params: { cluster: "aks-embed-prod", state: "Updating" } });
    report = { ...healthy(ID), verdict: "unfinished", healthy: false, causes: [busy] };
    await user.click(screen.getByTestId("diagnose-again"));
    expect(await screen.findByText("An operation is still in progress")).toBeTruthy();
    expect(screen.getByTestId("cause-cluster_unfinished").textContent).toContain("Updating");
    expect(screen.queryByText("No problems found")).toBeNull();
  });

  it("shows progress while reading", async () => {
    const answers: ((report: DiagnosisReport) => void)[] = [];
    open(() => new Promise((resolve) => void answers.push(resolve)));
    expect(await screen.findByTestId("diagnosis-reading")).toBeTruthy();
    await expectAccessible();
    answers.forEach((answer) => answer(healthy(ID)));
    expect(await screen.findByTestId("diagnosis-report")).toBeTruthy();
  });

  it("shows why it failed, and retries", async () => {
    let fails = true;
    const { user } = open(() => {
      if (fails) {
        throw failure("unreachable", { params: { host: "management.azure.com" } });
      }
      return healthy(ID);
    });
    expect((await screen.findByTestId("diagnosis-failure")).dataset.failure).toBe("unreachable");
    await expectAccessible();
    fails = false;
    await user.click(screen.getByTestId("diagnosis-failure-retry"));
    expect(await screen.findByTestId("diagnosis-report")).toBeTruthy();
  });

  it("shows an unknown code as it is", async () => {
    open(() => ({ ...unhealthy(ID), causes: [cause("E49999", { remedy: "unheard_of" })] }));
    expect((await screen.findByTestId("cause-E49999")).textContent).toContain("E49999");
  });
});
