import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { Finding } from "../../ipc/generated/Finding";
import type { Goal } from "../../ipc/generated/Goal";
import type { RunSnapshot } from "../../ipc/generated/RunSnapshot";
import { newer } from "../../shared/useRun";
import { failure } from "../../testing/fake/host";
import { snapshotOf } from "../../testing/fake/run";
import { complete, draft, run, runs } from "../../testing/fake/work";
import { INSIDE, expectAccessible, renderApp, startedWith } from "../../testing/render";
import { remainingSeconds } from "./progress";
import { anotherLike } from "./ReadyEndpoint";

const open = (id: string, answers: Parameters<typeof renderApp>[1] = {}): ReturnType<typeof renderApp> => renderApp({ name: "run", run: id }, answers);

const tls: Goal = { kind: "change", change: { kind: "tls", computeId: "/subscriptions/s/computes/prod-01", tls: { kind: "none" } }, waived: [] };
const plain = snapshotOf(run("r7", "prod-01", { state: "succeeded" }), tls);
const takenBack: RunSnapshot = {
  ...plain,
  summary: { ...plain.summary, state: "taken_back" },
  plan: { ...plain.plan, back: plain.plan.steps.slice(0, 1) },
  steps: plain.steps.map((step, index) =>
    index === 0
      ? step
      : {
          ...step,
          state: "failed",
          failure: {
            code: "taken_back",
            remedy: "correct_input",
            params: { check: "tls", code: "tls.other", reason: "other_certificate", url: "https://ml.contoso.com/" },
            detail: "",
            azure: null,
          },
        },
  ),
  back: plain.steps.slice(0, 1),
  goesBack: true,
};

function refuse(): never {
  throw failure("unreachable");
}

