import { defineConfig } from 'vitest/config'
import solid from 'vite-plugin-solid'
import { sharedTestOptions } from '../../vitest.shared.ts'
import { worldShapes } from './scripts/world-shapes.ts'

// dates and numbers read the same in tests wherever they run
process.env['LC_ALL'] = 'en_US.UTF-8'
process.env['TZ'] = 'UTC'

export default defineConfig({
  plugins: [solid({ hot: false }), worldShapes()],
  define: { __BANGUI_VERSION__: JSON.stringify('0.0.0-test') },
  resolve: { conditions: ['@bangui/source', 'solid', 'module', 'browser', 'development'] },
  test: {
    ...sharedTestOptions,
    name: 'web',
    environment: 'jsdom',
    // each file has a window and modules of its own, in a process that goes on to the next file
    pool: 'vmForks',
    vmMemoryLimit: '400MB',
    setupFiles: [...sharedTestOptions.setupFiles, './src/test-setup.ts'],
    include: ['src/**/*.test.{ts,tsx}', 'scripts/**/*.test.ts'],
    css: { modules: { classNameStrategy: 'non-scoped' } },
  },
})
