import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))

// While it is being worked on (`npm run dev -w console`), calls go to a node on its usual port.
const node = 'http://127.0.0.1:8080'

export default defineConfig({
  root: at('.'),
  plugins: [react()],
  css: {
    preprocessorOptions: {
      scss: { loadPaths: [at('../node_modules/@uswds/uswds/packages')], quietDeps: true },
    },
  },
  worker: { format: 'es' },
  build: {
    outDir: at('../dist/console'),
    emptyOutDir: true,
    target: 'es2022',
    // A picture inside a style sheet could not be told from a foreign one.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 900,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        // What pages share is one part: each part more is a request more, whose head alone is half a kilobyte.
        codeSplitting: {
          groups: [
            {
              name: 'shared',
              test: /console\/src\/(?:app|components)\/|console\/src\/api\/(?:client|queries)/,
            },
          ],
        },
        // What several plots share would be named after a file of the library.
        chunkFileNames: ({ moduleIds }) =>
          moduleIds.some((id) => id.includes('/@observablehq/plot/'))
            ? 'assets/plot-[hash].js'
            : 'assets/[name]-[hash].js',
      },
    },
  },
  server: { proxy: Object.fromEntries(['/v1', '/docs', '/openapi.json'].map((path) => [path, node])) },
})
