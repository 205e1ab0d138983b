import type { ReactNode } from "react";
import { TlsChoice } from "../../../shared/tls/TlsChoice";
import { useWizard } from "../wizard/WizardContext";

/** How the scoring address is secured. */
export default function TlsStep(): ReactNode {
  const { spec, update } = useWizard();
  return (
    <TlsChoice
      tls={spec.tls}
      update={(change) => update((before) => ({ ...before, tls: change(before.tls) }))}
      route={spec.route}
      location={spec.place.location}
    />
  );
}
