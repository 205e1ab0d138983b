import { screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { CanaryProgress } from "../../ipc/generated/CanaryProgress";
import type { Goal } from "../../ipc/generated/Goal";
import type { RunSnapshot } from "../../ipc/generated/RunSnapshot";
import type { RunState } from "../../ipc/generated/RunState";
import { endpointId } from "../../testing/fake/endpoints";
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

function open(state: RunState, canary: CanaryProgress): ReturnType<typeof renderApp> {
  const plain = snapshotOf(run("r7", "fraud", { state }), goal);
  const snapshot: RunSnapshot = { ...plain, steps: plain.steps.map((step, index) => (index === 0 ? { ...step, canary } : step)) };
  return renderApp({ name: "run", run: "r7" }, { get_run: () => snapshot, decide_canary: () => ({ kind: "running" }) });
}

describe("canary", () => {
  it("shows its stage, counts and traffic, and can be paused or rolled back", async () => {
    const { user, host } = open("running", baking);
    const panel = await screen.findByTestId("canary");
    expect(panel.dataset["stage"]).toBe("baking");
    for (const text of ["Step 1 of 2: blue 95 % · green 5 %", "1 errors in 40 calls", "2 of 3 ready. Restarts: 1.", "Next: green 100 %", "Before: blue 100 %"]) {
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

  it("says why it waits and what somebody else has set, and continues", async () => {
    const { user, host } = open("paused", { ...baking, stage: { kind: "foreign", found: { blue: 40, green: 60 } } });
    const panel = await screen.findByTestId("canary");
    expect(panel.textContent).toContain("Found: blue 40 % · green 60 %");
    expect(screen.getByTestId("run-state").dataset["state"]).toBe("paused");
    expect(screen.queryByTestId("canary-pause")).toBeNull();
    await user.click(screen.getByTestId("canary-continue"));
    await waitFor(() => expect(host.calls.some(({ command }) => command === "decide_canary")).toBe(true));
  });
});
