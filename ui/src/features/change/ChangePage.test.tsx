import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { Target } from "../../shared/navigation";
import { clusterId } from "../../testing/fake/clusters";
import { failure } from "../../testing/fake/host";
import { difference, reviewOf, reviewed, unreadWorkspace } from "../../testing/fake/review";
import { SUBSCRIPTION } from "../../testing/fake/session";
import { run } from "../../testing/fake/work";
import { expectAccessible, renderApp, startedWith } from "../../testing/render";

type Rendered = ReturnType<typeof renderApp>;
type Answers = Parameters<typeof renderApp>[1];

const SCORING = clusterId("rg-ml-prod", "scoring-01");
const CLASSIC = clusterId("rg-ml-prod", "prod-classic");
const computeId = (name: string): string =>
  `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-ml-prod/providers/Microsoft.MachineLearningServices/workspaces/ml-prod/computes/${name}`;

const open = (target: Target, answers: Answers = {}): Rendered => renderApp({ name: "change", target }, answers);
const classic = (kind: "detach" | "refresh" | "tls" | "load_balancer" | "move"): Target => ({ kind, clusterId: CLASSIC, computeId: computeId("prod-01") });
const GROUP = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-trial`;
const TRIAL = clusterId("rg-trial", "aks-trial");
const COMPUTE = computeId("trial");
const clears = (): Rendered => open({ kind: "clear_up", run: "r3", resources: [GROUP, TRIAL, COMPUTE] }, { review: reviewed([]) });
const start = (): HTMLElement => screen.getByTestId("start-change");
const planned = (): Promise<HTMLElement> => screen.findByTestId("plan");
const know = (): HTMLElement => screen.getByTestId("know-interrupts");
const box = (name: string): Promise<HTMLElement> => screen.findByRole("checkbox", { name: `Continue without checking ${name}` });
const begun = ({ host }: Rendered): unknown => (host.calls.some((call) => call.command === "start") ? startedWith(host) : undefined);
const reviews = ({ host }: Rendered): number => host.calls.filter((call) => call.command === "review").length;

describe("scale", () => {
  it("shows the resulting capacity, and names the action", async () => {
    const rendered = open({ kind: "scale", clusterId: CLASSIC, pool: "agentpool" });
    const nodes = await screen.findByRole("spinbutton", { name: "Node count" });
    await rendered.user.click(start());
    expect(screen.getAllByText("Choose a different node count.").length).toBe(2);
    expect(begun(rendered)).toBeUndefined();
    await rendered.user.clear(nodes);
    await rendered.user.type(nodes, "2");
    await rendered.user.tab();
    expect(await screen.findByRole("button", { name: "Scale to 2 nodes" })).toBeTruthy();
    expect(screen.getByTestId("vcpu-bar").textContent).toContain("4 vCPU short");
    await planned();
    expect(screen.getByTestId("finding-CPU-26")).toBeTruthy();
    await expectAccessible();
    await rendered.user.click(start());
    await screen.findByTestId("run-page");
    expect(begun(rendered)).toEqual({
      account: "sandbox",
      goal: { kind: "change", change: { kind: "scale", clusterId: CLASSIC, pool: "agentpool", nodes: 2 }, waived: [] },
      consents: [],
      typed: null,
    });
    // No review before the count changes, then exactly one.
    expect(reviews(rendered)).toBe(1);
  });

  it("turns the autoscaler off", async () => {
    const rendered = open({ kind: "autoscale", clusterId: SCORING, pool: "models" });
    await rendered.user.click(await screen.findByRole("switch", { name: "Autoscale" }));
    await planned();
    expect(start().textContent).toBe("Turn off autoscaling");
    await rendered.user.click(start());
    await screen.findByTestId("run-page");
    expect(begun(rendered)).toMatchObject({ goal: { change: { kind: "autoscale", bounds: null } } });
  });
});

describe("interruptions", () => {
  it("must be confirmed before the start", async () => {
    const rendered = open(classic("detach"));
    await planned();
    expect(screen.getByTestId("cluster-stays").textContent).toContain("billed");
    expect(start().dataset["ready"]).toBe("false");
    await rendered.user.click(start());
    expect(screen.getByText("Confirm the interruption first.")).toBeTruthy();
    await waitFor(() => expect(document.activeElement).toBe(know()));
    expect(screen.getByRole("checkbox", { name: "I understand and accept these interruptions" })).toBe(know());
    expect(begun(rendered)).toBeUndefined();
    await expectAccessible();
    await rendered.user.keyboard(" ");
    await waitFor(() => expect(start().dataset["ready"]).toBe("true"));
    await rendered.user.click(start());
    await screen.findByTestId("run-page");
    expect(begun(rendered)).toMatchObject({ goal: { change: { kind: "detach", computeId: computeId("prod-01") } } });
  });
});

describe("deleting", () => {
  it("requires the typed cluster name, and sends it", async () => {
    const rendered = open({ kind: "delete_cluster", clusterId: clusterId("rg-ml-prod", "batch-eu") });
    await planned();
    await rendered.user.click(await screen.findByTestId("know-interrupts"));
    await rendered.user.click(start());
    expect(screen.getByText("Type the name first.")).toBeTruthy();
    const name = screen.getByRole("textbox", { name: /^Type batch-eu to confirm/ });
    await waitFor(() => expect(document.activeElement).toBe(name));
    await rendered.user.type(name, "batch-e");
    await rendered.user.click(start());
    expect(begun(rendered)).toBeUndefined();
    await rendered.user.type(name, "u");
    await waitFor(() => expect(start().dataset["ready"]).toBe("true"));
    await expectAccessible();
    expect(start().textContent).toBe("Delete batch-eu");
    await rendered.user.click(start());
    await screen.findByTestId("run-page");
    expect(begun(rendered)).toMatchObject({ goal: { change: { kind: "delete_cluster", confirm: "batch-eu" } }, typed: "batch-eu" });
  });
});

describe("unread facts", () => {
  const places = [unreadWorkspace("ml-trial-old"), unreadWorkspace("ml-trial")];
  const consents = places.map(({ rule, resource }) => `${rule}:${resource ?? ""}`);

  it("block until each is accepted by name, without new calls to Azure, and are sent", async () => {
    const rendered = open(classic("detach"), { review: reviewed(places) });
    await rendered.user.click(await box("ml-trial-old"));
    // The plan is visible before any consent.
    await planned();
    expect(screen.getByRole("heading", { name: "1 blocking problem" })).toBeTruthy();
    await rendered.user.click(know());
    await rendered.user.click(start());
    await waitFor(async () => expect(document.activeElement).toBe(await box("ml-trial")));
    expect(begun(rendered)).toBeUndefined();
    expect(screen.queryByTestId("nothing-blocks")).toBeNull();
    await rendered.user.keyboard(" ");
    await waitFor(() => expect(start().dataset["ready"]).toBe("true"));
    expect(screen.getByRole("heading", { name: "2 accepted risks" })).toBeTruthy();
    expect(within(screen.getByTestId("findings-blocking")).getAllByRole("checkbox", { checked: true })).toHaveLength(2);
    expect(screen.getByTestId("nothing-blocks").textContent).toBe("Nothing that was checked blocks this plan, but 2 items could not be read.");
    await expectAccessible();
    expect(reviews(rendered)).toBe(1);
    await rendered.user.click(start());
    await screen.findByTestId("run-page");
    expect(begun(rendered)).toMatchObject({ goal: { waived: [] }, consents });
  });

  it("are accepted for one goal only", async () => {
    const rendered = open({ kind: "scale", clusterId: SCORING, pool: "system" }, { review: reviewed(places) });
    const nodes = await screen.findByRole("spinbutton", { name: "Node count" });
    await rendered.user.clear(nodes);
    await rendered.user.type(nodes, "5{Tab}");
    await rendered.user.click(await box("ml-trial"));
    await rendered.user.clear(nodes);
    await rendered.user.type(nodes, "6{Tab}");
    await waitFor(() => expect(reviews(rendered)).toBe(2));
    expect(await box("ml-trial")).toHaveProperty("checked", false);
  });
});

describe("a plan that changed since the review", () => {
  const kept = unreadWorkspace("ml-trial");
  const goal = { kind: "change" as const, change: { kind: "detach" as const, computeId: computeId("prod-01") }, waived: [] };

  it("is shown, starts nothing, and starts on the second press", async () => {
    const now = reviewOf(goal, { findings: [kept, unreadWorkspace("ml-trial-old")] });
    const note = { code: "interrupt.services", params: { count: "1", names: "churn" } };
    const differences = [
      difference("interrupts", { step: { code: "step.remove_resource.attachment", params: { name: "prod-01" } }, note }),
      difference("finding", { finding: unreadWorkspace("ml-trial-old") }),
    ];
    let before = true;
    const rendered = open(classic("detach"), {
      review: reviewed([kept]),
      start: () => {
        const changed = before;
        before = false;
        return changed ? { kind: "changed", differences, review: now } : { kind: "running", run: run("r4", "prod-01", {}) };
      },
    });
    await rendered.user.click(await box("ml-trial"));
    await rendered.user.click(know());
    await rendered.user.click(start());
    const notice = await screen.findByTestId("changed");
    await waitFor(() => expect(document.activeElement).toBe(notice));
    expect(within(notice).getByRole("alert").textContent).toContain("The plan has changed since your review");
    const items = within(notice).getAllByRole("listitem").map(({ textContent }) => textContent);
    expect(items).toEqual([expect.stringMatching(/^Detach prod-01 from its workspace: .*churn/), expect.stringMatching(/^New: .*ml-trial-old/)]);
    expect(screen.getByTestId("change-page")).toBeTruthy();
    // Existing consents are kept; new findings have none.
    expect(await box("ml-trial")).toHaveProperty("checked", true);
    expect(await box("ml-trial-old")).toHaveProperty("checked", false);
    expect(start().dataset["ready"]).toBe("false");
    await expectAccessible();
    await rendered.user.click(await box("ml-trial-old"));
    await waitFor(() => expect(start().dataset["ready"]).toBe("true"));
    expect(reviews(rendered)).toBe(1);
    await rendered.user.click(start());
    await screen.findByTestId("run-page");
    const sent = rendered.host.calls.filter((call) => call.command === "start").map(({ args }) => args);
    expect(sent).toHaveLength(2);
    expect(sent[1]).toEqual({ review: now.id, consents: [kept, unreadWorkspace("ml-trial-old")].map(({ rule, resource }) => `${rule}:${resource ?? ""}`), typed: null });
  });

  it("is reviewed again silently when the review is gone", async () => {
    const gone = new Set<string>();
    const rendered = open(
      { kind: "clean_up", clusterId: clusterId("rg-ml-prod", "batch-eu") },
      {
        start: ({ review }) => {
          if (gone.size === 0) {
            gone.add(review);
            throw failure("not_found", { params: { what: "review" } });
          }
          return gone.has(review) ? { kind: "changed", differences: [], review: reviewOf(goal) } : { kind: "running", run: run("r4", "prod-01", {}) };
        },
      },
    );
    await planned();
    await waitFor(() => expect(start().dataset["ready"]).toBe("true"));
    await rendered.user.click(start());
    await waitFor(() => expect(reviews(rendered)).toBe(2));
    await waitFor(() => expect(start().dataset["ready"]).toBe("true"));
    expect(screen.queryByTestId("start-failure")).toBeNull();
    await rendered.user.click(start());
    await screen.findByTestId("run-page");
  });
});

describe("cleanup", () => {
  it("requires the name of the largest resource to delete", async () => {
    const rendered = clears();
    await planned();
    const name = screen.getByRole("textbox", { name: /^Type rg-trial to confirm/ });
    await rendered.user.type(name, "aks-trial");
    await rendered.user.click(start());
    expect(screen.getByText("Type the name first.")).toBeTruthy();
    expect(begun(rendered)).toBeUndefined();
    await rendered.user.clear(name);
    await rendered.user.type(name, "rg-trial");
    await waitFor(() => expect(start().dataset["ready"]).toBe("true"));
    await expectAccessible();
    await rendered.user.click(start());
    await screen.findByTestId("run-page");
    expect(begun(rendered)).toMatchObject({ goal: { change: { kind: "clear_up", run: "r3", resources: [GROUP, TRIAL, COMPUTE], confirm: "rg-trial" } } });
  });

  it("skips excluded resources, and adapts the name to type", async () => {
    const rendered = clears();
    await rendered.user.click(await screen.findByRole("checkbox", { name: GROUP }));
    expect(screen.getByRole("textbox", { name: /^Type aks-trial to confirm/ })).toBeTruthy();
    await rendered.user.click(screen.getByRole("checkbox", { name: TRIAL }));
    expect(screen.queryByRole("textbox")).toBeNull();
    await rendered.user.click(screen.getByRole("checkbox", { name: COMPUTE }));
    await rendered.user.click(start());
    expect(screen.getAllByText("Choose what to remove.").length).toBe(2);
    await rendered.user.click(screen.getByRole("checkbox", { name: COMPUTE }));
    await planned();
    await waitFor(() => expect(start().dataset["ready"]).toBe("true"));
    await rendered.user.click(start());
    await screen.findByTestId("run-page");
    expect(begun(rendered)).toMatchObject({ goal: { change: { resources: [COMPUTE], confirm: "" } } });
  });
});

describe("upgrade", () => {
  it("lets the user waive a rule, and sends the waiver", async () => {
    const rendered = open({ kind: "upgrade", clusterId: SCORING });
    await rendered.user.click(await screen.findByRole("radio", { name: /^1.37.0/ }));
    await rendered.user.click(await screen.findByRole("radio", { name: "Control plane only" }));
    expect(await screen.findByTestId("findings-blocking")).toBeTruthy();
    await rendered.user.click(screen.getByTestId("waive-VER-05"));
    await rendered.user.click(await screen.findByTestId("know-interrupts"));
    await waitFor(() => expect(start().dataset["ready"]).toBe("true"));
    expect(start().textContent).toBe("Upgrade to 1.37.0");
    await rendered.user.click(start());
    await screen.findByTestId("run-page");
    expect(begun(rendered)).toMatchObject({ goal: { change: { version: "1.37.0", nodes: false } }, consents: ["VER-05"] });
  });

  it("offers to upgrade nodes that are behind", async () => {
    const rendered = open({ kind: "upgrade", clusterId: SCORING });
    await rendered.user.click(await screen.findByRole("radio", { name: /^1.35.4, only for the nodes of models/ }));
    expect(screen.queryByRole("radio", { name: "Control plane only" })).toBeNull();
  });
});

describe("tags", () => {
  it("are replaced as a whole, with unique names", async () => {
    const rendered = open({ kind: "tags", clusterId: SCORING });
    const value = await screen.findByTestId("tag-value-0");
    await rendered.user.clear(value);
    await rendered.user.type(value, "me");
    await rendered.user.click(screen.getByRole("button", { name: "Remove cost-centre" }));
    await rendered.user.click(screen.getByTestId("add-tag"));
    const added = screen.getByRole("textbox", { name: "Name of tag 2" });
    await rendered.user.type(added, "Owner");
    expect(await screen.findByText("owner appears more than once.")).toBeTruthy();
    await expectAccessible();
    await rendered.user.clear(added);
    await rendered.user.type(added, "env");
    await planned();
    expect(start().textContent).toBe("Change tags");
    await rendered.user.click(start());
    await screen.findByTestId("run-page");
    expect(begun(rendered)).toMatchObject({ goal: { change: { resourceId: SCORING, tags: { owner: "me", env: "" } } } });
  });
});

describe("serving", () => {
  it("chooses a subnet for the internal address on the classic route", async () => {
    const rendered = open(classic("load_balancer"));
    await rendered.user.click(await screen.findByTestId("choice-network.loadBalancer-internal"));
    await rendered.user.click(screen.getByTestId("field-network.loadBalancer.subnet"));
    await rendered.user.click(await screen.findByTestId("option-network.loadBalancer.subnet-routed"));
    await planned();
    await rendered.user.click(know());
    expect(start().textContent).toBe("Make the scoring address internal");
    await rendered.user.click(start());
    await screen.findByTestId("run-page");
    expect(begun(rendered)).toMatchObject({ goal: { change: { loadBalancer: { kind: "internal", subnet: "routed" } } } });
  });

  it("imports a certificate for the current domain name", async () => {
    const rendered = open(classic("tls"));
    expect((await screen.findByTestId("tls-now")).textContent).toContain("scoring.contoso.com");
    await rendered.user.click(screen.getByRole("radio", { name: "Your own certificate" }));
    expect(screen.getByRole("textbox", { name: /^Domain name/ })).toHaveProperty("value", "scoring.contoso.com");
    await rendered.user.type(screen.getByTestId("certificate-paths"), "/a/all.pem");
    await rendered.user.click(screen.getByTestId("take-certificate"));
    expect(await screen.findByTestId("certificate-checks")).toBeTruthy();
    await planned();
    await rendered.user.click(know());
    expect(start().textContent).toBe("Change TLS");
    await rendered.user.click(start());
    await screen.findByTestId("run-page");
    expect(begun(rendered)).toMatchObject({ goal: { change: { kind: "tls", tls: { kind: "own", cname: "scoring.contoso.com", pair: { id: "own" } } } } });
  });

  it("lists the five steps of a refresh", async () => {
    open(classic("refresh"));
    expect(within(await screen.findByTestId("refresh-steps")).getAllByRole("listitem")).toHaveLength(5);
  });
});

describe("move", () => {
  it("proposes a name that is free", async () => {
    const rendered = open(classic("move"));
    const name = await screen.findByRole("textbox", { name: /^New compute name/ });
    expect(name).toHaveProperty("value", "prod-01-ext");
    await planned();
    expect(start().textContent).toBe("Move to the extension");
    await rendered.user.click(start());
    await screen.findByTestId("run-page");
    expect(begun(rendered)).toMatchObject({ goal: { change: { kind: "move", newCompute: "prod-01-ext", namespace: "default" } } });
  });
});

describe("a failed read", () => {
  it("is shown, and can be retried", async () => {
    const rendered = open(
      { kind: "clean_up", clusterId: clusterId("rg-ml-prod", "batch-eu") },
      {
        start: () => {
          throw failure("blocked_by_preflight", { remedy: "change_plan" });
        },
      },
    );
    await planned();
    expect(within(screen.getByTestId("going")).getAllByRole("listitem")).toHaveLength(3);
    await rendered.user.click(screen.getByRole("button", { name: "Remove 3 objects" }));
    expect(await screen.findByTestId("start-failure")).toBeTruthy();
    await rendered.user.click(screen.getByTestId("cancel-change"));
    expect(await screen.findByTestId("cluster-page")).toBeTruthy();
  });
});
