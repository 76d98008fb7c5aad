import { defineConfig, type Plugin } from 'rolldown'

/** One character above U+00FF makes V8 keep the whole source of a file in two bytes a character. */
const asciiOnly: Plugin = {
  name: 'ascii-only',
  generateBundle(_, bundle) {
    for (const chunk of Object.values(bundle))
      if (chunk.type === 'chunk') chunk.code = chunk.code.replace(/[^\0-\x7f]/g, escape)
  },
}

const escape = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`

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
  plugins: [asciiOnly],
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
