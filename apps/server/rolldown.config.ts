import { defineConfig } from 'rolldown'

export default defineConfig({
  input: {
    main: 'src/main.ts',
    'archive-writer-worker': '../../packages/db/src/archive/archive-writer-worker.ts',
    'archive-reader-worker': '../../packages/db/src/archive/archive-reader-worker.ts',
    'daemon-database-worker': '../../packages/fail2ban/src/database/database-worker.ts',
  },
  platform: 'node',
  // native modules; the rest is bundled
  external: ['better-sqlite3', '@node-rs/argon2'],
  resolve: { conditionNames: ['@bangui/source', 'node', 'import', 'default'] },
  output: {
    dir: 'dist',
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: '[name]-[hash].js',
    sourcemap: true,
    // documentation is a third of what is bundled, and would stay in memory
    comments: { legal: true, annotation: false, jsdoc: false },
    cleanDir: true,
  },
})
