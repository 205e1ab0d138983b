import type { ReactNode } from "react";
import { Advanced } from "./Advanced";
import { ReplicaFields } from "./ReplicaFields";
import { ResourceFields } from "./ResourceFields";

/** What each replica gets, how many there are, and how the version behaves. */
export default function SizeStep(): ReactNode {
  return (
    <>
      <ResourceFields />
      <ReplicaFields />
      <Advanced />
    </>
  );
}