describe("run page", () => {
  it("shows the progress of a run, and that closing is safe", async () => {
    open("r4");
    expect((await screen.findByTestId("run-state")).dataset.state).toBe("running");
    expect(screen.getByTestId("run-sentence").textContent).toContain("You can close this window");
    expect(screen.getByTestId("run-step-install_extension").dataset.state).toBe("in_progress");
    expect(screen.getByTestId("run-step-prove").dataset.state).toBe("waiting");
    await expectAccessible();
  });

  it("refreshes when the run announces a change", async () => {
    let summary = run("r9", "ml-prod-09", { stepsDone: 1 });
    let seq = 1;
    const { host } = open("r9", { get_run: () => ({ ...snapshotOf(summary), seq }) });
    expect((await screen.findByTestId("run-step-create_cluster")).dataset.state).toBe("in_progress");
    summary = { ...summary, stepsDone: 2 };
    seq = 2;
    host.announceRun({ run: "r9" });
    await waitFor(() => expect(screen.getByTestId("run-step-create_cluster").dataset.state).toBe("done"));
  });

  it("shows the cause of a failure and what exists, and resumes", async () => {
    const { user, host } = open("r3", { resume_run: () => ({ kind: "running" }) });
    const failed = await screen.findByTestId("step-failure");
    expect(failed.dataset.failure).toBe("forbidden");
    expect(within(screen.getByTestId("made")).getAllByText("costs money").length).toBeGreaterThan(0);
    await expectAccessible();
    await user.click(screen.getByTestId("resume-run"));
    await waitFor(() => expect(host.calls.some((call) => call.command === "resume_run")).toBe(true));
  });

  it("names what exists, versions of models and code with their name", async () => {
    const paths = ["models/churn/versions/3", "codes/5f1c/versions/1", "onlineEndpoints/scores"];
    const made = paths.map((path) => ({ resourceId: `/subscriptions/s/workspaces/w/${path}`, certain: true, costs: false }));
    const { summary } = plain;
    open("r7", { get_run: () => ({ ...plain, summary: { ...summary, state: "failed" }, made }) });
    const list = within(await screen.findByTestId("made"));
    for (const name of ["churn:3", "5f1c:1", "scores"]) {
      expect(list.getByText(name)).toBeTruthy();
    }
  });

  it("names the steps of a service by what they do", async () => {
    const deploys = [
      { version: null, replaces: false },
      { version: "v2", replaces: false },
      { version: null, replaces: true },
    ];
    const copies = <T extends { id: string }>(all: readonly T[]): T[] => all.slice(0, 1).flatMap((first) => deploys.map((_, at) => ({ ...first, id: `deploy-${at}` })));
    const steps = copies(plain.plan.steps).map((step, at): (typeof plain.plan.steps)[number] => ({
      ...step,
      kind: { kind: "deploy_service", resourceId: "/subscriptions/s/workspaces/w/services/churn", code: null, version: null, replaces: false, ...deploys[at] },
    }));
    open("r7", { get_run: () => ({ ...plain, plan: { ...plain.plan, steps }, steps: copies(plain.steps) }) });
    expect(await screen.findByText("Deploy the service churn")).toBeTruthy();
    expect(screen.getByText("Create the version v2 of churn")).toBeTruthy();
    expect(screen.getByText("Update churn")).toBeTruthy();
  });

  it("asks for consent to what is new before it resumes", async () => {
    const resource = "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w/onlineEndpoints/newcomer";
    const finding: Finding = {
      rule: "RES-01",
      code: "RES-01.service",
      severity: "blocking",
      step: "review",
      field: null,
      params: { name: "newcomer" },
      source: "learn.microsoft.com",
      waivable: true,
      resource,
    };
    const asked: string[][] = [];
    const { user } = open("r3", {
      resume_run: ({ consents }) => {
        asked.push(consents);
        return consents.length === 0 ? { kind: "asks", findings: [finding] } : { kind: "running" };
      },
    });
    await user.click(await screen.findByTestId("resume-run"));
    const asks = await screen.findByTestId("resume-asks");
    expect(asks.textContent).toContain("newcomer becomes unavailable");
    await expectAccessible();
    await user.click(within(asks).getByRole("checkbox", { name: "Continue even though newcomer is affected" }));
    await user.click(screen.getByTestId("resume-agreed"));
    await waitFor(() => expect(asked).toEqual([[], [`RES-01:${resource}`]]));
    await waitFor(() => expect(screen.queryByTestId("resume-asks")).toBeNull());
  });

  it("offers the missing role and a cleanup when attaching failed", async () => {
    const { user, host } = open("r3");
    expect((await screen.findByTestId("lacks-cluster_admin")).textContent).toContain("Azure Kubernetes Service Cluster Admin Role");
    await user.click(screen.getByTestId("clear-up"));
    expect(await screen.findByTestId("change-page")).toHaveProperty("dataset.kind", "clear_up");
    expect((await screen.findByTestId("going")).textContent).toContain("managedClusters/risk-models");
    await screen.findByTestId("plan");
    expect(screen.getByTestId("start-change").dataset["ready"]).toBe("false");
    await user.type(screen.getByRole("textbox", { name: /^Type risk-models to confirm/ }), "risk-models");
    await waitFor(() => expect(screen.getByTestId("start-change").dataset["ready"]).toBe("true"));
    await user.click(screen.getByTestId("start-change"));
    await waitFor(() =>
      expect(startedWith(host)).toMatchObject({ goal: { change: { kind: "clear_up", run: "r3", confirm: "risk-models" } } }),
    );
  });

  it("names a change by its action, shows its verification, and links to the cluster", async () => {
    const { user } = open("r6");
    expect(await screen.findByRole("heading", { level: 1, name: "Detach prod-01" })).toBeTruthy();
    expect(screen.getByTestId("check-gone").dataset["state"]).toBe("holds");
    expect(screen.queryByTestId("endpoint")).toBeNull();
    expect(screen.queryByTestId("another-like-this")).toBeNull();
    await expectAccessible();
    await user.click(screen.getByTestId("open-cluster"));
    expect(await screen.findByRole("heading", { level: 1, name: "prod-classic" })).toBeTruthy();
  });

  it("shows why a run could not be cancelled", async () => {
    const { user } = open("r4", { cancel_run: refuse });
    await user.click(await screen.findByTestId("cancel-run"));
    expect(await screen.findByTestId("run-action-failure")).toBeTruthy();
  });

  it("shows the endpoint, its verification and the DNS record; another like it asks before replacing a draft", async () => {
    let kept = draft("place");
    const { user } = open("r2", { read_draft: () => kept, write_draft: (next) => ((kept = { ...next, savedAt: "2026-11-21T09:00:00Z" }), {}) });
    expect((await screen.findByTestId("endpoint-url")).textContent).toBe("https://ml.contoso.com/");
    expect(screen.getByTestId("check-tls").dataset.state).toBe("holds");
    expect(screen.getByTestId("dns-record").textContent).toContain("20.101.44.7");
    await expectAccessible();
    await user.click(screen.getByTestId("another-like-this"));
    const dialog = await screen.findByRole("dialog", INSIDE);
    await user.click(within(dialog).getByRole("button", { name: "Replace", ...INSIDE }));
    expect(await screen.findByRole("heading", { level: 2, name: "Basics" })).toBeTruthy();
    expect(kept.spec.place.clusterName).toBe("");
  });
});

describe("a run that rolled back", () => {
  it("shows the reason and what is in use, and cannot be resumed", async () => {
    const [change, proof] = takenBack.plan.steps;
    open("r7", { get_run: () => takenBack });
    expect((await screen.findByTestId("run-state")).textContent).toBe("Rolled back");
    const notice = screen.getByTestId("step-failure");
    expect(notice.dataset["failure"]).toBe("taken_back");
    expect(notice.textContent).toContain("the scoring address did not present the certificate that was applied");
    expect(notice.textContent).toContain("https://ml.contoso.com/");
    expect(within(screen.getByTestId("run-back")).getAllByRole("listitem")).toHaveLength(1);
    expect(screen.queryByTestId("resume-run")).toBeNull();
    expect(screen.queryByText("Nothing was created.")).toBeNull();
    expect([change?.id, proof?.id]).toEqual(["change_resource_tls", "confirm"]);
    await expectAccessible();
  });
});

const sentence = async (): Promise<string> => (await screen.findByTestId("run-sentence")).textContent ?? "";

