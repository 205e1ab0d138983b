/** Systems and programs that are told to trust a root. */
export type TrustPlace = "windows" | "macos" | "debian" | "fedora" | "python" | "java" | "node";

const quoted = (file: string): string => (/[^\w./:\\-]/.test(file) ? `"${file}"` : file);

/** What makes each of them trust the root in a file. */
export function trustCommands(path: string): readonly { place: TrustPlace; command: string }[] {
  const file = quoted(path);
  return [
    { place: "windows", command: `certutil -addstore Root ${file}` },
    { place: "macos", command: `sudo security add-trusted-cert -d -r trustRoot -k /Library/Keychains/System.keychain ${file}` },
    { place: "debian", command: `sudo cp ${file} /usr/local/share/ca-certificates/berth.crt && sudo update-ca-certificates` },
    { place: "fedora", command: `sudo trust anchor ${file}` },
    { place: "python", command: `REQUESTS_CA_BUNDLE=${file}` },
    { place: "java", command: `keytool -importcert -cacerts -file ${file}` },
    { place: "node", command: `NODE_EXTRA_CA_CERTS=${file}` },
  ];
}
