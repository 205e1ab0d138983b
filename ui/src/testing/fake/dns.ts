import type { DnsAnswer } from "../../ipc/generated/DnsAnswer";
import type { DnsProvider } from "../../ipc/generated/DnsProvider";
import type { DnsQuestion } from "../../ipc/generated/DnsQuestion";
import type { DnsSeen } from "../../ipc/generated/DnsSeen";

/** A record in the format of each DNS provider. */
export function textsOf({ record, zone: given }: DnsQuestion): DnsAnswer {
  const { name, kind, value } = record;
  const zone = given ?? name.split(".").slice(-2).join(".");
  const host = name === zone ? "@" : name.replace(new RegExp(`\\.${zone.replaceAll(".", "\\.")}$`), "");
  const type = kind.toLowerCase();
  const texts: [DnsProvider, string][] = [
    ["azure_dns", `az network dns record-set ${type} add-record --resource-group <group> --zone-name ${zone} --record-set-name ${host} --value ${value}`],
    ["azure_private_dns", `az network private-dns record-set ${type} add-record --resource-group <group> --zone-name ${zone} --record-set-name ${host} --value ${value}`],
    ["route53", `aws route53 change-resource-record-sets --hosted-zone-id <zone id> --change-batch '{"Changes":[{"Action":"UPSERT"}]}'`],
    ["google_cloud_dns", `gcloud dns record-sets create ${name}. --zone=<zone> --type=${kind} --ttl=300 --rrdatas=${value}`],
    ["cloudflare", `Type: ${kind}\nName: ${host}\nContent: ${value}\nTTL: 5 min`],
    ["form", `Type: ${kind}\nHost: ${host}\nValue: ${value}\nTTL: 300`],
    ["windows_server", `Add-DnsServerResourceRecord -ZoneName ${zone} -Name ${host} -${kind}`],
    ["zone_file", `${name}. 300 IN ${kind} ${value}`],
  ];
  return { zone, host, texts: texts.filter(([provider]) => kind !== "TXT" || provider !== "azure_private_dns").map(([provider, text]) => ({ provider, text })) };
}

export function seenOf(part: Partial<DnsSeen> = {}): DnsSeen {
  return { agrees: false, values: [], ttlSeconds: null, problem: null, lookedAt: new Date().toISOString(), ...part };
}
