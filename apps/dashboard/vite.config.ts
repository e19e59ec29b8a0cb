import { defineConfig } from 'vite';

/** One page for all its URLs, of files that the API serves: nothing is inlined, so that its policy can be strict. */
export default defineConfig({
  root: import.meta.dirname,
  clearScreen: false,
  build: {
    outDir: 'dist/site',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // ECharts is the largest, and comes when a curve is shown.
    chunkSizeWarningLimit: 700,
  },
  server: { proxy: { '/graphql': { target: 'http://127.0.0.1:4000', ws: true } } },
});
