import type { Commands } from "../../ipc/generated/commands";
import type { Goal } from "../../ipc/generated/Goal";
import type { GoalOn } from "../../ipc/generated/GoalOn";
import type { Review } from "../../ipc/generated/Review";
import type { RunRef } from "../../ipc/generated/RunRef";
import type { RunSnapshot } from "../../ipc/generated/RunSnapshot";
import type { RunSummary } from "../../ipc/generated/RunSummary";
import type { FileDrop, Host, Stop } from "../../ipc/host";
import { type Answers, failure, refuse } from "./answers";
import { certificateAnswers } from "./certificateAnswers";
import { inventoryOf } from "./certificates";
import { accessOf, detailsOf } from "./details";
import { deployAnswers, deployDraft } from "./deploy";
import { diagnose } from "./diagnosis";
import { endpointAnswers, endpointsAt } from "./endpoints";
import { checkSpec } from "./findings";
import { planOfGoal } from "./goal";
import { networks, place } from "./place";
import { differencesOf, reviewOf, unreadWorkspace } from "./review";
import { snapshotOf } from "./run";
import { SUBSCRIPTION, accounts, sessionOf } from "./session";
import { sizes, suggest } from "./sizes";
import { versions } from "./versions";
import { complete, draft, run, runs } from "./work";

export { type Answers, failure };

/** A host without a backend, for component tests and for viewing pages in a browser. */
export interface FakeHost extends Host {
  /** Commands in call order. */
  calls: { command: keyof Commands; args: unknown }[];
  /** The goal of each review, by review ID. */
  goals: Map<string, GoalOn>;
  /** Announces a change of a run. */
  announceRun: (run: RunRef) => void;
  /** Drops files on the window. */
  dropFiles: (event: FileDrop) => void;
}

export function fakeHost(replaced: Partial<Answers> = {}): FakeHost {
  const goals: FakeHost["goals"] = new Map();
  const answers: Answers = { ...defaultAnswers(goals), ...replaced };
  const runListeners = new Set<(run: RunRef) => void>();
  const fileListeners = new Set<(event: FileDrop) => void>();
  const calls: FakeHost["calls"] = [];
  return {
    calls,
    goals,
    async invoke(command, args) {
      calls.push({ command, args: structuredClone(args) });
      const answer = structuredClone(await answers[command](args));
      if (command === "review") {
        goals.set((answer as Review).id, args as GoalOn);
      }
      return answer;
    },
    onRunChanged: (listener) => listen(runListeners, listener),
    onFiles: (listener) => listen(fileListeners, listener),
    announceRun: (run) => runListeners.forEach((listener) => listener(run)),
    dropFiles: (event) => fileListeners.forEach((listener) => listener(event)),
  };
}

