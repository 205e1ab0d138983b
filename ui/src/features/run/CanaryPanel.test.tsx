import { screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { CanaryProgress } from "../../ipc/generated/CanaryProgress";
import type { Goal } from "../../ipc/generated/Goal";
import type { RunSnapshot } from "../../ipc/generated/RunSnapshot";
import type { RunState } from "../../ipc/generated/RunState";
import type { FrontEndLogs } from "../../ipc/generated/FrontEndLogs";
import { endpointId, frontEndLogs } from "../../testing/fake/endpoints";
import { failure } from "../../testing/fake/host";
import { snapshotOf } from "../../testing/fake/run";
import { run } from "../../testing/fake/work";
import { expectAccessible, renderApp } from "../../testing/render";

const goal: Goal = {
  kind: "change",
  change: { kind: "canary", endpointId: endpointId("fraud"), canary: { version: "green", steps: [5, 100], minutes: 5 }, sample: "/samples/fraud.json" },
  waived: [],
};
const counts = { calls: 40, errors: 1 };
const baking: CanaryProgress = {
  stage: { kind: "baking", since: 0, watch: { new: counts, old: { calls: 39, errors: 0 }, all: 79, doubts: 0, passed: false, newIsNext: true } },
  reached: 1,
  steps: 2,
  before: { blue: 100 },
  now: { blue: 95, green: 5 },
  next: { green: 100 },
  refusal: null,
  pods: { kind: "counted", ready: 2, all: 3, restarts: 1 },
};

function open(state: RunState, canary: CanaryProgress, logs: () => FrontEndLogs = frontEndLogs): ReturnType<typeof renderApp> {
  const plain = snapshotOf(run("r7", "fraud", { state }), goal);
  const snapshot: RunSnapshot = { ...plain, steps: plain.steps.map((step, index) => (index === 0 ? { ...step, canary } : step)) };
  return renderApp({ name: "run", run: "r7" }, { get_run: () => snapshot, decide_canary: () => ({ kind: "running" }), read_front_end_logs: logs });
}

describe("canary", () => {
  it("shows its stage, counts and traffic, and can be paused or rolled back", async () => {
    const { user, host } = open("running", baking);
    const panel = await screen.findByTestId("canary");
    expect(panel.dataset["stage"]).toBe("baking");
    for (const text of ["Step 1 of 2: blue 95% · green 5%", "errors in 1 of 40 calls", "2 of 3 ready. Restarts: 1.", "Next: green 100%", "Before: blue 100%"]) {
      expect(panel.textContent).toContain(text);
    }
    expect(screen.queryByTestId("canary-continue")).toBeNull();
    await expectAccessible();
    await user.click(screen.getByTestId("canary-pause"));
    await user.click(screen.getByTestId("canary-back"));
    const choices = (): unknown[] => host.calls.filter(({ command }) => command === "decide_canary").map(({ args }) => args);
    await waitFor(() =>
      expect(choices()).toEqual([
        { run: "r7", choice: "pause" },
        { run: "r7", choice: "back" },
      ]),
    );
  });

  it("says that the pods are unknown, and why", async () => {
    open("running", { ...baking, pods: { kind: "unread", why: "the cluster refused" } });
    const panel = await screen.findByTestId("canary");
    expect(panel.textContent).toContain("The pods of the new version are unknown: the cluster refused.");
    expect(screen.getByTestId("canary-pause")).toBeTruthy();
  });

  it("names no next step once the previous traffic is back", async () => {
    open("taken_back", { ...baking, stage: { kind: "back", why: { kind: "asked" } } });
    const panel = await screen.findByTestId("canary");
    expect(panel.textContent).toContain("Before: blue 100%");
    expect(panel.textContent).not.toContain("Next:");
  });

  it("says why it waits and what somebody else has set, and continues", async () => {
    const { user, host } = open("paused", { ...baking, stage: { kind: "foreign", found: { blue: 40, green: 60 } } });
    const panel = await screen.findByTestId("canary");
    expect(panel.textContent).toContain("Found: blue 40% · green 60%");
    expect(screen.getByTestId("run-state").dataset["state"]).toBe("paused");
    expect(screen.queryByTestId("canary-pause")).toBeNull();
    await user.click(screen.getByTestId("canary-continue"));
    await waitFor(() => expect(host.calls.some(({ command }) => command === "decide_canary")).toBe(true));
  });
});

/** Opens the log of the front end. */
async function openLog(user: ReturnType<typeof renderApp>["user"]): Promise<HTMLElement> {
  await user.click(await screen.findByRole("button", { name: "Front end's log" }));
  return screen.findByTestId("front-end-log");
}

describe("log of the front end", () => {
  it("is read when opened", async () => {
    const { user, host } = open("running", baking);
    await screen.findByTestId("canary");
    expect(host.calls.some(({ command }) => command === "read_front_end_logs")).toBe(false);
    await openLog(user);
    expect((await screen.findByTestId("front-end-log-lines")).textContent).toBe("azureml-fe starts\nPOST /api/v1/endpoint/fraud/score 200");
    expect(screen.getByText("azureml/azureml-fe-v2-7c9 · azureml-fe")).toBeTruthy();
    expect(host.calls).toContainEqual({ command: "read_front_end_logs", args: { account: "sandbox", endpointId: endpointId("fraud"), lines: 100 } });
    await expectAccessible();
  });

  it("is unknown where it could not be read", async () => {
    const found = frontEndLogs();
    const refused = found.logs.map((log) => ({ ...log, lines: [], unread: "403 Forbidden" }));
    const { user } = open("running", baking, () => ({ ...found, logs: refused, leftOut: 2 }));
    const panel = await openLog(user);
    await waitFor(() => expect(panel.textContent).toContain("The log is unknown: 403 Forbidden"));
    expect(panel.textContent).toContain("2 more logs were not read.");
    expect(screen.queryByTestId("front-end-log-lines")).toBeNull();
  });

  it("tells unknown pods from none", async () => {
    const none = { ...frontEndLogs(), logs: [] };
    let logs: FrontEndLogs = { ...none, unread: "the cluster did not answer" };
    const { user } = open("paused", baking, () => logs);
    const panel = await openLog(user);
    await waitFor(() => expect(panel.textContent).toContain("The log is unknown: the cluster did not answer"));
    expect(panel.textContent).not.toContain("No pods");
    logs = none;
    await user.click(screen.getByRole("button", { name: "Front end's log" }));
    await openLog(user);
    await waitFor(() => expect(panel.textContent).toContain("No pods of the front end were found"));
  });

  it("can be read again after a failure", async () => {
    let fails = true;
    const { user } = open("running", baking, () => {
      if (fails) {
        throw failure("unreachable", { params: { host: "management.azure.com" } });
      }
      return frontEndLogs();
    });
    await openLog(user);
    expect((await screen.findByTestId("front-end-log-failure")).dataset["failure"]).toBe("unreachable");
    expect(screen.getByTestId("canary-pause")).toBeTruthy();
    fails = false;
    await user.click(screen.getByTestId("front-end-log-failure-retry"));
    expect(await screen.findByTestId("front-end-log-lines")).toBeTruthy();
  });
});
