import { createRoot } from "react-dom/client";
import { App } from "./app/App";
import { call } from "./ipc/call";
import { setHost } from "./ipc/host";
import { insideWindow, tauriHost } from "./ipc/tauriHost";
import { resolveLanguage, startI18n } from "./shared/i18n";

async function start(): Promise<void> {
  if (insideWindow()) {
    setHost(tauriHost);
  } else if (import.meta.env.DEV) {
    // Only in a browser during development; not part of the build.
    const { fakeHostOfAddress } = await import("./testing/fake/host");
    setHost(fakeHostOfAddress(location.search));
  }
  const language = await call("read_settings", {}).then(
    (settings) => settings.language,
    () => "system", // The page says why once it stands.
  );
  await startI18n(resolveLanguage(language));
  const root = document.getElementById("root");
  if (root !== null) {
    createRoot(root).render(<App />);
  }
}

void start();
