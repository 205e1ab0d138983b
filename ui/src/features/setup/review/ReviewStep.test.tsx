import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { masked } from "../../../shared/plan/RequestView";
import { clusterId } from "../../../testing/fake/clusters";
import { accessOf } from "../../../testing/fake/details";
import { finding } from "../../../testing/fake/findings";
import { failure } from "../../../testing/fake/host";
import { difference, reviewOf, reviewed, unreadWorkspace } from "../../../testing/fake/review";
import { snapshotOf } from "../../../testing/fake/run";
import { complete, draft, run } from "../../../testing/fake/work";
import { expectAccessible, renderApp, startedWith } from "../../../testing/render";

const quiet = { read_draft: () => draft("review"), review: reviewed([]) };
/** Debounce of the review while typing. */
const LONG = { timeout: 6000 };

function refuse(): never {
  throw failure("blocked_by_preflight", { remedy: "change_plan" });
}

describe("review step", () => {
  it("shows findings and plan, and each request with its secrets masked", async () => {
    const { user } = renderApp({ name: "setup" }, quiet);
    expect(await screen.findByTestId("nothing-blocks", undefined, LONG)).toBeTruthy();
    const plan = await screen.findByTestId("plan");
    expect(within(plan).getByText("Create the cluster ml-prod-01")).toBeTruthy();
    await user.click(within(plan).getByTestId("show-requests"));
    expect(within(plan).getByText(/"sslKeyPemFile": "•••"/)).toBeTruthy();
    await expectAccessible();
  });

  it("writes days as people do", async () => {
    const ends = finding("VER-05", { severity: "warning", step: "version", params: { version: "1.34", date: "2026-11-30", asOf: "2026-11-01", days: "9" } });
    renderApp({ name: "setup" }, { ...quiet, review: reviewed([ends]) });
    expect((await screen.findByTestId("finding-VER-05", undefined, LONG)).textContent).toContain("ends on Nov 30, 2026, in 9 days (support calendar of Nov 1, 2026)");
  });

  it("starts the run, opens it, and deletes the draft", async () => {
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
    expect(startedWith(host)).toEqual({ account: "sandbox", goal: { kind: "set_up", spec: complete }, consents: [], typed: null });
    expect(host.calls.filter((call) => call.command === "review")).toHaveLength(1);
    expect(host.calls.filter((call) => call.command === "write_draft")).toEqual([]);
    expect(kept).toBeNull();
  });

  it("does not restore the draft when started right after a step", async () => {
    let kept: ReturnType<typeof draft> | null = draft("tls");
    const onStart: (() => void)[] = [];
    const writes: Promise<unknown>[] = [];
    const { user } = renderApp(
      { name: "setup" },
      {
        ...quiet,
        read_draft: () => ({ ...draft("review"), step: "tls" }),
        write_draft: async (next) => {
          // Still being saved when the run starts.
          const writing = new Promise<void>((resolve) => onStart.push(() => setTimeout(resolve, 50)));
          writes.push(writing);
          await writing;
          kept = { ...next, savedAt: "2026-11-21T09:00:00Z" };
          return {};
        },
        drop_draft: () => ((kept = null), {}),
        start: () => {
          onStart.forEach((go) => go());
          return { kind: "running", run: run("r4", "ml-prod-01", {}) };
        },
      },
    );
    await waitFor(() => expect(screen.getByTestId("summary").getAttribute("aria-busy")).toBe("false"), LONG);
    await user.click(screen.getByTestId("next"));
    await waitFor(() => expect(screen.getByTestId("start-run").dataset.ready).toBe("true"), LONG);
    await waitFor(() => expect(writes).toHaveLength(1));
    await user.click(screen.getByTestId("start-run"));
    await screen.findByTestId("run-page");
    await Promise.all(writes);
    expect(kept).toBeNull();
  });

  it("shows what blocks and links to it", async () => {
    const blocking = finding("SET-09", { step: "network", field: "network.loadBalancer" });
    const { user } = renderApp({ name: "setup" }, { ...quiet, check_spec: () => ({ findings: [blocking] }) });
    expect(await screen.findByTestId("findings-blocking", undefined, LONG)).toBeTruthy();
    await user.click(screen.getByTestId("start-run"));
    expect(await screen.findByRole("heading", { level: 2, name: "Network" })).toBeTruthy();
  });

  it("sends consent to unread facts, without new calls to Azure", async () => {
    const unread = unreadWorkspace("ml-trial");
    const rule = finding("CPU-14", { step: "size", field: "size.vmSize", waivable: true });
    const { user, host } = renderApp({ name: "setup" }, { ...quiet, review: reviewed([unread, rule]) });
    const box = await screen.findByRole("checkbox", { name: "Continue without checking ml-trial" }, LONG);
    expect(screen.getByTestId("plan")).toBeTruthy();
    expect(screen.getByTestId("start-run").dataset.ready).toBe("false");
    expect(screen.getByTestId("count-blocking").textContent).toContain("2");
    expect(screen.getByTestId("step-size").dataset.status).toBe("problem");
    await user.click(screen.getByTestId("start-run"));
    await waitFor(() => expect(document.activeElement).toBe(box));
    await user.click(box);
    await user.click(screen.getByTestId("waive-CPU-14"));
    expect(screen.getByTestId("start-run").dataset.ready).toBe("true");
    expect(screen.getByTestId("step-size").dataset.status).toBe("done");
    expect(screen.queryByTestId("count-blocking")).toBeNull();
    expect(screen.getByTestId("nothing-blocks").textContent).toContain("1 item could not be read");
    await expectAccessible();
    await user.click(screen.getByTestId("start-run"));
    await screen.findByTestId("run-page");
    expect(host.calls.filter((call) => call.command === "review")).toHaveLength(1);
    expect(startedWith(host).consents).toEqual([`USE-01:${unread.resource ?? ""}`, "CPU-14"]);
  });

  it("does not reuse the consents of an earlier draft", async () => {
    const { host } = renderApp({ name: "setup" }, { ...quiet, read_draft: () => ({ ...draft("review"), spec: { ...complete, waived: ["VER-05"] } }) });
    await screen.findByTestId("plan", undefined, LONG);
    expect([...host.goals.values()]).toEqual([{ account: "sandbox", goal: { kind: "set_up", spec: complete } }]);
  });

  it("shows what changed, starts nothing, and starts the new review", async () => {
    const now = reviewOf({ kind: "set_up", spec: complete }, { findings: [] });
    const step = { code: "step.create_cluster", params: { name: "ml-prod-01" } };
    const differences = [difference("member", { step, params: { member: "tags.owner", before: '"a"', now: '"b"' } })];
    const asked: string[] = [];
    const { user, host } = renderApp(
      { name: "setup" },
      {
        ...quiet,
        start: ({ review }) => {
          asked.push(review);
          return asked.length === 1 ? { kind: "changed", differences, review: now } : { kind: "running", run: run("r4", "ml-prod-01", {}) };
        },
      },
    );
    await waitFor(() => expect(screen.getByTestId("start-run").dataset.ready).toBe("true"), LONG);
    await user.click(screen.getByTestId("start-run"));
    const notice = await screen.findByTestId("changed");
    expect(within(notice).getByRole("listitem").textContent).toBe('Create the cluster ml-prod-01: tags.owner was "a" and is now "b"');
    await waitFor(() => expect(document.activeElement).toBe(notice));
    expect(host.calls.some((call) => call.command === "drop_draft")).toBe(false);
    await expectAccessible();
    await user.click(screen.getByTestId("start-run"));
    await screen.findByTestId("run-page");
    expect(asked).toEqual([[...host.goals.keys()][0], now.id]);
  });

  it("shows why a run could not start", async () => {
    const { user } = renderApp({ name: "setup" }, { ...quiet, start: refuse });
    await waitFor(() => expect(screen.getByTestId("start-run").dataset.ready).toBe("true"), LONG);
    await user.click(screen.getByTestId("start-run"));
    expect(await screen.findByTestId("start-failure")).toBeTruthy();
  });
});