describe("run summary", () => {
  it("counts the rollback steps during a rollback", async () => {
    const back = takenBack.back.map((step) => ({ ...step, state: "in_progress" as const, endedAt: null }));
    open("r7", { get_run: () => ({ ...takenBack, summary: { ...takenBack.summary, state: "running" }, back }) });
    expect(await sentence()).toMatch(/^The change did not take effect, so Berth is rolling it back. Step 1 of 1: /);
  });

  it("reports a failed rollback", async () => {
    open("r7", { get_run: () => ({ ...takenBack, summary: { ...takenBack.summary, state: "failed" } }) });
    expect(await sentence()).toContain("Neither the change nor the rollback succeeded");
  });

  it("gives no estimate once a step is slower than usual", async () => {
    const slow = snapshotOf(run("r8", "contoso", { stepsDone: 0 }));
    open("r8", { get_run: () => ({ ...slow, steps: slow.steps.map((step) => ({ ...step, slowerThanUsual: true })) }) });
    expect(await sentence()).toContain("This is taking longer than usual. You can close");
  });

  it("reports a renewal that was not due", async () => {
    const check = { kind: "tls", state: "not_asked", code: "tls.not_due", params: { name: "a.b", days: "121", until: "2027-03-22" } } as const;
    open("r7", { get_run: () => ({ ...plain, proof: { checks: [check], url: null, curl: null, dnsRecord: null, lookedAt: "2026-11-21T09:00:00Z" } }) });
    expect(await sentence()).toBe("The certificate was not due for renewal, so nothing changed. The current certificate stays in use.");
    expect(screen.getByTestId("check-tls").textContent).toContain("until Mar 22, 2027");
  });
});

describe("a step that takes hours", () => {
  it("counts down, and shows what it waits for", async () => {
    const snapshot = snapshotOf(run("r8", "contoso", { stepsDone: 0, startedAt: new Date(Date.now() - 3_600_000).toISOString() }));
    const slow = { ...snapshot, plan: { ...snapshot.plan, steps: snapshot.plan.steps.map((step) => ({ ...step, usual: { fromSeconds: 3600, toSeconds: 18_000 } })) } };
    const steps = slow.steps.map((step) => (step.state === "in_progress" ? { ...step, waitingBecause: { kind: "former_certificate" as const } } : step));
    open("r8", { get_run: () => ({ ...slow, steps }) });
    expect((await screen.findAllByText(/about 4 hr left/)).length).toBe(1);
    expect(screen.getByTestId("waiting-because").textContent).toContain("The previous certificate is still in use.");
    // The run counts down like its step.
    expect(screen.getByTestId("run-sentence").textContent).toContain("Step 1 of");
  });
});

describe("a step that waits", () => {
  it.each([
    [{ kind: "other_operation" as const, said: "AnotherOperationInProgress: Upgrading" }, "Azure's message: AnotherOperationInProgress: Upgrading"],
    [{ kind: "not_visible_yet" as const }, "the resource does not show it yet"],
  ])("says why: %o", async (waitingBecause, words) => {
    const snapshot = snapshotOf(run("r9", "contoso", { stepsDone: 0 }));
    const steps = snapshot.steps.map((step) => (step.state === "in_progress" ? { ...step, waitingBecause } : step));
    open("r9", { get_run: () => ({ ...snapshot, steps }) });
    expect((await screen.findByTestId("waiting-because")).textContent).toContain(words);
  });
});

describe("activity", () => {
  it("lists every run and opens one", async () => {
    const { user } = renderApp({ name: "activity" }, { list_runs: () => runs });
    const table = await screen.findByRole("table", { name: "Runs" });
    expect(within(table).getAllByText("sandbox")).toHaveLength(4);
    expect(await within(table).findByText("Detach")).toBeTruthy();
    expect(await within(table).findAllByText("Setup")).toHaveLength(3);
    await expectAccessible();
    await user.click(within(table).getByTestId("open-run-r2"));
    expect(await screen.findByTestId("run-page")).toBeTruthy();
  });
});

describe("runs", () => {
  const snapshot = snapshotOf(run("r1", "a", { stepsDone: 1 }));

  it("never return to an older snapshot", () => {
    expect(newer({ ...snapshot, seq: 5 }, { ...snapshot, seq: 4 }).seq).toBe(5);
    expect(newer({ ...snapshot, seq: 5 }, { ...snapshot, seq: 6 }).seq).toBe(6);
  });

  it("sum the usual time of the remaining steps", () => {
    const began = Date.parse(snapshot.summary.startedAt);
    const later = began + 3_600_000;
    expect(remainingSeconds(snapshot, began)).toBeGreaterThan(remainingSeconds(snapshot, later));
    expect(remainingSeconds(snapshotOf(run("r1", "a", { state: "succeeded" })), later)).toBe(0);
  });

  it("do not copy names and certificates to another one", () => {
    expect(anotherLike(complete)).toMatchObject({ place: { clusterName: "", computeName: "" }, tls: { kind: "own", cname: "" }, network: complete.network });
  });
});