function listen<T>(listeners: Set<T>, listener: T): Stop {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** The default answers. `goals` are those of the reviews, each of which can be started once. */
function defaultAnswers(goals: ReadonlyMap<string, GoalOn>): Answers {
  let settings: Commands["read_settings"][1] = { language: "en", theme: "light", reminders: true };
  let kept: Commands["read_draft"][1] = null;
  const known = [...accounts];
  const started: RunSnapshot[] = [];
  const spent = new Set<string>();
  const begin = (goal: Goal, account: string): RunSummary => {
    const begun = snapshotOf(run(`r${started.length + 5}`, planOfGoal(goal).title, { account, startedAt: new Date().toISOString() }), goal);
    started.unshift(begun);
    return begun.summary;
  };
  return {
    app_info: () => ({ version: "0.1.0", keychain: true, keychainProblem: null, startAccount: null, kubeconfig: "/home/me/.kube/config" }),
    read_settings: () => settings,
    write_settings: (next) => {
      settings = next;
      return {};
    },
    list_accounts: () => known,
    add_service_principal: ({ label, tenantId }) => {
      const added = { id: label, kind: "service_principal", label, cloud: "AzureCloud", tenantId } as const;
      known.push(added);
      return added;
    },
    remove_account: ({ account }) => {
      known.splice(known.findIndex((candidate) => candidate.id === account), 1);
      return {};
    },
    sign_in: ({ account }) => sessionOf(known.find((candidate) => candidate.id === account) ?? refuse(account)()),
    list_place: ({ subscriptionId }) => (subscriptionId === SUBSCRIPTION ? place : { ...place, workspaces: [], resourceGroups: [], clusters: [], computes: [] }),
    list_versions: () => versions,
    list_sizes: () => sizes,
    suggest_sizes: ({ spec }) => suggest(spec),
    list_networks: ({ location }) => networks(location),
    check_spec: ({ spec }) => ({ findings: checkSpec(spec) }),
    ...certificateAnswers(begin),
    ...endpointAnswers(),
    ...deployAnswers(),
    review: ({ goal }) => reviewOf(goal),
    start: ({ review }) => {
      const { goal, account } = goals.get(spent.has(review) ? "" : review) ?? refuse("review")();
      spent.add(review);
      return { kind: "running", run: begin(goal, account) };
    },
    get_cluster_details: ({ resourceId }) => detailsOf(resourceId) ?? refuse(resourceId)(),
    check_access: ({ workspaceId, clusterId }) => accessOf(workspaceId, clusterId),
    list_runs: () => started.map(({ summary }) => summary),
    get_run: ({ run: id }) => {
      const known = runs.find((candidate) => candidate.id === id);
      return started.find(({ summary }) => summary.id === id) ?? (known === undefined ? refuse("run")() : snapshotOf(known));
    },
    cancel_run: refuse("run"),
    resume_run: refuse("run"),
    decide_canary: refuse("run"),
    prove_again: refuse("run"),
    diagnose: ({ resourceId }) => diagnose(resourceId),
    choose_kubeconfig_file: () => ({ id: "f-1", name: "team.yaml" }),
    save_kubeconfig: ({ clusterId, file, merge, admin }) => ({
      outcome: "saved",
      path: file === null ? "/home/me/.kube/config" : "/home/me/team.yaml",
      context: `${clusterId.split("/").at(-1) ?? ""}${admin ? "-admin" : ""}`,
      execCommand: null,
      merged: merge,
      replaced: false,
      replacedContexts: [],
      backup: null,
      tightened: false,
    }),
    read_draft: () => kept,
    write_draft: (next) => {
      kept = { ...next, savedAt: "2026-11-21T09:00:00Z" };
      return {};
    },
    drop_draft: () => {
      kept = null;
      return {};
    },
  };
}

const CREATED: Goal = { kind: "set_up", spec: complete };

const unreadIn = (goal: Goal): Review => reviewOf(goal, { findings: [unreadWorkspace("ml-trial-old"), ...reviewOf(goal).findings] });

/** A workspace that cannot be read, and a plan that differs at each start. */
function changing(): Pick<Answers, "review" | "start"> {
  let goal: Goal | undefined;
  return {
    review: (asked) => {
      goal = asked.goal;
      return unreadIn(goal);
    },
    start: () => (goal === undefined ? refuse("review")() : { kind: "changed", differences: differencesOf(goal), review: unreadIn(goal) }),
  };
}

const AGO = new Date(Date.now() - 2 * 3_600_000).toISOString();

const SEEN: Partial<Answers> = { last_inventory: ({ subscriptionId }) => inventoryOf(subscriptionId, AGO), last_endpoints: () => endpointsAt(AGO) };

const unreachable = (): never => {
  throw failure("unreachable", { params: { host: "management.azure.com" } });
};

const OFFLINE: Partial<Answers> = { read_inventory: unreachable, read_endpoints: unreachable, get_endpoint: unreachable };

/**
 * The host for a plain browser, configured by the URL: `?fake=1&lang=sv&theme=dark&account=sandbox&draft=size&deploy=size&runs=1&seen=1&offline=1&changed=1&asks=1`.
 * `draft` and `deploy` are the steps of the saved drafts, `seen` adds what was read two hours ago, with `offline` nothing can be read
 * again, with `changed` something is unread and every plan differs from its review, and with `asks` a resumed run asks
 * for consent.
 */
export function fakeHostOfAddress(address: string): FakeHost {
  const asked = new URLSearchParams(address);
  const settings = { language: asked.get("lang") ?? "en", theme: asked.get("theme") ?? "light", reminders: true };
  const step = asked.get("draft");
  const deploying = asked.get("deploy");
  return fakeHost({
    app_info: () => ({
      version: "0.1.0",
      keychain: asked.get("keychain") !== "0",
      keychainProblem: asked.get("keychain") === "0" ? "org.freedesktop.secrets was not provided" : null,
      startAccount: asked.get("account"),
      kubeconfig: "/home/me/.kube/config",
    }),
    read_settings: () => settings,
    write_settings: (next) => Object.assign(settings, next) && {},
    ...(step === null ? {} : { read_draft: () => draft(step) }),
    ...(deploying === null ? {} : { read_deploy_draft: () => deployDraft(deploying) }),
    ...(asked.get("runs") === null ? {} : { list_runs: () => runs }),
    ...(asked.get("seen") === null ? {} : SEEN),
    ...(asked.get("offline") === null ? {} : OFFLINE),
    ...(asked.get("changed") === null ? {} : changing()),
    ...(asked.get("asks") === null ? {} : { resume_run: () => ({ kind: "asks", findings: unreadIn(CREATED).findings }) }),
  });
}
