import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

export default defineConfig({
  plugins: [svelte()],
  build: {
    outDir: "dist",
    emptyOutDir: true,
    // The system's web view is the only browser; nothing older has to be served.
    target: "es2022",
    modulePreload: { polyfill: false },
    // A style or script inside the page would be blocked by the content security policy.
    assetsInlineLimit: 0,
  },
  server: { port: 5173, strictPort: true },
});