describe("access", () => {
  const attaching = { ...complete, cluster: { kind: "existing" as const, resourceId: clusterId("rg-ml-prod", "scoring-01") } };
  const reviewing = { ...quiet, read_draft: () => ({ ...draft("review"), spec: attaching }) };

  it("assigns a role in place and follows its run", async () => {
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
    expect(startedWith(host)).toMatchObject({ goal: { change: { kind: "grant", role: "cluster_admin" } } });
    expect(screen.getByTestId("lacks-kubernetes_extension_contributor")).toBeTruthy();
    await expectAccessible();
  });

  it("shows in place what blocks a role assignment", async () => {
    const { user, host } = renderApp(
      { name: "setup" },
      { ...reviewing, review: ({ goal }) => reviewOf(goal, { findings: goal.kind === "change" ? [finding("ATT-07", { step: "review" })] : [] }) },
    );
    await user.click(await screen.findByTestId("grant-cluster_admin"));
    expect(within(await screen.findByTestId("grant-blocked")).getByTestId("finding-ATT-07")).toBeTruthy();
    expect(host.calls.some((call) => call.command === "start")).toBe(false);
  });

  it("shows a request to copy when the user cannot assign roles", async () => {
    const { user } = renderApp({ name: "setup" }, { ...reviewing, check_access: (asked) => ({ ...accessOf(asked.workspaceId, asked.clusterId), mayGrant: false }) });
    await user.click(await screen.findByTestId("copy-request-cluster_admin"));
    const text = await navigator.clipboard.readText();
    expect(text).toContain("az role assignment create --assignee-object-id 11111111-2222-3333-4444-555555555555");
    expect(text).toContain("managedClusters/scoring-01");
    expect(screen.queryByTestId("grant-cluster_admin")).toBeNull();
  });
});

describe("masked", () => {
  it("hides secret placeholders at any depth", () => {
    expect(masked({ a: ["{{secret:key}}", 1, null], b: "plain" })).toEqual({ a: ["•••", 1, null], b: "plain" });
  });
});
