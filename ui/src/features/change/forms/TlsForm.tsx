import { type ReactNode, useEffect, useRef, useState } from "react";
import { Text } from "@fluentui/react-components";
import { useTranslation } from "react-i18next";
import type { Change } from "../../../ipc/generated/Change";
import type { ComputeDetails } from "../../../ipc/generated/ComputeDetails";
import type { Tls } from "../../../ipc/generated/Tls";
import { routeOf } from "../../../shared/resources";
import { TlsChoice } from "../../../shared/tls/TlsChoice";

interface Props {
  computeId: string;
  /** The default. */
  first: Tls | null;
  compute: ComputeDetails | undefined;
  location: string;
  set: (change: Change | null) => void;
}

/** The new TLS settings, starting from the current domain name. */
export function TlsForm({ computeId, first, compute, location, set }: Props): ReactNode {
  const { t } = useTranslation();
  const [tls, setTls] = useState<Tls | null>(first);
  const latest = useRef(set);
  useEffect(() => {
    latest.current = set;
  }, [set]);
  useEffect(() => {
    latest.current(tls === null ? null : { kind: "tls", computeId, tls });
  }, [tls, computeId]);
  const now = compute?.tls ?? "off";
  const secured = t(`clusters:tls.${now}`, { defaultValue: now });
  const former = compute?.tls === "own" ? (compute.name ?? "") : "";
  const update = (change: (before: Tls | null) => Tls | null): void => setTls((before) => withFormerName(change(before), before, former));
  return (
    <>
      <Text data-testid="tls-now">{t("change:tlsNow", { tls: former === "" ? secured : `${secured} · ${former}` })}</Text>
      <TlsChoice tls={tls} update={update} route={compute === undefined ? "extension" : routeOf(compute.compute)} location={location} />
    </>
  );
}

/** A newly selected kind starts with the current domain name. */
function withFormerName(tls: Tls | null, before: Tls | null, former: string): Tls | null {
  return before === null && tls !== null && "cname" in tls && tls.cname === "" ? { ...tls, cname: former } : tls;
}
