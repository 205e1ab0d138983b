import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [react()],
  clearScreen: false,
  server: { host: "127.0.0.1", port: 5173, strictPort: true },
  build: {
    target: "safari16",
    outDir: "dist",
    emptyOutDir: true,
    chunkSizeWarningLimit: 1200,
    // The web view loads from disk: one request more costs nothing, an inlined script would break the strict CSP.
    modulePreload: { polyfill: false },
  },
  test: {
    environment: "jsdom",
    setupFiles: ["src/testing/setup.ts"],
    restoreMocks: true,
    testTimeout: 40_000,
    // Loading Fluent takes longer than most files need for their tests; src/testing/setup.ts puts back what they share.
    isolate: false,
    // By default one core is left idle, which on two cores is half of the machine.
    maxWorkers: "100%",
  },
});
