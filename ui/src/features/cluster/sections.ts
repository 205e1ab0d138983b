import type { ComponentType } from "react";
import type { ClusterDetails } from "../../ipc/generated/ClusterDetails";
import { AttachmentsSection } from "./AttachmentsSection";
import { DangerSection } from "./DangerSection";
import { DependentsSection } from "./DependentsSection";
import { DiagnosisSection } from "./DiagnosisSection";
import { KubeconfigSection } from "./KubeconfigSection";
import { LeftoversSection } from "./LeftoversSection";
import { NodesSection } from "./NodesSection";
import { OverviewSection } from "./OverviewSection";

/** A part of the page of a cluster. One that has nothing to say draws nothing. */
interface SectionEntry {
  id: string;
  view: ComponentType<{ details: ClusterDetails }>;
}

/** The parts of the page, in order. What cannot be undone comes last. */
export const SECTIONS: readonly SectionEntry[] = [
  { id: "overview", view: OverviewSection },
  { id: "nodes", view: NodesSection },
  { id: "attachments", view: AttachmentsSection },
  { id: "dependents", view: DependentsSection },
  { id: "leftovers", view: LeftoversSection },
  { id: "diagnosis", view: DiagnosisSection },
  { id: "kubeconfig", view: KubeconfigSection },
  { id: "danger", view: DangerSection },
];
