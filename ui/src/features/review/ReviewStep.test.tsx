import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { finding } from "../../ipc/fake/findings";
import { clusterId } from "../../ipc/fake/clusters";
import { accessOf } from "../../ipc/fake/details";
import { snapshotOf } from "../../ipc/fake/run";
import { complete, draft, run } from "../../ipc/fake/work";
import { failure } from "../../ipc/fakeHost";
import { expectAccessible, renderApp } from "../../test/render";
import { masked } from "../../shared/plan/masked";

const quiet = { read_draft: () => draft("review"), preflight: () => ({ findings: [], requests: 9, tookMs: 400 }) };
/** Preflight waits until the person has stopped typing. */
const LONG = { timeout: 6000 };

function refuse(): never {
  throw failure("blocked_by_preflight", { remedy: "change_plan" });
}

describe("review step", () => {
  it("shows findings and plan, and each request with its secrets as dots", async () => {
    const { user } = renderApp({ name: "setup" }, quiet);
    expect(await screen.findByTestId("nothing-blocks", undefined, LONG)).toBeTruthy();
    const plan = await screen.findByTestId("plan");
    expect(within(plan).getByText("Create the cluster ml-prod-01")).toBeTruthy();
    await user.click(within(plan).getByTestId("show-requests"));
    expect(within(plan).getByText(/"sslKeyPemFile": "•••"/)).toBeTruthy();
    await expectAccessible();
  });

  it("starts the run, opens it, and leaves no draft behind", async () => {
    let kept: ReturnType<typeof draft> | null = draft("review");
    const { user, host } = renderApp(
      { name: "setup" },
      {
        ...quiet,
        read_draft: () => kept,
        write_draft: (next) => ((kept = { ...next, savedAt: "2026-11-21T09:00:00Z" }), {}),
        drop_draft: () => ((kept = null), {}),
      },
    );
    await waitFor(() => expect(screen.getByTestId("start-run").dataset.ready).toBe("true"), LONG);
    await user.click(screen.getByTestId("start-run"));
    expect(await screen.findByTestId("run-page")).toBeTruthy();
    expect(await screen.findByTestId("run-step-create_cluster")).toBeTruthy();
    expect(host.calls.find((call) => call.command === "start_run")?.args).toEqual({ account: "sandbox", goal: { kind: "set_up", spec: complete } });
    expect(host.calls.filter((call) => call.command === "write_draft")).toEqual([]);
    expect(kept).toBeNull();
  });

  it("does not bring the draft back by leaving right after a change", async () => {
    let kept: ReturnType<typeof draft> | null = draft("review");
    const blocking = finding("VER-05", { severity: "warning", step: "version", waivable: true });
    const { user } = renderApp(
      { name: "setup" },
      {
        ...quiet,
        preflight: () => ({ findings: [blocking], requests: 9, tookMs: 400 }),
        read_draft: () => kept,
        write_draft: async (next) => {
          await new Promise((resolve) => setTimeout(resolve, 50));
          kept = { ...next, savedAt: "2026-11-21T09:00:00Z" };
          return {};
        },
        drop_draft: () => ((kept = null), {}),
      },
    );
    await user.click(await screen.findByTestId("waive-VER-05", undefined, LONG));
    await waitFor(() => expect(screen.getByTestId("start-run").dataset.ready).toBe("true"), LONG);
    await user.click(screen.getByTestId("start-run"));
    await screen.findByTestId("run-page");
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(kept).toBeNull();
  });

  it("says what stands in the way and goes there", async () => {
    const blocking = finding("SET-09", { step: "network", field: "network.loadBalancer" });
    const { user } = renderApp({ name: "setup" }, { ...quiet, check_spec: () => ({ findings: [blocking] }) });
    expect(await screen.findByTestId("findings-blocking", undefined, LONG)).toBeTruthy();
    await user.click(screen.getByTestId("start-run"));
    expect(await screen.findByRole("heading", { level: 2, name: "Network" })).toBeTruthy();
  });

  it("shows why a run could not begin", async () => {
    const { user } = renderApp({ name: "setup" }, { ...quiet, start_run: refuse });
    await waitFor(() => expect(screen.getByTestId("start-run").dataset.ready).toBe("true"), LONG);
    await user.click(screen.getByTestId("start-run"));
    expect(await screen.findByTestId("start-failure")).toBeTruthy();
  });
});

describe("access", () => {
  const attaching = { ...complete, cluster: { kind: "existing" as const, resourceId: clusterId("rg-ml-prod", "scoring-01") } };
  const reviewing = { ...quiet, read_draft: () => ({ ...draft("review"), spec: attaching }) };

  it("gives a role in place and follows its run", async () => {
    let lacks = 2;
    const { user, host } = renderApp(
      { name: "setup" },
      {
        ...reviewing,
        check_access: ({ workspaceId, clusterId }) => ({ ...accessOf(workspaceId, clusterId), lacks: accessOf(workspaceId, clusterId).lacks.slice(0, lacks) }),
        get_run: () => snapshotOf(run("r5", "scoring-01", { state: "succeeded" })),
      },
    );
    const grant = await screen.findByTestId("grant-cluster_admin");
    lacks = 1;
    await user.click(grant);
    await waitFor(() => expect(screen.queryByTestId("lacks-cluster_admin")).toBeNull());
    expect(host.calls.find((call) => call.command === "start_run")?.args).toMatchObject({ goal: { change: { kind: "grant", role: "cluster_admin" } } });
    expect(screen.getByTestId("lacks-kubernetes_extension_contributor")).toBeTruthy();
    await expectAccessible();
  });

  it("puts the request into words where the person may not give roles", async () => {
    const { user } = renderApp({ name: "setup" }, { ...reviewing, check_access: (asked) => ({ ...accessOf(asked.workspaceId, asked.clusterId), mayGrant: false }) });
    await user.click(await screen.findByTestId("copy-request-cluster_admin"));
    const text = await navigator.clipboard.readText();
    expect(text).toContain("az role assignment create --assignee-object-id 11111111-2222-3333-4444-555555555555");
    expect(text).toContain("managedClusters/scoring-01");
    expect(screen.queryByTestId("grant-cluster_admin")).toBeNull();
  });
});

describe("masked", () => {
  it("hides what stands for a secret, however deep", () => {
    expect(masked({ a: ["{{secret:key}}", 1, null], b: "plain" })).toEqual({ a: ["•••", 1, null], b: "plain" });
  });
});
