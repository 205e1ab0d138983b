import { useTranslation } from "react-i18next";
import type { Goal } from "../ipc/generated/Goal";
import type { Note } from "../ipc/generated/Note";
import type { Plan } from "../ipc/generated/Plan";
import type { PlanStep } from "../ipc/generated/PlanStep";
import type { StepKind } from "../ipc/generated/StepKind";
import { nameOf } from "./resources";

/** Plan texts: step titles, and notes on cost, interruptions and undo. */
export function usePlanWords(): { title: (step: PlanStep) => string; note: (note: Note) => string } {
  const { t } = useTranslation();
  return {
    title: ({ kind }) => t(`plan:step.${titleKey(kind)}`, { ...titleValues(kind), defaultValue: kind.kind }),
    note: ({ code, params }) => t(`plan:${code}`, { ...params, defaultValue: code }),
  };
}

/** The title key: the kind, plus what is changed, removed or switched if needed; mirrors `StepKind::title` in Rust. */
function titleKey(kind: StepKind): string {
  if ("what" in kind) {
    return `${kind.kind}.${kind.what}`;
  }
  switch (kind.kind) {
    case "regenerate_key":
      return `${kind.kind}.${kind.key}`;
    case "set_power":
      return `${kind.kind}.${kind.running ? "start" : "stop"}`;
    case "prove":
      return kind.shows.which === "applied" ? kind.kind : `${kind.kind}_${kind.shows.which}`;
    case "deploy_service":
      return `${kind.kind}.${kind.replaces ? "update" : kind.version === null ? "service" : "version"}`;
    case "mark_front_end":
      return `${kind.kind}.${kind.upgrade ? "on" : "off"}`;
    default:
      return kind.kind;
  }
}

/** The values of a title: the members of the kind, and the last part of its resource ID as `name`. */
function titleValues(kind: StepKind): Record<string, string> {
  const texts = Object.entries(kind).filter((entry): entry is [string, string] => typeof entry[1] === "string");
  const values = Object.fromEntries(texts);
  const id = values["resourceId"] ?? values["endpointId"] ?? values["computeId"] ?? values["clusterId"] ?? "";
  const name = nameOf(id);
  // A service without versions is its own only version.
  return { version: name, ...values, name };
}

/** The run kind of a goal: a key in `change:kind`. */
export function kindOf(goal: Goal): string {
  return goal.kind === "change" ? goal.change.kind : goal.kind;
}

/** The name of a run: the cluster of a setup, or the action and target of a change. */
export function useRunTitle(): (plan: Pick<Plan, "goal" | "title">) => string {
  const { t } = useTranslation();
  return ({ goal, title }) => {
    if (goal.kind !== "change") {
      return title;
    }
    const { change } = goal;
    const key = change.kind === "power" ? (change.running ? "powerOn" : "powerOff") : change.kind;
    return t(`change:run.${key}`, { name: title });
  };
}
